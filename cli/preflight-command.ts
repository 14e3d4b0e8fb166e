import { loadConfig } from "../config";
import { type Deployment } from "../config/deployment";
import { type InterfaceSteeredDeployment } from "../config/interface-steered";
import { type Layout, layoutOf } from "../config/layout";
import { borrowsGateways } from "../config/shared-vpc";
import { instanceTypeOf, productCodes } from "../modules/cloud-connector/schema";
import { groupsOf, mostInstances } from "../modules/fleet-lifecycle/schema";
import { present } from "../modules/validation/schema";
import { appConnectorNeeds } from "./app-connector-needs";
import { CommandError } from "./command-error";
import { existingNetwork } from "./existing-network";
import { connectAws, formatChecks, preflight, type PreflightRequest } from "./preflight";

/** What a deployment is going to ask of AWS. */
export function preflightRequest(name: string, deployment: Deployment): PreflightRequest {
  const { network, region } = deployment;
  const testHosts = "testHosts" in deployment ? deployment.testHosts : undefined;
  const nat = "nat" in deployment ? deployment.nat : undefined;
  const connectors = "connectors" in deployment ? deployment.connectors : undefined;
  const layout = layoutOf(deployment);
  const { zones, tiers } = layout;
  const natZones = leavesByHost(deployment) ? [] : layout.natZones;
  const zoneName = (key: string) => zones[key] ?? key;
  const allocations = nat?.single ? { [nat.single.zone]: nat.single.allocation } : (nat?.perZone?.allocations ?? {});
  const appConnectors =
    deployment.template === "app-connectors" ? appConnectorNeeds(deployment, tiers.connector ?? [], zoneName) : undefined;
  const hostZones = [...(tiers.workload ?? []), ...(testHosts?.bastion ? (tiers.public ?? []).slice(0, 1) : [])];
  return {
    deployment: name,
    region,
    zones,
    vpcs: network.create ? 1 : 0,
    elasticAddresses: natZones.filter((zone) => allocations[zone] === undefined).length,
    allocationIds: Object.values(allocations).filter((id) => id !== undefined),
    natGatewayZones: natZones.map(zoneName),
    ...appConnectors,
    instances: [
      ...(appConnectors?.instances ?? []),
      ...(connectors
        ? [
            {
              type: instanceTypeOf(connectors),
              count: mostConnectors(deployment, tiers.connector ?? []),
              zones: (tiers.connector ?? []).map(zoneName),
            },
          ]
        : []),
      ...(testHosts ? [{ type: testHosts.instanceType, count: hostZones.length, zones: [...new Set(hostZones)].map(zoneName) }] : []),
    ],
    ...(connectors ? connectorNeeds(connectors, region) : {}),
    ...present({
      endpointService: serviceOf(deployment, layout),
      existing: existingNetwork(name, deployment, layout),
      allowedAccountIds: deployment.provider.allowedAccountIds,
    }),
  };
}

/** Whether a deployment stands in another's VPC, and leaves by the other's NAT gateways. */
const leavesByHost = (deployment: Deployment): boolean =>
  deployment.template === "app-connectors" && deployment.network.deployment !== undefined && borrowsGateways(deployment.nat);

/** The most connectors that a deployment has at once, in zones that have some. */
function mostConnectors(deployment: Deployment, zones: readonly string[]): number {
  const { fixed, autoScaling } = deployment.template === "gwlb" ? deployment.fleet : {};
  if (autoScaling) return groupsOf(autoScaling, zones).reduce((sum, group) => sum + mostInstances(group, autoScaling), 0);
  const perZone = "connectors" in deployment && "perZone" in deployment.connectors ? deployment.connectors.perZone : 0;
  return zones.length * (fixed?.perZone ?? perZone);
}

/** The endpoint service that a spoke names. That of a hub in the same file is made before the spoke. */
function serviceOf(deployment: Deployment, { zones, tiers }: Layout): PreflightRequest["endpointService"] {
  if (deployment.template !== "spoke" || deployment.endpointService.name === undefined) return undefined;
  return { name: deployment.endpointService.name, zones: (tiers.endpoint ?? []).map((key) => zones[key] ?? key) };
}

const connectorNeeds = (
  { ami, secret, secretKmsKey, disk }: Pick<InterfaceSteeredDeployment["connectors"], "ami" | "secret" | "secretKmsKey" | "disk">,
  region: string,
): Partial<PreflightRequest> => ({
  image: ami === undefined ? { marketplace: region.startsWith("cn-") ? productCodes.china : productCodes.commercial } : { id: ami },
  secret: secret.startsWith("arn:") ? { arn: secret } : { name: secret },
  ...present({ secretKey: secretKmsKey, diskKey: disk.kmsKey }),
});

/**
 * Asks AWS what usually fails the first deployment of a config file's deployments, and prints the answers.
 *
 * @param only name of the one deployment to ask for; all by default
 * @returns whether nothing will fail it
 * @throws ConfigError when the file is wrong
 */
export async function runPreflight(file: string, only: string | undefined, out: NodeJS.WritableStream): Promise<boolean> {
  const deployments = loadConfig(file);
  const chosen = deployments.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) {
    throw new CommandError(`${file} has no deployment ${String(only)}: it has ${deployments.map(({ name }) => name).join(", ")}`);
  }
  let good = true;
  for (const { name, deployment } of chosen) {
    const { profile, assumeRole } = deployment.provider;
    const aws = connectAws({
      region: deployment.region,
      ...present({
        profile,
        assumeRole: assumeRole && { arn: assumeRole.roleArn, ...present({ externalId: assumeRole.externalId }) },
      }),
    });
    const checks = await preflight(preflightRequest(name, deployment), aws);
    out.write(`${formatChecks(name, checks)}\n`);
    good &&= checks.every(({ outcome }) => outcome !== "fail");
  }
  return good;
}
