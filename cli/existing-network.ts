import { type Deployment } from "../config/deployment";
import { type Layout } from "../config/layout";
import { clusterTag } from "../config/terraform";
import { type Tier, tiers } from "../modules/addressing";
import { planSubnets } from "../modules/network/schema";
import { steeredTables } from "../modules/steering/schema";
import { type ExistingNetwork } from "./preflight";

/** The VPC that exists in which a deployment stands, what it names there, and what it makes there. Undefined where it makes its VPC. */
export function existingNetwork(name: string, deployment: Deployment, layout: Layout): ExistingNetwork | undefined {
  const { existing } = deployment.network;
  if (existing === undefined) return undefined;
  const { id, cidr, secondaryCidrs, taken, internetGateway } = existing;
  return {
    vpc: id,
    ranges: [cidr, ...Object.values(secondaryCidrs)],
    taken,
    tag: clusterTag(name),
    plannedSubnets: plannedSubnets(deployment, layout),
    subnets: namedSubnets(deployment, layout),
    internetGateway: internetGateway?.existing ?? (internetGateway?.create && "make"),
    natGateways: ("nat" in deployment && deployment.nat.existing?.gateways) || {},
    routeTables: tablesToAskAbout(deployment),
    securityGroups: securityGroupsOf(deployment),
    endpoints: endpointsOf(deployment, layout),
    ...(deployment.template === "app-connectors" && deployment.appConnectors.dns === undefined ? { looksUpApplications: true } : {}),
  };
}

/** Interface endpoints, one a service, and Gateway Load Balancer endpoints, one a zone. */
function endpointsOf(deployment: Deployment, { tiers }: Layout): number {
  const services = "privateEndpoints" in deployment ? deployment.privateEndpoints.filter((service) => service !== "s3") : [];
  const shared = "endpointTier" in deployment && deployment.endpointTier === "shared" ? (tiers.connector ?? []) : [];
  return services.length + (tiers.endpoint ?? shared).length;
}

/** The subnets that are made, as `Network` plans them. */
function plannedSubnets({ network, subnets }: Deployment, { zones, tiers: wanted, addresses }: Layout): ExistingNetwork["plannedSubnets"] {
  const keys = Object.keys(zones);
  const result = planSubnets({ vpc: network, subnets, zones: keys, tiers: wanted, addresses });
  if (!("plan" in result)) throw new Error("a deployment whose subnets do not fit was loaded");
  const { plan } = result;
  return keys.flatMap((zone) =>
    tiers.flatMap((tier) => {
      const subnet = plan.subnets[zone]?.[tier];
      return subnet ? [{ tier, zone, range: subnet.range, origin: subnet.origin }] : [];
    }),
  );
}

function namedSubnets(deployment: Deployment, { addresses }: Layout): ExistingNetwork["subnets"] {
  const hasTestHosts = "testHosts" in deployment && deployment.testHosts !== undefined;
  const needed: Layout["addresses"] = { workload: hasTestHosts ? 1 : 0, ...addresses };
  return Object.entries(deployment.subnets.existing).flatMap(([zone, byTier]) =>
    (Object.entries(byTier) as [Tier, string][]).map(([tier, id]) => ({ id, tier, zone, addresses: needed[tier] ?? 0 })),
  );
}

function tablesToAskAbout(deployment: Deployment): ExistingNetwork["routeTables"] {
  if (!("steering" in deployment)) return [];
  return steeredTables(deployment.steering).flatMap(({ id, zone, name, defaultRoute }) =>
    defaultRoute === "forget" ? [] : [{ id, zone, name, defaultRoute }],
  );
}

function securityGroupsOf(deployment: Deployment): readonly string[] {
  const connectors = "connectors" in deployment ? deployment.connectors : undefined;
  const zpa = "zpa" in deployment && typeof deployment.zpa === "object" ? deployment.zpa : undefined;
  const appConnectors = "appConnectors" in deployment ? deployment.appConnectors : undefined;
  const { service, management } = connectors?.securityGroups.existing ?? {};
  const named = [
    appConnectors?.securityGroup.existing?.id,
    service,
    management,
    ...(connectors?.managementSecurityGroups ?? []),
    zpa?.endpoint.create?.securityGroup.existing?.id,
  ];
  return [...new Set(named.filter((id) => id !== undefined))];
}
