import type { _InstanceType, EC2, EC2ClientConfig } from "@aws-sdk/client-ec2";
import { ask, askFor, askPages, inBatches, once } from "./asking";
import { type Aws } from "./aws";
import { type NetworkQuestions } from "./aws-network";
import { errorCode, errorMessage, refusal } from "./refusal";
import { networkQuestions } from "./sdk-network";

type Ec2Questions = NetworkQuestions & Pick<Aws, "zones" | "offerings" | "vcpus" | "runningInstances" | "addresses" | "images" | "dryRun">;

/** The questions for EC2. The SDK is loaded with the first of them: it takes a quarter of a second. */
export function ec2Questions(settings: EC2ClientConfig): Ec2Questions {
  const client = once(async (): Promise<EC2> => new (await import("@aws-sdk/client-ec2")).EC2(settings));

  return {
    ...networkQuestions(client),

    async zones() {
      const answer = await ask("ec2:DescribeAvailabilityZones", async () =>
        (await client()).describeAvailabilityZones({ AllAvailabilityZones: true }),
      );
      return (answer.AvailabilityZones ?? []).map(({ ZoneName, ZoneId, State, OptInStatus, GroupName }) => ({
        name: ZoneName ?? "",
        id: ZoneId ?? "",
        state: State ?? "in a state that AWS does not tell",
        optedIn: OptInStatus !== "not-opted-in",
        group: GroupName ?? "",
      }));
    },

    async offerings(types) {
      const offerings = await inBatches(types, (values) =>
        askPages(
          "ec2:DescribeInstanceTypeOfferings",
          async () =>
            (await client()).paginateDescribeInstanceTypeOfferings({
              LocationType: "availability-zone",
              Filters: [{ Name: "instance-type", Values: values }],
            }),
          (page) => page.InstanceTypeOfferings,
        ),
      );
      return offerings.map(({ InstanceType, Location }) => ({ type: InstanceType ?? "", zone: Location ?? "" }));
    },

    async vcpus(types) {
      // By a filter: a list of types is refused whole if one of them does not exist.
      const found = await inBatches(types, (values) =>
        askPages(
          "ec2:DescribeInstanceTypes",
          async () => (await client()).paginateDescribeInstanceTypes({ Filters: [{ Name: "instance-type", Values: values }] }),
          (page) => page.InstanceTypes,
        ),
      );
      return new Map(
        found.flatMap(({ InstanceType, VCpuInfo }) =>
          InstanceType !== undefined && VCpuInfo?.DefaultVCpus !== undefined ? [[InstanceType, VCpuInfo.DefaultVCpus] as const] : [],
        ),
      );
    },

    async runningInstances() {
      const reservations = await askPages(
        "ec2:DescribeInstances",
        async () =>
          (await client()).paginateDescribeInstances({
            // A pending instance runs in a moment.
            Filters: [{ Name: "instance-state-name", Values: ["pending", "running"] }],
            MaxResults: 1000,
          }),
        (page) => page.Reservations,
      );
      return reservations
        .flatMap(({ Instances }) => Instances ?? [])
        .map(({ InstanceType, InstanceLifecycle, Placement }) => ({
          type: InstanceType ?? "",
          onDemand: InstanceLifecycle === undefined && Placement?.Tenancy !== "host",
        }));
    },

    async addresses() {
      const answer = await ask("ec2:DescribeAddresses", async () => (await client()).describeAddresses({}));
      return (answer.Addresses ?? []).map(({ AllocationId, AssociationId, InstanceId, NetworkInterfaceId, PublicIpv4Pool }) => ({
        allocationId: AllocationId ?? "",
        // A NAT gateway's address has an empty instance id.
        usedBy: AssociationId === undefined ? undefined : InstanceId || NetworkInterfaceId || AssociationId,
        ownRange: PublicIpv4Pool?.startsWith("ipv4pool-") === true,
      }));
    },

    async images(source) {
      const answer = await askFor("ec2:DescribeImages", "InvalidAMIID.NotFound", async () =>
        (await client()).describeImages(
          "id" in source
            ? { ImageIds: [source.id], IncludeDeprecated: true }
            : { Owners: ["aws-marketplace"], Filters: [{ Name: "product-code", Values: [source.marketplace] }] },
        ),
      );
      return (answer?.Images ?? []).map(({ ImageId, Name, State, CreationDate, RootDeviceName }) => ({
        id: ImageId ?? "",
        name: Name ?? "",
        state: State ?? "available",
        created: CreationDate ?? "",
        rootDevice: RootDeviceName ?? "/dev/sda1",
      }));
    },

    async dryRun({ image, type, subnet }) {
      const action = "ec2:RunInstances";
      try {
        await (
          await client()
        ).runInstances({
          DryRun: true,
          ImageId: image.id,
          InstanceType: type as _InstanceType,
          MinCount: 1,
          MaxCount: 1,
          // Companies deny launches without these by policy, and the deployment has them.
          MetadataOptions: { HttpTokens: "required" },
          BlockDeviceMappings: [{ DeviceName: image.rootDevice, Ebs: { Encrypted: true } }],
          ...(subnet === undefined ? {} : { SubnetId: subnet }),
        });
        return { code: "no answer to the dry run", message: "" };
      } catch (error) {
        const refused = refusal(action, error);
        if (refused.reason === "denied" || refused.reason === "not enabled" || refused.reason === "other") {
          return { code: errorCode(error), message: errorMessage(error) };
        }
        throw refused;
      }
    },
  };
}
