import { z } from "zod";
import { deploymentName } from "../modules/naming/schema";
import { steeringSettings } from "../modules/steering/schema";
import { type Immutable, type Leaf, matching, oneOf } from "../modules/validation/schema";
import { zpaSettings } from "../modules/zpa-dns/schema";
import { vpcShape } from "./interface-steered";
import { judged } from "./judge-deployment";
import { judgeSpoke } from "./judge-spoke";

/** The name that AWS gave an endpoint service. In China it begins with cn. */
const serviceName = () =>
  matching(
    /^(cn\.)?com\.amazonaws\.vpce\.[a-z]{2}(-[a-z]+)+-\d\.vpce-svc-[0-9a-f]{8,17}$/,
    "name of an endpoint service",
    "give one such as com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0",
  );

/** Which service the endpoints lead to. */
const endpointService = (leaf: Leaf) =>
  oneOf({
    name: leaf(serviceName()).meta({
      description: "Name of an endpoint service: of a hub elsewhere, or of a Zero Trust Gateway of Zscaler's.",
      examples: ["com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0"],
    }),
    deployment: deploymentName().meta({ description: "Name of a gwlb deployment of this file: the hub.", examples: ["hub"] }),
  }).meta({ description: "The service of the connectors to which the endpoints lead." });

const ingress = () =>
  z
    .strictObject({
      publicSubnets: z.enum(["perZone", "none"]).default("none").meta({
        description: "Subnets that lead to the internet gateway, for load balancers of your own: in each zone, or none.",
      }),
      edgeRoutes: z.boolean().default(false).meta({
        description:
          "Whether what the internet gateway brings for workload subnets goes to the endpoint of their zone first, by a route table of the gateway's.",
      }),
    })
    .prefault({})
    .meta({ description: "How others reach the VPC from the internet." });

/** What the spoke template has. */
const spokeShape = (leaf: Leaf) => {
  const { testHosts, ...vpc } = vpcShape(leaf, ["a", "b"]);
  return {
    ...vpc,
    zones: vpc.zones.meta({
      description:
        "Zones: letters of the region, full names, or ids such as usw2-az1, where the hub's account has other names for them. Their order fixes where subnets lie: append, do not insert.",
    }),
    endpointService: endpointService(leaf),
    steering: steeringSettings(leaf).meta({ description: "Route tables that are led to the endpoints besides those that are made." }),
    ingress: ingress(),
    zpa: z
      .boolean()
      .default(false)
      .meta({ description: "Whether the VPC's DNS queries for ZPA applications are forwarded by the hub's Resolver rules." }),
    resolverRules: zpaSettings(leaf).shape.existingRules.meta({
      description: "Ids of the Resolver rules of a hub elsewhere, shared with the account, by a name of your own.",
    }),
    testHosts,
  };
};

/** A deployment of the spoke template. */
export const spokeDeployment = (leaf: Leaf) =>
  judged(
    z.strictObject({
      template: z.literal("spoke").meta({ description: "Kind of stack.", examples: ["spoke"] }),
      ...spokeShape(leaf),
    }),
    judgeSpoke,
  );

/** What a person gives: all that has a default may be left out. */
export type SpokeSettings = Immutable<z.input<ReturnType<typeof spokeDeployment>>>;

/** A deployment of the spoke template, with all defaults filled. */
export type SpokeDeployment = Immutable<z.output<ReturnType<typeof spokeDeployment>>>;
