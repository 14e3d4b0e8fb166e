import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CreateLaunchTemplateCommand, CreateSubnetCommand, CreateVpcCommand, DescribeImagesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { clientConfiguration, type Emulator } from "../../emulator";
import { type Certificate, makeCertificate } from "./certificate";

/** What all fleets of the matrix share. */
export interface Site {
  readonly emulator: Emulator;
  readonly region: string;
  readonly autoScaling: AutoScalingClient;
  readonly cloudWatch: CloudWatchClient;
  readonly secretsManager: SecretsManagerClient;
  readonly sqs: SQSClient;
  readonly subnet: string;
  /** Id of the launch template. */
  readonly template: string;
  /** Of the address where portals are. */
  readonly certificate: Certificate;
  /** Of another host. */
  readonly foreignCertificate: Certificate;
  /** Name of the file with both, which the function trusts. */
  readonly authority: string;
  destroy(): void;
}

const region = "us-west-2";

/** What an answer must have. */
export function given<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("the emulator left out a value");
  return value;
}

/** Makes at the emulator what fleets need. */
export async function buildSite(emulator: Emulator): Promise<Site> {
  const configuration = clientConfiguration({ endpoint: emulator.endpoint, region });
  const ec2 = new EC2Client(configuration);
  const VpcId = given((await ec2.send(new CreateVpcCommand({ CidrBlock: "10.0.0.0/16" }))).Vpc?.VpcId);
  const network = { VpcId, CidrBlock: "10.0.0.0/17", AvailabilityZone: `${region}a` };
  const { Subnet } = await ec2.send(new CreateSubnetCommand(network));
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ["aws-marketplace"] }));
  const LaunchTemplateData = { ImageId: given(Images[0]?.ImageId), InstanceType: "m6i.large" as const };
  const made = await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: "connectors", LaunchTemplateData }));
  ec2.destroy();

  const [certificate, foreignCertificate] = [makeCertificate("IP:127.0.0.1"), makeCertificate("DNS:portal.example")];
  const folder = mkdtempSync(join(tmpdir(), "fleet-"));
  const authority = join(folder, "authority.pem");
  writeFileSync(authority, certificate.cert + foreignCertificate.cert);
  const clients = {
    autoScaling: new AutoScalingClient(configuration),
    // The emulator reads no compressed request.
    cloudWatch: new CloudWatchClient({ ...configuration, disableRequestCompression: true }),
    secretsManager: new SecretsManagerClient(configuration),
    sqs: new SQSClient(configuration),
  };
  return {
    emulator,
    region,
    ...clients,
    subnet: given(Subnet?.SubnetId),
    template: given(made.LaunchTemplate?.LaunchTemplateId),
    certificate,
    foreignCertificate,
    authority,
    destroy: () => {
      for (const client of Object.values(clients)) client.destroy();
      rmSync(folder, { recursive: true });
    },
  };
}
