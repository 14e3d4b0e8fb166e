export { GatewayEndpoints, type GatewayEndpointsProps, type ZoneCheck } from "./gateway-endpoints";
export { type BalancerTargets, GatewayLoadBalancer, type GatewayLoadBalancerProps } from "./gateway-load-balancer";
