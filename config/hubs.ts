import { accountBeside, rootArn } from "./accounts";
import { type Deployment } from "./deployment";
import { type GwlbDeployment } from "./gwlb";
import { type SpokeDeployment } from "./spoke";

type Hub = Extract<Deployment, { readonly template: "gwlb" }>;
type Named = readonly [name: string, deployment: Deployment];

type Account = Pick<GwlbDeployment, "provider">;

/** The accounts of a hub's spokes, other than the hub's own, each once. */
const accountsOfSpokes = (hub: Account, spokes: readonly Account[]): readonly string[] => [
  ...new Set(
    spokes.flatMap((spoke) => {
      const beside = accountBeside(hub.provider, spoke.provider);
      return typeof beside === "object" ? [beside.other] : [];
    }),
  ),
];

const added = (given: readonly string[], more: readonly string[]): string[] => [...new Set([...given, ...more])];

/** The accounts with which a hub shares its Resolver rules: those given, and those of its spokes that want them. None where no rule is made. */
export function sharedWith(
  hub: Account & { readonly zpa: Pick<NonNullable<GwlbDeployment["zpa"]>, "domains" | "systemDomains" | "shareWith"> },
  spokes: readonly (Account & Pick<SpokeDeployment, "zpa">)[],
): string[] {
  const { domains, systemDomains, shareWith } = hub.zpa;
  const makesRules = Object.keys({ ...domains, ...systemDomains }).length > 0;
  const wanting = spokes.filter(({ zpa }) => zpa);
  return added(shareWith, makesRules ? accountsOfSpokes(hub, wanting) : []);
}

/** A hub that lets in the accounts of its spokes of the same file, and shares its Resolver rules with those that want them. */
function openTo(spokes: readonly SpokeDeployment[], hub: Hub): Hub {
  const { endpointService, region, zpa } = hub;
  const roots = accountsOfSpokes(hub, spokes).map((account) => rootArn(region, account));
  return {
    ...hub,
    endpointService: { ...endpointService, allowedPrincipals: added(endpointService.allowedPrincipals, roots) },
    ...(zpa === undefined ? {} : { zpa: { ...zpa, shareWith: sharedWith({ ...hub, zpa }, spokes) } }),
  };
}

const hubNameOf = (deployment: Deployment): string | undefined =>
  deployment.template === "spoke" ? deployment.endpointService.deployment : undefined;

/** The deployments of a file, in which hubs know their spokes' accounts, and each spoke has its hub beside it. */
export function withHubs(deployments: readonly Named[]) {
  const spokesOf = (hub: string) =>
    deployments.flatMap(([, deployment]) => (deployment.template === "spoke" && hubNameOf(deployment) === hub ? [deployment] : []));
  const hubs = new Map(
    deployments.flatMap(([name, deployment]) =>
      deployment.template === "gwlb" ? [[name, { name, deployment: openTo(spokesOf(name), deployment) }] as const] : [],
    ),
  );
  return deployments.map(([name, deployment]) => {
    const hub = hubs.get(hubNameOf(deployment) ?? "");
    return { name, deployment: hubs.get(name)?.deployment ?? deployment, ...(hub ? { hub } : {}) };
  });
}
