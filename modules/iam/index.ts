export { jsonDocument, policyDocument, type Statement } from "./policy-document";
export { callerIdentityOf, composedArn, partitionOf } from "./lookups";
export { ServiceRole, type ServiceRoleProps } from "./role";
export { type RoleSettings } from "./schema";
export { existingKeyArn, existingSecret, parameterArn, secretArn } from "./secrets";
