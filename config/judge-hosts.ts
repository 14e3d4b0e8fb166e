import { overlaps, parseRange, tiers } from "../modules/addressing";
import { planSubnets } from "../modules/network/schema";
import { accountBeside } from "./accounts";
import { type AppConnectorsDeployment } from "./app-connectors";
import { type Deployment } from "./deployment";
import { type Layout, layoutOf } from "./layout";
import { type PathFinding } from "./path-finding";
import { borrowsGateways, type Host, standingIn } from "./shared-vpc";
import { zonesOf } from "./zones";

interface NamedHost {
  readonly name: string;
  readonly host: Exclude<Deployment, AppConnectorsDeployment> & Host;
}

interface NamedGuest {
  readonly name: string;
  readonly guest: AppConnectorsDeployment;
}

type Placed = Pick<PathFinding, "problem" | "fix"> & { readonly at: readonly (string | number)[] };

/**
 * What is wrong with the deployments of a file that stand in another's VPC, as far as both are right by themselves.
 *
 * @param read a deployment that is right by itself, with its defaults
 */
export function judgeHosts(
  deployments: Readonly<Record<string, unknown>>,
  read: (deployment: unknown) => Deployment | undefined,
): readonly PathFinding[] {
  return Object.entries(deployments).flatMap(([name, deployment]): readonly PathFinding[] => {
    const hostName = hostNameOf(deployment);
    if (hostName === undefined) return [];
    const other = Object.hasOwn(deployments, hostName) ? deployments[hostName] : undefined;
    const missing = judgeName(hostName, other);
    if (missing) return [{ path: [name, "network", "deployment"], ...missing }];
    const [guest, host] = [read(deployment), read(other)];
    if (guest?.template !== "app-connectors" || host === undefined || host.template === "app-connectors") return [];
    return judgePair({ name, guest }, { name: hostName, host }).map(({ at, ...finding }) => ({ path: [name, ...at], ...finding }));
  });
}

const field = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;

function hostNameOf(deployment: unknown): string | undefined {
  if (field(deployment, "template") !== "app-connectors") return undefined;
  const name = field(field(deployment, "network"), "deployment");
  return typeof name === "string" ? name : undefined;
}

function judgeName(host: string, other: unknown): Pick<PathFinding, "problem" | "fix"> | undefined {
  if (other === undefined) return { problem: `the file has no deployment ${host}`, fix: "name one, or give its VPC in network.existing" };
  return field(other, "template") === "app-connectors"
    ? {
        problem: `${host} is a deployment of App Connectors itself`,
        fix: "name its VPC in network.existing, or add these App Connectors to it",
      }
    : undefined;
}

function judgePair(named: NamedGuest, { name: hostName, host }: NamedHost): readonly Placed[] {
  const { name, guest } = named;
  const at = ["network", "deployment"];
  if (host.region !== guest.region) {
    return [
      { at, problem: `${hostName} stands in ${host.region}, and ${name} in ${guest.region}`, fix: `name a deployment of ${guest.region}` },
    ];
  }
  if (accountBeside(host.provider, guest.provider) !== "same") {
    return [
      {
        at,
        problem: `${hostName} is of another account, or one that is not known`,
        fix: "give both the same profile, or the same account in allowedAccountIds",
      },
    ];
  }
  return [...judgeDns(named, hostName, host), ...judgeGateways(named, hostName, host), ...judgeRanges(named, hostName, host)];
}

/** App Connectors look applications up by their real names: behind ZPA's rules they would get synthetic addresses (Zscaler, "Configure DNS Resolver"). */
function judgeDns({ guest }: NamedGuest, hostName: string, host: NamedHost["host"]): readonly Placed[] {
  const forwards = "zpa" in host && host.zpa !== undefined && host.zpa !== false;
  if (!forwards || guest.appConnectors.dns) return [];
  return [
    {
      at: ["network", "deployment"],
      problem: `the VPC of ${hostName} forwards DNS queries for ZPA applications to ZPA, which the App Connectors would ask for the applications that they serve`,
      fix: "name resolvers that know the applications' own addresses in appConnectors.dns.servers, or use another VPC",
    },
  ];
}

