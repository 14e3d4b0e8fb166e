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

/** The deployment of the same file that another needs: a spoke its hub, App Connectors the one in whose VPC they stand. */
export const hubNameOf = (deployment: Deployment): string | undefined =>
  deployment.template === "spoke"
    ? deployment.endpointService.deployment
    : deployment.template === "app-connectors"
      ? deployment.network.deployment
      : undefined;

/** The deployments of a file, in which hubs know their spokes' accounts, and each has the one beside it that it needs. */
export function withHubs(deployments: readonly Named[]) {
  const spokesOf = (hub: string) =>
    deployments.flatMap(([, deployment]) => (deployment.template === "spoke" && hubNameOf(deployment) === hub ? [deployment] : []));
  const opened = new Map(
    deployments.map(([name, deployment]) => [name, deployment.template === "gwlb" ? openTo(spokesOf(name), deployment) : deployment]),
  );
  return [...opened].map(([name, deployment]) => {
    const hubName = hubNameOf(deployment) ?? "";
    const hub = opened.get(hubName);
    return { name, deployment, ...(hub ? { hub: { name: hubName, deployment: hub } } : {}) };
  });
}
