import { z } from "zod";
import { connectorZones } from "../modules/cloud-connector/schema";
import { isLocal } from "../modules/network/schema";
import { known } from "../modules/validation/schema";
import { zpaSettings } from "../modules/zpa-dns/schema";
import { accountBeside, accountOf } from "./accounts";
import { sharedWith } from "./hubs";
import { type PathFinding } from "./path-finding";
import { isZoneId, parseZoneOrId, zonesOf } from "./zones";

const names = z.array(z.string());
const texts = z.record(z.string(), z.string());

const place = z.object({
  region: z.string(),
  zones: names,
  provider: z.object({
    profile: z.string().optional(),
    assumeRole: z.object({ roleArn: z.string() }).optional(),
    allowedAccountIds: names.optional(),
  }),
});

const spokeParts = place.extend({
  template: z.literal("spoke"),
  endpointService: z.object({ deployment: z.string() }),
  zpa: z.boolean(),
});

const hubParts = place.extend({
  template: z.literal("gwlb"),
  connectors: z.object({ servedBy: texts }),
  zpa: z.object({ domains: texts, systemDomains: texts, shareWith: names }).optional(),
});

type Spoke = { readonly name: string } & z.output<typeof spokeParts>;
type Hub = { readonly name: string } & z.output<typeof hubParts>;

/** What is wrong with the spokes of a file and the hubs that they name, as far as both are right by themselves. */
export function judgeHubs(deployments: Readonly<Record<string, unknown>>): readonly PathFinding[] {
  const spokes = Object.entries(deployments).flatMap(([name, deployment]): readonly Spoke[] => {
    const { data } = spokeParts.safeParse(deployment);
    return data ? [{ name, ...data }] : [];
  });
  const hubNames = [...new Set(spokes.map(({ endpointService }) => endpointService.deployment))];
  const hubs = new Map(
    hubNames.flatMap((name): readonly (readonly [string, Hub])[] => {
      const { data } = hubParts.safeParse(Object.hasOwn(deployments, name) ? deployments[name] : undefined);
      return data ? [[name, { name, ...data }]] : [];
    }),
  );
  const missing = hubNames.flatMap((name) => judgeName(name, deployments) ?? []);
  return [
    ...judgeNames(deployments),
    ...spokes.flatMap((spoke): readonly PathFinding[] => {
      const { deployment } = spoke.endpointService;
      const finding = missing.find(({ hub }) => hub === deployment);
      if (finding) return [{ path: [spoke.name, "endpointService", "deployment"], problem: finding.problem, fix: finding.fix }];
      const hub = hubs.get(deployment);
      return hub ? judgePair(hub, spoke) : [];
    }),
    ...[...hubs.values()].flatMap((hub) =>
      judgeShares(
        hub,
        spokes.filter(({ endpointService }) => endpointService.deployment === hub.name),
      ),
    ),
  ];
}

const templateOf = (deployment: unknown): unknown =>
  typeof deployment === "object" && deployment !== null && "template" in deployment ? deployment.template : undefined;

/** A balancer has the name of its deployment (Elastic Load Balancing API, "CreateLoadBalancer"). */
const judgeNames = (deployments: Readonly<Record<string, unknown>>): readonly PathFinding[] =>
  Object.keys(deployments)
    .filter((name) => templateOf(deployments[name]) === "gwlb" && name.startsWith("internal-"))
    .map((name) => ({
      path: [name],
      problem: `${name} begins with internal-`,
      fix: "use another name: Elastic Load Balancing keeps names of balancers that begin so to itself",
    }));

