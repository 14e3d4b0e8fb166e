export { awsName, type NameKind } from "./names";
