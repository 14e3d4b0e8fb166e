import { z } from "zod";
import { fleetConnectorSettings } from "../modules/cloud-connector/schema";
import { fleetSettings } from "../modules/fleet-lifecycle/schema";
import { balancerSettings, endpointServiceSettings } from "../modules/gateway-load-balancer/schema";
import { privateEndpointSettings } from "../modules/network/schema";
import { steeringSettings } from "../modules/steering/schema";
import { failoverSettings } from "../modules/route-failover/schema";
import { type Immutable, type Leaf } from "../modules/validation/schema";
import { networkShape, zpaShape } from "./interface-steered";
import { judged } from "./judge-deployment";
import { judgeGwlb } from "./judge-gwlb";

/** What the gwlb template has. */
const gwlbShape = (leaf: Leaf) => {
  const { testHosts, ...network } = networkShape(leaf, ["a", "b"]);
  const { zpa } = zpaShape(leaf);
  return {
    ...network,
    privateEndpoints: privateEndpointSettings(),
    steering: steeringSettings(leaf),
    connectors: fleetConnectorSettings(leaf).meta({ description: "What each Cloud Connector is." }),
    fleet: fleetSettings(leaf),
    balancer: balancerSettings(leaf),
    endpointService: endpointServiceSettings(leaf),
    endpointTier: z.enum(["shared", "separate"]).default("shared").meta({
      description: "Whether the endpoints share the connector subnets, as in Zscaler's templates, or get subnets of their own.",
    }),
    zpa: zpa.optional(),
    failover: failoverSettings(leaf).optional().meta({
      description: "Destinations that are pinned to one connector, past the balancer, and how their routes are moved off one that fails.",
    }),
    testHosts,
  };
};

/** A deployment of the gwlb template. */
export const gwlbDeployment = (leaf: Leaf) =>
  judged(
    z.strictObject({
      template: z.literal("gwlb").meta({ description: "Kind of stack.", examples: ["gwlb"] }),
      ...gwlbShape(leaf),
    }),
    judgeGwlb,
  );

/** What a person gives: all that has a default may be left out. */
export type GwlbSettings = Immutable<z.input<ReturnType<typeof gwlbDeployment>>>;

/** A deployment of the gwlb template, with all defaults filled. */
export type GwlbDeployment = Immutable<z.output<ReturnType<typeof gwlbDeployment>>>;
