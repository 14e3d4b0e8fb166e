export { type TierSubnet } from "./tier-subnet";
export { Network, type NetworkProps } from "./network";
export { type NatGateways } from "./nat-gateways";
export { type PrivateEndpoints } from "./private-endpoints";
export { type NetworkSettings } from "./schema";
