import { present } from "../../modules/validation/schema";
import { type Offering, type ZoneState } from "./aws";
import { failOnAny, type Fault, listed, type Verdict } from "./check";
import { type InstanceNeed, type PreflightRequest } from "./request";

/** Whether a zone is given by its id, such as usw2-az1. */
const isId = (zone: string): boolean => /^[a-z]+\d-az\d+$/.test(zone);

/** Whether any zone is given by its id. */
export const hasZoneIds = ({ zones }: PreflightRequest): boolean => Object.values(zones).some(isId);

/** The request with names in place of the zones' ids. An id that no zone has stays. */
export function withZoneNames(request: PreflightRequest, known: readonly ZoneState[]): PreflightRequest {
  const nameOf = (zone: string): string => known.find(({ id }) => id === zone)?.name ?? zone;
  const { zones, instances, natGatewayZones, endpointService } = request;
  return {
    ...request,
    zones: Object.fromEntries(Object.entries(zones).map(([key, zone]) => [key, nameOf(zone)])),
    instances: instances.map((need) => ({ ...need, zones: need.zones.map(nameOf) })),
    ...present({
      natGatewayZones: natGatewayZones?.map(nameOf),
      endpointService: endpointService && { ...endpointService, zones: endpointService.zones.map(nameOf) },
    }),
  };
}

/** Whether each zone exists, is opted in to and takes new things. */
export function judgeZones(region: string, wanted: readonly string[], known: readonly ZoneState[]): Verdict {
  const usable = known.filter(({ state, optedIn }) => state === "available" && optedIn).map(({ name }) => name);
  const choose = `choose among ${listed(usable)}`;
  const faults = wanted.flatMap((name): readonly Fault[] => {
    const zone = known.find((candidate) => candidate.name === name);
    if (zone === undefined) return [{ detail: `${region} has no zone ${name} for this account`, fix: choose }];
    if (!zone.optedIn) {
      return [
        {
          detail: `the account has not opted in to ${name}`,
          fix: `aws ec2 modify-availability-zone-group --region ${region} --group-name ${zone.group} --opt-in-status opted-in`,
        },
      ];
    }
    return zone.state === "available" ? [] : [{ detail: `${name} is ${zone.state}`, fix: choose }];
  });
  return failOnAny(faults, `${listed(wanted)} ${wanted.length === 1 ? "is" : "are"} available`);
}

/** Whether each instance type is offered in each zone that it is wanted in: AWS does not have every type in every zone. */
export function judgeInstanceTypes(region: string, instances: readonly InstanceNeed[], offerings: readonly Offering[]): Verdict {
  const faults = instances.flatMap(({ type, zones }): readonly Fault[] => {
    const offering = offerings
      .filter((offer) => offer.type === type)
      .map(({ zone }) => zone)
      .sort();
    if (offering.length === 0) return [{ detail: `no zone of ${region} offers ${type}`, fix: `use another instance type than ${type}` }];
    const without = zones.filter((zone) => !offering.includes(zone));
    return without.length === 0
      ? []
      : [
          {
            detail: `${type} is not offered in ${listed(without)}`,
            fix: `use another instance type than ${type}, or choose zones among ${listed(offering)}`,
          },
        ];
  });
  return failOnAny(faults, `${listed([...new Set(instances.map(({ type }) => type))])} offered in each zone`);
}
