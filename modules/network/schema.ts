import { z } from "zod";
import { tiers, zoneSlotChoices } from "../addressing";
import { rangeName, subnetRange, takenRange, vpcRange } from "../addressing/schema";
import { retentionDays } from "../logs/schema";
import { awsId, findingMessage, type Immutable, type Leaf, oneOf } from "../validation/schema";

export { planSubnets, tiersToMake } from "./plan-subnets";
export { isLocal, judgeZoneKeys, parseZone, zonesByKey } from "./zones";

const allocationId = () => awsId("eipalloc", "an elastic address's allocation");

/** The AWS services that can be reached without the internet. */
export const privateEndpointServices = [
  "secretsmanager",
  "ssm",
  "ssmmessages",
  "logs",
  "monitoring",
  "kms",
  "ec2",
  "autoscaling",
  "s3",
] as const;

const secondaryName = () =>
  rangeName().refine((name) => name !== "vpc", {
    error: () => findingMessage({ problem: "vpc is the name of the first range", fix: "give this one another" }),
  });

const ranges = () => ({
  cidr: vpcRange().meta({ description: "First range of the VPC, /16 to /28.", examples: ["10.1.0.0/16"] }),
  secondaryCidrs: z
    .record(secondaryName(), vpcRange())
    .default({})
    .meta({ description: "Further ranges of the VPC, by a name of your own." }),
});

const namespace = (leaf: Leaf) =>
  leaf(z.string().min(1).max(256))
    .optional()
    .meta({ description: "Value of the VPC's `zs:namespace` tag, by which Zscaler tells overlapping addresses apart." });

const flowLogs = () =>
  z
    .strictObject({
      retentionDays: retentionDays().default(30).meta({ description: "Days for which CloudWatch keeps the flow logs." }),
    })
    .optional()
    .meta({ description: "Log the VPC's flows to CloudWatch." });

const createVpc = (leaf: Leaf) =>
  z.strictObject({
    ...ranges(),
    namespace: namespace(leaf),
    lockDefaultSecurityGroup: z.boolean().default(true).meta({ description: "Take every rule out of the VPC's default security group." }),
    flowLogs: flowLogs(),
  });

const existingVpc = (leaf: Leaf) =>
  z.strictObject({
    id: leaf(awsId("vpc", "a VPC")).meta({ description: "Id of the VPC." }),
    ...ranges(),
    taken: z
      .array(takenRange())
      .default([])
      .meta({
        description:
          "Ranges of the VPC that others use. Subnets that are made lie in the largest free block of the rest. What was taken before the first deployment: a change later can move every planned subnet.",
        examples: [["10.1.0.0/18", "10.1.64.0/20"]],
      }),
    internetGateway: oneOf({
      create: z.strictObject({}).meta({ description: "Make one: the VPC has none." }),
      existing: z
        .strictObject({ id: leaf(awsId("igw", "an internet gateway")).meta({ description: "Id of the internet gateway." }) })
        .meta({ description: "The one that is attached to the VPC." }),
    })
      .optional()
      .meta({ description: "The internet gateway to which public subnets that are made lead." }),
    namespace: namespace(leaf),
    lockDefaultSecurityGroup: z.boolean().default(false).meta({
      description: "Take every rule out of the VPC's default security group. Nothing puts them back.",
    }),
    flowLogs: flowLogs(),
  });

/** The VPCs in which something can stand. */
export const vpcChoices = (leaf: Leaf) => ({
  create: createVpc(leaf).meta({ description: "Make a VPC." }),
  existing: existingVpc(leaf).meta({
    description: "A VPC that exists. Its own subnets, route tables, gateways and tags stay as they are.",
  }),
});

/** Which VPC a deployment stands in. */
export const vpcSettings = (leaf: Leaf) => oneOf(vpcChoices(leaf)).meta({ description: "The VPC." });

/** How subnets that need the internet reach it. */
export const natSettings = (leaf: Leaf) =>
  oneOf({
    perZone: z
      .strictObject({
        allocations: z
          .record(z.string(), leaf(allocationId()))
          .default({})
          .meta({ description: "Allocation ids of elastic addresses that exist, by zone. Zones without one get a new address." }),
      })
      .meta({ description: "A NAT gateway in each zone in which subnets are made that need one." }),
    single: z
      .strictObject({
        zone: z.string().meta({ description: "Zone of the gateway." }),
        allocation: leaf(allocationId()).optional().meta({ description: "Allocation id of an elastic address that exists." }),
      })
      .meta({ description: "One NAT gateway for all zones: cheaper, and gone with its zone." }),
    existing: z
      .strictObject({
        gateways: z.record(z.string(), leaf(awsId("nat", "a NAT gateway"))).meta({
          description: "Ids of the NAT gateways, by the zone that they serve. One in another zone serves it if it serves its own zone too.",
        }),
      })
      .meta({ description: "Public NAT gateways that exist." }),
    none: z.strictObject({}).meta({ description: "No NAT gateway and no default route: you route the connector subnets yourself." }),
  })
    .prefault({ perZone: {} })
    .meta({ description: "NAT gateways." });

/** Where subnets lie. */
export const subnetSettings = (leaf: Leaf) =>
  z
    .strictObject({
      zoneSlots: z
        .literal([...zoneSlotChoices])
        .default(4)
        .meta({ description: "Zones for which space is reserved. Changing it after the first deployment moves every planned subnet." }),
      ranges: z
        .record(z.string(), z.partialRecord(z.enum(tiers), subnetRange()))
        .default({})
        .meta({ description: "Ranges written by hand, by zone and tier. All others are planned." }),
      existing: z
        .record(
          z.string(),
          z
            .partialRecord(z.enum(tiers), leaf(awsId("subnet", "a subnet")))
            .meta({ description: "Ids of the zone's subnets that exist, by tier." }),
        )
        .default({})
        .meta({
          description: "Ids of subnets that exist, by zone and tier: none is made there, and their route tables stay as they are.",
          examples: [{ a: { connector: "subnet-0123456789abcdef0" } }],
        }),
      workloads: z
        .enum(["perZone", "none"])
        .optional()
        .meta({ description: "Subnets for workloads: in each zone, as by default in a VPC that is made, or none, as in one that exists." }),
      leaveRouteTables: z
        .array(z.enum(["connector", "workload"]))
        .default([])
        .meta({
          description: "Tiers that get no route table and no routes from us: their subnets use the VPC's main table until you route them.",
        }),
    })
    .prefault({})
    .meta({ description: "Ranges and route tables of the subnets." });

/** AWS services that the VPC reaches by endpoints of its own. */
export const privateEndpointSettings = () =>
  z.array(z.enum(privateEndpointServices)).default([]).meta({
    description:
      "AWS services reached by VPC endpoints in the connector subnets instead of the internet. All of the VPC resolves their names to the endpoints.",
  });

export const networkSettings = (leaf: Leaf) =>
  z.strictObject({
    vpc: vpcSettings(leaf),
    nat: natSettings(leaf),
    subnets: subnetSettings(leaf),
    privateEndpoints: privateEndpointSettings(),
  });

export type NetworkSettings = Immutable<z.input<ReturnType<typeof networkSettings>>>;
/** Where subnets lie, as far as it decides which there are. */
export type SubnetChoices = Pick<SubnetSettings, "existing" | "ranges" | "workloads">;
export type SubnetSettings = Immutable<z.output<ReturnType<typeof subnetSettings>>>;
export type Vpc = Immutable<z.output<ReturnType<typeof vpcSettings>>>;
export type Nat = Immutable<z.output<ReturnType<typeof natSettings>>>;