function judgeGateways({ guest }: NamedGuest, hostName: string, host: NamedHost["host"]): readonly Placed[] {
  if (!borrowsGateways(guest.nat)) return [];
  if (guest.nat.single || Object.keys(guest.nat.perZone?.allocations ?? {}).length > 0) {
    return [
      {
        at: ["nat"],
        problem: `NAT gateways would be made in the VPC of ${hostName}`,
        fix: "leave nat out to use its gateways, or name some in nat.existing",
      },
    ];
  }
  const zones = Object.keys(zonesOf(guest.region, guest.zones));
  const { nat } = standingIn(guest, zones, host, exampleIds);
  const without = zones.filter((zone) => nat.existing?.gateways[zone] === undefined);
  if (without.length === 0) return [];
  return [
    {
      at: ["zones"],
      problem: `${hostName} has no NAT gateway that serves zone ${without.join(", ")}`,
      fix: "use its zones, or name the gateways in nat.existing, or say nat: { none: {} } and route the subnets yourself",
    },
  ];
}

const exampleIds = { vpc: "vpc-00000000", natGateway: () => "nat-00000000" };

/** Subnets that were planned in what a host leaves free would move when the host grows: they are written, and lie apart from the host's. */
function judgeRanges({ guest }: NamedGuest, hostName: string, host: NamedHost["host"]): readonly Placed[] {
  const zones = Object.keys(zonesOf(guest.region, guest.zones));
  const made = zones.filter((zone) => guest.subnets.existing[zone]?.connector === undefined);
  const used = rangesOf(host);
  const { network } = standingIn(guest, zones, host, exampleIds);
  const layout = layoutOf({ ...guest, network });
  const plan = (vpc: typeof network, subnets: typeof guest.subnets) =>
    planSubnets({ vpc, subnets, zones, tiers: layout.tiers, addresses: layout.addresses });
  const written = (zone: string): string | undefined => guest.subnets.ranges[zone]?.connector;
  const unwritten = made.filter((zone) => written(zone) === undefined);
  const free = network.existing && plan({ existing: { ...network.existing, taken: reservedOf(host) } }, { ...guest.subnets, ranges: {} });
  const planned = plan(network, guest.subnets);
  return [
    ...unwritten.map((zone) => {
      const suggestion = free && "plan" in free ? free.plan.subnets[zone]?.connector?.range : undefined;
      return {
        at: ["subnets"],
        problem: `no range is written for the App Connectors of zone ${zone} in the VPC of ${hostName}`,
        fix: `give subnets.ranges.${zone}.connector a range that ${hostName} does not use${suggestion === undefined ? "" : `, such as ${suggestion}`}`,
      };
    }),
    ...(unwritten.length > 0 || "plan" in planned
      ? []
      : planned.findings.map(({ at, ...finding }) => ({ at: ["subnets", "ranges", ...at.slice(1)], ...finding }))),
    ...made.flatMap((zone): readonly Placed[] => {
      const range = written(zone) ?? "";
      const other = used.find((each) => overlap(each.range, range));
      return other
        ? [
            {
              at: ["subnets", "ranges", zone, "connector"],
              problem: `${range} overlaps ${other.range}, the ${other.what} of ${hostName}`,
              fix: "give a range that it does not use",
            },
          ]
        : [];
    }),
  ];
}

function overlap(one: string, other: string): boolean {
  const [first, second] = [parseRange(one), parseRange(other)];
  return "range" in first && "range" in second && overlaps(first.range, second.range);
}

/** The subnets that a host makes, and what others use in its VPC. */
const rangesOf = (host: NamedHost["host"]): readonly { readonly range: string; readonly what: string }[] => [
  ...plannedIn(host, layoutOf(host)),
  ...(host.network.existing?.taken ?? []).map((range) => ({ range, what: "range that others use in the VPC" })),
];

/** What a host uses, and what it would with all the zones and tiers for which it keeps space. */
function reservedOf(host: NamedHost["host"]): readonly string[] {
  const { zones, addresses } = layoutOf(host);
  const used = rangesOf(host).map(({ range }) => range);
  const later = Array.from({ length: host.subnets.zoneSlots - Object.keys(zones).length }, (_, index) => `later-${index}`);
  const all = [...Object.keys(zones), ...later];
  const grown = plannedIn(host, {
    zones: Object.fromEntries(all.map((zone) => [zone, zone])),
    tiers: Object.fromEntries(tiers.map((tier) => [tier, all])),
    addresses,
  });
  return [...new Set([...used, ...grown.map(({ range }) => range)])];
}

function plannedIn({ network, subnets }: NamedHost["host"], { zones, tiers, addresses }: Omit<Layout, "natZones">) {
  const planned = planSubnets({ vpc: network, subnets, zones: Object.keys(zones), tiers, addresses });
  if (!("plan" in planned)) return [];
  return Object.entries(planned.plan.subnets).flatMap(([zone, byTier]) =>
    Object.entries(byTier).map(([tier, { range }]) => ({ range, what: `${tier} subnet of zone ${zone}` })),
  );
}
