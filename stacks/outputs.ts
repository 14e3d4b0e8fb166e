import { type GwlbDeployment } from "../config/gwlb";
import { type AppConnectors } from "../modules/app-connector";
import { type CloudConnectors } from "../modules/cloud-connector";
import { type ScaledConnectors } from "../modules/fleet-lifecycle";
import { type GatewayEndpoints, type GatewayLoadBalancer } from "../modules/gateway-load-balancer";
import { type Network, type TierSubnet } from "../modules/network";
import { type RouteFailover } from "../modules/route-failover";
import { type Steering } from "../modules/steering";
import { type TestHosts } from "../modules/test-hosts";
import { type ZpaDns } from "../modules/zpa-dns";
import { type Output } from "./zscaler-stack";

const byKey = <Item, Value>(items: Readonly<Record<string, Item>>, value: (item: Item) => Value): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(items).map(([key, item]) => [key, value(item)]));

const shownTiers = ["public", "connector", "management", "workload", "resolver", "endpoint"] as const;

const tierOutputs = (tier: string, subnets: Readonly<Record<string, TierSubnet>>): Readonly<Record<string, Output>> => {
  const routed = Object.entries(subnets).flatMap(([zone, { routeTableId }]) => (routeTableId ? [[zone, routeTableId] as const] : []));
  return {
    ...(Object.keys(subnets).length === 0
      ? {}
      : {
          [`${tier}_subnet_ids`]: { value: byKey(subnets, ({ subnetId }) => subnetId), description: `Ids of the ${tier} subnets, by zone` },
        }),
    ...(routed.length === 0
      ? {}
      : { [`${tier}_route_table_ids`]: { value: Object.fromEntries(routed), description: `Ids of the ${tier} route tables, by zone` } }),
  };
};

/** The VPC, its subnets and route tables, and the addresses from which it reaches the internet. */
export const networkOutputs = (network: Network): Readonly<Record<string, Output>> => ({
  vpc_id: { value: network.vpcId, description: "Id of the VPC" },
  vpc_ranges: { value: network.ranges, description: "Ranges of the VPC, by name" },
  ...Object.fromEntries(shownTiers.flatMap((tier) => Object.entries(tierOutputs(tier, network.tier(tier))))),
  nat_gateway_ids: { value: byKey(network.natGateways.all, ({ id }) => id), description: "Ids of the NAT gateways, by zone" },
  nat_gateway_addresses: {
    value: byKey(network.natGateways.all, ({ publicIp }) => publicIp),
    description: "Public addresses of the NAT gateways, by zone",
  },
});

/** What the default routes that were taken over led to before. */
export const steeringOutputs = ({ formerTargets }: Steering): Readonly<Record<string, Output>> =>
  Object.keys(formerTargets).length === 0
    ? {}
    : {
        former_route_targets: {
          value: formerTargets,
          description: "What default routes led to before they were taken over, by zone and name; empty where there was none",
        },
      };

/** What others need to let connectors in. */
const sharedOutputs = (
  connectors: Pick<CloudConnectors, "serviceSecurityGroupId" | "managementSecurityGroupId" | "role">,
): Readonly<Record<string, Output>> => ({
  service_security_group_id: {
    value: connectors.serviceSecurityGroupId,
    description: "Id of the security group of the service interfaces",
  },
  management_security_group_id: {
    value: connectors.managementSecurityGroupId,
    description: "Id of the security group of the management interfaces",
  },
  ...(connectors.role === undefined
    ? {}
    : { connector_role_arn: { value: connectors.role.role.arn, description: "ARN of the role of the connectors" } }),
});

/** The connectors, and what others need to let them in. */
export const connectorOutputs = (connectors: CloudConnectors): Readonly<Record<string, Output>> => ({
  connectors: {
    value: byKey(connectors.connectors, ({ zone, instance, serviceInterface, managementInterface, healthProbeUrl }) => ({
      zone,
      instance_id: instance.id,
      service_interface_id: serviceInterface.id,
      service_address: serviceInterface.privateIp,
      management_interface_id: managementInterface.id,
      management_address: managementInterface.privateIp,
      health_probe_url: healthProbeUrl,
    })),
    description: "The Cloud Connectors, by zone and number",
  },
  ...sharedOutputs(connectors),
});

/** The Gateway Load Balancer endpoints, to lead further routes to them. */
export const endpointOutputs = ({ endpoints }: GatewayEndpoints): Readonly<Record<string, Output>> => ({
  endpoint_ids: { value: byKey(endpoints, ({ id }) => id), description: "Ids of the Gateway Load Balancer endpoints, by zone" },
});

