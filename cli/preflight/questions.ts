import { present } from "../../modules/validation/schema";
import { judgeAccount } from "./account";
import { judgeAllocations } from "./addresses";
import { once } from "./asking";
import { type Aws } from "./aws";
import { unknown, type Verdict } from "./check";
import { judgeDiskKey, judgeDiskKeyName, judgeDiskKeyPolicy, noDiskKey } from "./disk-key";
import { judgeEndpointService } from "./endpoints";
import { existingQuestions } from "./existing-questions";
import { dryRunSubnet, judgeLaunch, newest, noImage } from "./image";
import { countedAddresses, judgeNatGateways, judgeQuota, judgeVcpus, type Quota, quotas } from "./quotas";
import { judgeStoredKey } from "./provisioning-key";
import { type ImageSource, type InstanceNeed, type PreflightRequest, type SecretReader } from "./request";
import { type Question, when } from "./question";
import { judgeSecret, judgeSecretKey, type NamedKey, secretKeys } from "./secret";
import { judgeInstanceTypes, judgeZones } from "./zones";

const limitOf = (quota: Quota, aws: Aws): Promise<number> => aws.quota(quota.service, quota.code);

const placeQuestions = ({ region, zones, allowedAccountIds }: PreflightRequest, aws: Aws): readonly Question[] => [
  ["account", async () => judgeAccount(await aws.caller(), allowedAccountIds)],
  ["zones", async () => judgeZones(region, Object.values(zones), await aws.zones())],
];

async function vcpus(region: string, instances: readonly InstanceNeed[], aws: Aws): Promise<Verdict> {
  const [running, limit] = await Promise.all([aws.runningInstances(), limitOf(quotas.vcpus, aws)]);
  const types = new Set([...instances, ...running].map(({ type }) => type));
  return judgeVcpus(region, instances, running, await aws.vcpus([...types]), limit);
}

async function launch(region: string, source: ImageSource, { type, zones }: InstanceNeed, aws: Aws): Promise<Verdict> {
  // Without a subnet AWS may still find a default VPC.
  const [images, subnets] = await Promise.all([aws.images(source), aws.subnets().catch(() => [])]);
  const image = newest(images);
  if (image === undefined) return noImage(source, region);
  return judgeLaunch(image, source, region, await aws.dryRun({ image, type, subnet: dryRunSubnet(zones, subnets) }));
}

function instanceQuestions({ region, instances, image }: PreflightRequest, aws: Aws): readonly Question[] {
  const [first] = instances;
  if (first === undefined) return [];
  const types = [...new Set(instances.map(({ type }) => type))];
  return [
    ["instance types", async () => judgeInstanceTypes(region, instances, await aws.offerings(types))],
    ["vCPU", () => vcpus(region, instances, aws)],
    ...(image === undefined ? [] : [["subscription", () => launch(region, image, first, aws)] satisfies Question]),
  ];
}

async function vpcs(region: string, need: number, aws: Aws): Promise<Verdict> {
  const [used, limit] = await Promise.all([aws.vpcCount(), limitOf(quotas.vpcs, aws)]);
  return judgeQuota(quotas.vpcs, region, { need, used, limit });
}

async function natGateways(region: string, zones: readonly string[], aws: Aws): Promise<Verdict> {
  const [gateways, subnets, limit] = await Promise.all([aws.natGatewaySubnets(), aws.subnets(), limitOf(quotas.natGateways, aws)]);
  return judgeNatGateways(region, zones, gateways, subnets, limit);
}

async function elasticAddresses(region: string, need: number, aws: Aws): Promise<Verdict> {
  const [addresses, limit] = await Promise.all([aws.addresses(), limitOf(quotas.elasticAddresses, aws)]);
  return judgeQuota(quotas.elasticAddresses, region, { need, used: countedAddresses(addresses), limit });
}

