import { type EndpointService, type VpcEndpoint } from "./aws-network";
import { fail, type Fault, failOnAny, listed, type Verdict } from "./check";
import { judgeQuota, quotas } from "./quotas";
import { type ExistingNetwork, type PreflightRequest } from "./request";

/** Ids of the endpoints that this deployment has made. */
export const ownEndpoints = ({ tag }: ExistingNetwork, endpoints: readonly VpcEndpoint[]): readonly string[] =>
  endpoints.filter(({ tags }) => tags[tag] !== undefined).map(({ id }) => id);

/** Whether the endpoints to make fit into the quota of the VPC, with those of others there. */
export function judgeEndpointQuota(existing: ExistingNetwork, region: string, endpoints: readonly VpcEndpoint[], limit: number): Verdict {
  const own = ownEndpoints(existing, endpoints);
  const counted = endpoints.filter(({ id, type }) => ["Interface", "GatewayLoadBalancer"].includes(type) && !own.includes(id));
  return judgeQuota(quotas.endpoints, region, { need: existing.endpoints, used: counted.length, limit });
}

/** Whether endpoints can lead to a service. Its zones go by the names that this account has for them. */
export function judgeEndpointService(
  { name, zones }: NonNullable<PreflightRequest["endpointService"]>,
  region: string,
  service: EndpointService | undefined,
): Verdict {
  if (service === undefined) {
    return fail(
      `${region} has no endpoint service ${name} that this account may use`,
      "see that the name is right, and have the service's owner allow this account: endpointService.allowedPrincipals of a hub",
    );
  }
  const { types, acceptance, owner } = service;
  const missing = zones.filter((zone) => !service.zones.includes(zone));
  const faults: readonly Fault[] = [
    ...(types.includes("GatewayLoadBalancer")
      ? []
      : [{ detail: `${name} takes endpoints of type ${listed(types)}`, fix: "name the service of a Gateway Load Balancer" }]),
    ...(missing.length === 0
      ? []
      : [
          {
            detail: `${name} is not in ${listed(missing)}`,
            fix: `choose zones among ${listed(service.zones)}, or have the service's owner add these`,
          },
        ]),
  ];
  return failOnAny(faults, `${name} is in each zone${acceptance ? `, and account ${owner} must accept each endpoint` : ""}`);
}
