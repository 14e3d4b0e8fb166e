import { loadConfig } from "../config";
import { type Deployment } from "../config/deployment";
import { type InterfaceSteeredDeployment } from "../config/interface-steered";
import { layoutOf } from "../config/layout";
import { instanceTypeOf, placeConnectors, productCodes } from "../modules/cloud-connector/schema";
import { present } from "../modules/validation/schema";
import { CommandError } from "./command-error";
import { existingNetwork } from "./existing-network";
import { connectAws, formatChecks, preflight, type PreflightRequest } from "./preflight";

/** What a deployment is going to ask of AWS. */
export function preflightRequest(name: string, deployment: Deployment): PreflightRequest {
  const { nat, testHosts, network, region } = deployment;
  const connectors = "connectors" in deployment ? deployment.connectors : undefined;
  const layout = layoutOf(deployment);
  const { zones, tiers, natZones } = layout;
  const zoneName = (key: string) => zones[key] ?? key;
  const allocations = nat.single ? { [nat.single.zone]: nat.single.allocation } : (nat.perZone?.allocations ?? {});
  const hostZones = [...(tiers.workload ?? []), ...(testHosts?.bastion ? (tiers.public ?? []).slice(0, 1) : [])];
  return {
    deployment: name,
    region,
    zones,
    vpcs: network.create ? 1 : 0,
    elasticAddresses: natZones.filter((zone) => allocations[zone] === undefined).length,
    allocationIds: Object.values(allocations).filter((id) => id !== undefined),
    natGatewayZones: natZones.map(zoneName),
    instances: [
      ...(connectors
        ? [
            {
              type: instanceTypeOf(connectors),
              count: placeConnectors(Object.keys(zones), connectors.servedBy, connectors.perZone).length,
              zones: (tiers.connector ?? []).map(zoneName),
            },
          ]
        : []),
      ...(testHosts ? [{ type: testHosts.instanceType, count: hostZones.length, zones: [...new Set(hostZones)].map(zoneName) }] : []),
    ],
    ...(connectors ? connectorNeeds(connectors, region) : {}),
    ...present({ existing: existingNetwork(name, deployment, layout), allowedAccountIds: deployment.provider.allowedAccountIds }),
  };
}

const connectorNeeds = (
  { ami, secret, secretKmsKey, disk }: InterfaceSteeredDeployment["connectors"],
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