function networkQuestions(request: PreflightRequest, aws: Aws): readonly Question[] {
  const { region, allocationIds, natGatewayZones = [] } = request;
  return [
    ...when(request.vpcs > 0, "VPCs", () => vpcs(region, request.vpcs, aws)),
    ...when(natGatewayZones.length > 0, "NAT gateways", () => natGateways(region, natGatewayZones, aws)),
    ...when(request.elasticAddresses > 0, "elastic addresses", () => elasticAddresses(region, request.elasticAddresses, aws)),
    ...when(allocationIds.length > 0, "allocation ids", async () => judgeAllocations(region, allocationIds, await aws.addresses())),
  ];
}

const namedKey = async (name: string | undefined, aws: Aws): Promise<NamedKey | undefined> =>
  name === undefined ? undefined : { name, key: await aws.key(name) };

async function secretKey(region: string, secret: string, reader: SecretReader, aws: Aws): Promise<Verdict> {
  const encryption = await aws.secretEncryption(secret);
  if (encryption === undefined) return unknown(`${region} has no secret ${secret} to look at`, "make the secret, and run this again");
  const [encryptedWith, expected] = await Promise.all([namedKey(encryption.key, aws), namedKey(reader.kmsKey, aws)]);
  return judgeSecretKey(secret, encryptedWith, expected, reader);
}

function secretQuestions({ region, secret, secretKey: kmsKey }: PreflightRequest, aws: Aws): readonly Question[] {
  if (secret === undefined) return [];
  const id = "arn" in secret ? secret.arn : secret.name;
  const connectors = { who: "the connectors", setting: "secretKmsKey", ...present({ kmsKey }) };
  return [
    ["secret", async () => judgeSecret(id, region, await aws.secretState(id, secretKeys), secretKeys)],
    ["secret's key", () => secretKey(region, id, connectors, aws)],
  ];
}

const furtherSecretQuestions = ({ region, furtherSecrets = [] }: PreflightRequest, aws: Aws): readonly Question[] =>
  furtherSecrets.flatMap(({ what, id, keys, reader }): readonly Question[] => [
    [what, async () => judgeSecret(id, region, await aws.secretState(id, keys), keys)],
    ...(reader ? [[`key of the ${what}`, () => secretKey(region, id, reader, aws)] satisfies Question] : []),
  ]);

function provisioningKeyQuestions({ region, provisioningKey: source }: PreflightRequest, aws: Aws): readonly Question[] {
  if (source === undefined) return [];
  const { secret, reader } = "secret" in source ? source : {};
  return [
    ["provisioning key", async () => judgeStoredKey(source, region, await aws.storedKey(source))],
    ...(secret !== undefined && reader ? [["key of its secret", () => secretKey(region, secret, reader, aws)] satisfies Question] : []),
  ];
}

async function disk(region: string, name: string, aws: Aws): Promise<Verdict> {
  const misnamed = judgeDiskKeyName(name, region);
  if (misnamed) return misnamed;
  const [key, caller] = await Promise.all([aws.key(name), aws.caller()]);
  if (key === undefined) return noDiskKey(name, region);
  const unusable = judgeDiskKey(name, region, key);
  if (unusable) return unusable;
  return judgeDiskKeyPolicy(name, region, key, caller, key.account === caller.account ? await aws.keyPolicy(key.arn) : undefined);
}

const diskQuestions = ({ region, diskKey }: PreflightRequest, aws: Aws): readonly Question[] =>
  diskKey === undefined ? [] : [["disk key", () => disk(region, diskKey, aws)]];

const serviceQuestions = ({ region, endpointService }: PreflightRequest, aws: Aws): readonly Question[] =>
  endpointService === undefined
    ? []
    : [["endpoint service", async () => judgeEndpointService(endpointService, region, await aws.endpointService(endpointService.name))]];

/** What a deployment raises: nothing about what it does not need. Answers that several questions share are asked for once. */
export function questionsOf(request: PreflightRequest, aws: Aws): readonly Question[] {
  const sharing: Aws = {
    ...aws,
    caller: once(() => aws.caller()),
    addresses: once(() => aws.addresses()),
    subnets: once(() => aws.subnets()),
  };
  return [
    placeQuestions,
    instanceQuestions,
    networkQuestions,
    serviceQuestions,
    existingQuestions,
    secretQuestions,
    furtherSecretQuestions,
    provisioningKeyQuestions,
    diskQuestions,
  ].flatMap((raise) => raise(request, sharing));
}