function judgeName(hub: string, deployments: Readonly<Record<string, unknown>>) {
  const there = Object.hasOwn(deployments, hub);
  const template = there ? templateOf(deployments[hub]) : undefined;
  if (template === "gwlb" || (there && typeof template !== "string")) return undefined;
  const possible = Object.keys(deployments).filter((name) => templateOf(deployments[name]) === "gwlb");
  return {
    hub,
    problem: there ? `${hub} is no hub, but a deployment of the template ${String(template)}` : `the file has no deployment ${hub}`,
    fix:
      possible.length > 0
        ? `name a gwlb deployment: ${possible.join(", ")}`
        : "add a gwlb deployment, or name the service of a hub elsewhere in endpointService.name",
  };
}

function judgePair(hub: Hub, spoke: Spoke): readonly PathFinding[] {
  if (hub.region !== spoke.region) {
    return [
      {
        path: [spoke.name, "endpointService", "deployment"],
        problem: `${hub.name} stands in ${hub.region}, and ${spoke.name} in ${spoke.region}`,
        fix: `name a hub of ${spoke.region}: Gateway Load Balancer endpoints reach no other region`,
      },
    ];
  }
  return [...judgeAccount(hub, spoke), ...judgeZones(hub, spoke), ...judgeZpa(hub, spoke)];
}

function judgeAccount(hub: Hub, spoke: Spoke): readonly PathFinding[] {
  const beside = accountBeside(hub.provider, spoke.provider);
  if (beside === "unknown") {
    return [
      {
        path: [spoke.name, "provider"],
        problem: `the account of ${spoke.name} is not known: its profile is not that of ${hub.name}`,
        fix: `name the one account in allowedAccountIds, so that ${hub.name} lets it in`,
      },
    ];
  }
  if (typeof beside !== "object" || !spoke.zpa || accountOf(hub.provider) !== undefined) return [];
  return [
    {
      path: [hub.name, "provider"],
      problem: `the account of ${hub.name} is not known, and so not whether its Resolver rules are shared with ${beside.other}`,
      fix: "name the one account in allowedAccountIds: rules are shared with other accounts alone",
    },
  ];
}

/** Zones of other accounts may have other names, and are compared when Terraform plans. A Local Zone is told by itself. */
function judgeZones(hub: Hub, spoke: Spoke): readonly PathFinding[] {
  if (accountBeside(hub.provider, spoke.provider) !== "same") return [];
  const served = connectorZones(Object.keys(zonesOf(hub.region, hub.zones)), hub.connectors.servedBy);
  return spoke.zones.flatMap((zone, index): readonly PathFinding[] => {
    const parsed = parseZoneOrId(spoke.region, zone);
    if (isZoneId(zone) || !("key" in parsed) || isLocal(parsed.key) || served.includes(parsed.key)) return [];
    return [
      {
        path: [spoke.name, "zones", index],
        problem: `${hub.name} has no connectors in zone ${parsed.key}, and so no service for an endpoint there`,
        fix: `use ${served.join(", ")}, or give ${hub.name} connectors in zone ${parsed.key}`,
      },
    ];
  });
}

function judgeZpa(hub: Hub, spoke: Spoke): readonly PathFinding[] {
  if (!spoke.zpa || hub.zpa) return [];
  return [
    {
      path: [spoke.name, "zpa"],
      problem: `${hub.name} forwards no DNS queries`,
      fix: `give ${hub.name} its zpa settings, or leave zpa out`,
    },
  ];
}

/** The accounts of spokes are added to those given, and the limit is one of all. */
function judgeShares(hub: Hub, spokes: readonly Spoke[]): readonly PathFinding[] {
  const { zpa } = hub;
  if (!zpa) return [];
  const accounts = sharedWith({ ...hub, zpa }, spokes);
  if (accounts.length === zpa.shareWith.length || zpaSettings(known).shape.shareWith.safeParse(accounts).success) return [];
  return [
    {
      path: [hub.name, "zpa", "shareWith"],
      problem: `with the accounts of its spokes, ${hub.name} would share its rules with ${accounts.length}`,
      fix: "that is more than it can: bring spokes of some accounts to another hub, or leave out their zpa",
    },
  ];
}