/** How endpoints of this VPC and of others reach the connectors, and how soon a connector is found dead. */
export const balancerOutputs = (
  balancer: GatewayLoadBalancer,
  endpoints: GatewayEndpoints,
  { healthCheck }: Pick<GwlbDeployment["balancer"], "healthCheck">,
): Readonly<Record<string, Output>> => ({
  endpoint_service_name: {
    value: balancer.serviceName,
    description: "Name of the endpoint service, for endpoints in other VPCs and accounts",
  },
  endpoint_service_zone_ids: {
    value: Object.values(balancer.zoneIds),
    description: "Ids of the zones in which endpoints can be made, the same in every account",
  },
  ...endpointOutputs(endpoints),
  target_group_arn: { value: balancer.targetGroup.arn, description: "ARN of the target group of the connectors" },
  failure_detection_seconds: {
    value: balancer.detectionSeconds,
    description: `Seconds in which the balancer finds a connector dead: ${healthCheck.unhealthyThreshold} health checks, ${healthCheck.intervalSeconds} s apart`,
  },
});

/** The Auto Scaling groups, what looks after them, and how they are upgraded. */
export const fleetOutputs = (connectors: ScaledConnectors): Readonly<Record<string, Output>> => ({
  auto_scaling_group_names: { value: byKey(connectors.groups, ({ name }) => name), description: "Names of the Auto Scaling groups" },
  instance_refresh_commands: {
    value: connectors.refreshCommands,
    description: "Commands that replace the connectors of a group one by one, by what its launch template now says",
  },
  ...sharedOutputs(connectors),
  fleet_function_name: {
    value: connectors.fleet.function.functionName,
    description: "Name of the function that looks after the connectors",
  },
  fleet_log_group: { value: connectors.fleet.logGroup.name, description: "Log group of the function: a line for each decision" },
  alarm_topic_arn: { value: connectors.fleet.alarmTopicArn, description: "ARN of the SNS topic that gets the alarms" },
});

/** The App Connectors, what looks after them, and what is done on them in operation. */
export const appConnectorOutputs = (appConnectors: AppConnectors): Readonly<Record<string, Output>> => ({
  ...(appConnectors.group === undefined
    ? {
        app_connectors: {
          value: byKey(appConnectors.appConnectors, ({ zone, instance, networkInterface }) => ({
            zone,
            instance_id: instance.id,
            address: networkInterface.privateIp,
          })),
          description: "The App Connectors, by zone and number",
        },
      }
    : {
        auto_scaling_group_name: { value: appConnectors.group.name, description: "Name of the Auto Scaling group" },
        instance_refresh_command: {
          value: appConnectors.refreshCommand,
          description: "Command that replaces the App Connectors one by one, by what the launch template now says",
        },
      }),
  security_group_id: { value: appConnectors.securityGroupId, description: "Id of the security group of the App Connectors" },
  ...(appConnectors.role === undefined
    ? {}
    : { app_connector_role_arn: { value: appConnectors.role.role.arn, description: "ARN of the role of the App Connectors" } }),
  ...(appConnectors.appConnectorGroup === undefined
    ? {}
    : { app_connector_group_id: { value: appConnectors.appConnectorGroup.id, description: "Id of the App Connector group in ZPA" } }),
  operation_commands: {
    value: appConnectors.operations.commands,
    description: "Commands that do something on all App Connectors, by procedure",
  },
  upkeep_function_name: {
    value: appConnectors.function.function.functionName,
    description: "Name of the function that looks after the App Connectors",
  },
  upkeep_log_group: { value: appConnectors.function.logGroup.name, description: "Log group of the function: a line for each decision" },
  alarm_topic_arn: { value: appConnectors.alarmTopicArn, description: "ARN of the SNS topic that gets the alarms" },
});

/** The hosts to log in to. */
export const testHostOutputs = (testHosts: TestHosts): Readonly<Record<string, Output>> => ({
  test_host_ids: {
    value: byKey(testHosts.hosts, ({ id }) => id),
    description: "Instance ids of the test hosts, by zone: aws ssm start-session --target <id>",
  },
  ...(testHosts.bastion === undefined
    ? {}
    : { bastion_address: { value: testHosts.bastion.publicIp, description: "Public address of the bastion" } }),
});

/** What resolves the names of ZPA applications. */
export const zpaOutputs = (zpaDns: ZpaDns): Readonly<Record<string, Output>> => ({
  resolver_endpoint_id: { value: zpaDns.endpointId, description: "Id of the outbound resolver endpoint" },
  resolver_rule_ids: {
    value: zpaDns.ruleIds,
    description: "Ids of the resolver rules, by name, to share them or to associate them with further VPCs",
  },
});

/** What moves routes, and where it tells of it. */
export const failoverOutputs = (failover: RouteFailover): Readonly<Record<string, Output>> => ({
  failover_function_name: { value: failover.function.functionName, description: "Name of the function that moves routes" },
  failover_log_group: { value: failover.logGroup.name, description: "Log group of the function: a line for each decision" },
  alarm_topic_arn: { value: failover.alarmTopicArn, description: "ARN of the SNS topic that gets the alarms" },
});
