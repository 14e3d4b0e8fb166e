export { existingSecurityGroup } from "./existing-security-group";
export { anywhere, type Peer, type SecurityRule } from "./rules";
export { RuledSecurityGroup, type RuledSecurityGroupProps } from "./ruled-security-group";
