import { type Deployment } from "../../config/deployment";
import { type GwlbDeployment } from "../../config/gwlb";
import { type Json } from "../syntax/json";

/** A hub that is in the same file as its spoke. */
export interface Hub {
  readonly name: string;
  readonly deployment: GwlbDeployment;
}

/** What a caller must say of a hub, and an example of it, by the name of the variable. */
export type FromHub = Readonly<Record<string, Json>>;

const exampleService = (region: string): string => `com.amazonaws.vpce.${region}.vpce-svc-0123456789abcdef0`;
const exampleRule = "rslvr-rr-0123456789abcdef0";

/**
 * A deployment that names what it has from its hub, which a module cannot read from a state, and the variables that are left to whoever calls the module.
 */
export function withoutHub(deployment: Deployment, hub: Hub | undefined): { readonly deployment: Deployment; readonly fromHub: FromHub } {
  if (deployment.template !== "spoke" || hub === undefined) return { deployment, fromHub: {} };
  const name = exampleService(deployment.region);
  const { systemDomains = {}, domains = {}, existingRules = {} } = hub.deployment.zpa ?? {};
  const rules = Object.keys({ ...domains, ...systemDomains, ...existingRules });
  const resolverRules = deployment.zpa ? Object.fromEntries(rules.map((rule) => [rule, exampleRule])) : {};
  return {
    deployment: { ...deployment, endpointService: { name }, resolverRules },
    fromHub: { endpoint_service_name: name, ...(deployment.zpa ? { resolver_rules: resolverRules } : {}) },
  };
}
