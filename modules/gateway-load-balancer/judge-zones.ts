import { isLocal } from "../network/schema";
import { type Finding } from "../validation/schema";

/** What is wrong with the zones in which a balancer or its endpoints are to stand, by prop. */
export function judgeZones(
  subnets: readonly string[],
  names: { readonly at: readonly string[]; readonly zones: readonly string[] },
): readonly (Finding & { readonly at: readonly string[] })[] {
  if (subnets.length === 0) return [{ at: ["subnetIds"], problem: "no subnet is given", fix: "give one in each zone" }];
  return subnets.flatMap((zone) => {
    if (isLocal(zone)) {
      // Elastic Load Balancing, "Gateway Load Balancers"; AWS PrivateLink, "Gateway Load Balancer endpoints".
      const problem = `${zone} is a Local Zone, which has no Gateway Load Balancer and no endpoint of one`;
      return [{ at: ["subnetIds", zone], problem, fix: "leave it out: the endpoint of another zone serves it" }];
    }
    if (names.zones.includes(zone)) return [];
    return [{ at: names.at, problem: `zone ${zone} has a subnet and no name`, fix: "give the name that this account has for it" }];
  });
}
