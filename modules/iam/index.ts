export { jsonDocument, policyDocument, type Statement } from "./policy-document";
export { partitionOf } from "./partition";
export { ServiceRole, type ServiceRoleProps } from "./role";
export { type RoleSettings } from "./schema";
