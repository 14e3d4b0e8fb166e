import { z } from "zod";
import { tiers, zoneSlotChoices } from "../addressing";
import { rangeName, subnetRange, vpcRange } from "../addressing/schema";
import { retentionDays } from "../logs/schema";
import { findingMessage, type Immutable, type Leaf, matching, oneOf } from "../validation/schema";

export { isLocal, judgeZoneKeys, parseZone, zonesByKey } from "./zones";

const allocationId = () =>
  matching(/^eipalloc-[0-9a-f]{8,17}$/, "id of an elastic address's allocation", "give an id such as eipalloc-0123456789abcdef0");

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

const createVpc = (leaf: Leaf) =>
  z.strictObject({
    cidr: vpcRange().meta({ description: "Range of the VPC, /16 to /28. Planned subnets lie in it.", examples: ["10.1.0.0/16"] }),
    secondaryCidrs: z
      .record(secondaryName(), vpcRange())
      .default({})
      .meta({ description: "Further ranges of the VPC, by a name of your own. Subnets in them are written in `subnets.ranges`." }),
    namespace: leaf(z.string().min(1).max(256))
      .optional()
      .meta({ description: "Value of the VPC's `zs:namespace` tag, by which Zscaler tells overlapping addresses apart." }),
    lockDefaultSecurityGroup: z.boolean().default(true).meta({ description: "Take every rule out of the VPC's default security group." }),
    flowLogs: z
      .strictObject({
        retentionDays: retentionDays().default(30).meta({ description: "Days for which CloudWatch keeps the flow logs." }),
      })
      .optional()
      .meta({ description: "Log the VPC's flows to CloudWatch." }),
  });

/** Which VPC a deployment stands in. */
export const vpcSettings = (leaf: Leaf) =>
  oneOf({ create: createVpc(leaf).meta({ description: "Make a VPC." }) }).meta({ description: "The VPC." });

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
      .meta({ description: "A NAT gateway in each zone that has connectors." }),
    single: z
      .strictObject({
        zone: z.string().meta({ description: "Zone of the gateway." }),
        allocation: leaf(allocationId()).optional().meta({ description: "Allocation id of an elastic address that exists." }),
      })
      .meta({ description: "One NAT gateway for all zones: cheaper, and gone with its zone." }),
    none: z.strictObject({}).meta({ description: "No NAT gateway and no default route: you route the connector subnets yourself." }),
  })
    .prefault({ perZone: {} })
    .meta({ description: "NAT gateways." });

/** Where subnets lie. */
export const subnetSettings = () =>
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
    subnets: subnetSettings(),
    privateEndpoints: privateEndpointSettings(),
  });

export type NetworkSettings = Immutable<z.input<ReturnType<typeof networkSettings>>>;
export type Nat = Immutable<z.output<ReturnType<typeof natSettings>>>;
