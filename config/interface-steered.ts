import { z } from "zod";
import { connectorSettings } from "../modules/cloud-connector/schema";
import { natSettings, privateEndpointSettings, subnetSettings, vpcSettings } from "../modules/network/schema";
import { failoverSettings } from "../modules/route-failover/schema";
import { steeringSettings } from "../modules/steering/schema";
import { testHostSettings } from "../modules/test-hosts/schema";
import { type Immutable, type Leaf } from "../modules/validation/schema";
import { zpaSettings } from "../modules/zpa-dns/schema";
import { terraformSettings } from "./terraform";

/**
 * What all templates have in common that have a VPC with workloads.
 *
 * @param zones the zones by default
 */
export const vpcShape = (leaf: Leaf, zones: readonly string[]) => ({
  ...terraformSettings(leaf),
  zones: z
    .array(z.string())
    .min(1)
    .default([...zones])
    .meta({ description: "Zones: letters of the region, or full names. Their order fixes where subnets lie: append, do not insert." }),
  network: vpcSettings(leaf),
  subnets: subnetSettings(leaf),
  testHosts: testHostSettings(leaf).optional().meta({ description: "Hosts that try the deployment out. None by default." }),
});

/**
 * What the templates have besides in whose VPC there are NAT gateways.
 *
 * @param zones the zones by default
 */
export const networkShape = (leaf: Leaf, zones: readonly string[]) => {
  const { subnets, testHosts, ...vpc } = vpcShape(leaf, zones);
  return { ...vpc, nat: natSettings(leaf), subnets, testHosts };
};

/**
 * What the templates have in common whose subnets are steered by `interface`.
 *
 * @param zones the zones by default
 */
export const interfaceSteeredShape = (leaf: Leaf, zones: readonly string[]) => {
  const { testHosts, ...network } = networkShape(leaf, zones);
  return {
    ...network,
    privateEndpoints: privateEndpointSettings(),
    steering: steeringSettings(leaf),
    connectors: connectorSettings(leaf).meta({ description: "The Cloud Connectors." }),
    testHosts,
  };
};

/** What the templates with ZPA have besides. */
export const zpaShape = (leaf: Leaf) => ({
  zpa: zpaSettings(leaf).meta({
    description: "DNS of the applications that workloads reach by Zscaler Private Access.",
    examples: [{ domains: { crm: "crm.example.com" } }],
  }),
});

/** What the templates with failover have besides. */
export const failoverShape = (leaf: Leaf) => ({
  failover: failoverSettings(leaf).prefault({}).meta({ description: "How routes are moved off a connector that fails." }),
});

type Settings<Shape extends z.ZodRawShape> = Immutable<z.output<z.ZodObject<Shape>>> & { readonly template: string };

/** A deployment of any of these templates, with all defaults filled. */
export type InterfaceSteeredDeployment = Settings<ReturnType<typeof interfaceSteeredShape>> &
  Partial<Settings<ReturnType<typeof zpaShape>> & Settings<ReturnType<typeof failoverShape>>>;

/** A deployment without connectors, with all defaults filled. */
export type NetworkDeployment = Settings<ReturnType<typeof networkShape>>;
