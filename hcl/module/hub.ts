import { type Deployment } from "../../config/deployment";
import { standingIn } from "../../config/shared-vpc";
import { zonesOf } from "../../config/zones";
import { type GwlbDeployment } from "../../config/gwlb";
import { type SpokeDeployment } from "../../config/spoke";
import { type Nat } from "../../modules/network/schema";
import { type Json } from "../syntax/json";

/** What a deployment needs of its file: the hub of a spoke, or that in whose VPC App Connectors stand. */
export interface Hub {
  readonly name: string;
  readonly deployment: Deployment;
}

/** What a caller must say of a hub, and an example of it, by the name of the variable. */
export type FromHub = Readonly<Record<string, Json>>;

const exampleService = (region: string): string => `com.amazonaws.vpce.${region}.vpce-svc-0123456789abcdef0`;
const exampleRule = "rslvr-rr-0123456789abcdef0";

const exampleIds = { vpc: "vpc-0123456789abcdef0", natGateway: () => "nat-0123456789abcdef0" };

/**
 * A deployment that names what it has from its hub, which a module cannot read from a state, and the variables that are left to whoever calls the module.
 */
export function withoutHub(deployment: Deployment, hub: Hub | undefined): { readonly deployment: Deployment; readonly fromHub: FromHub } {
  if (deployment.template === "spoke" && hub?.deployment.template === "gwlb") return spokeWithoutHub(deployment, hub.deployment);
  if (deployment.template === "app-connectors" && hub && hub.deployment.template !== "app-connectors") {
    const zones = Object.keys(zonesOf(deployment.region, deployment.zones));
    const standing = standingIn(deployment, zones, hub.deployment, exampleIds) as Deployment & { readonly nat: Nat };
    const gateways = standing.nat.existing?.gateways;
    return { deployment: standing, fromHub: { network_id: exampleIds.vpc, ...(gateways ? { nat_gateways: gateways } : {}) } };
  }
  return { deployment, fromHub: {} };
}

function spokeWithoutHub(deployment: SpokeDeployment, { zpa }: GwlbDeployment): ReturnType<typeof withoutHub> {
  const name = exampleService(deployment.region);
  const { systemDomains = {}, domains = {}, existingRules = {} } = zpa ?? {};
  const rules = Object.keys({ ...domains, ...systemDomains, ...existingRules });
  const resolverRules = deployment.zpa ? Object.fromEntries(rules.map((rule) => [rule, exampleRule])) : {};
  return {
    deployment: { ...(deployment as Extract<Deployment, { readonly template: "spoke" }>), endpointService: { name }, resolverRules },
    fromHub: { endpoint_service_name: name, ...(deployment.zpa ? { resolver_rules: resolverRules } : {}) },
  };
}
