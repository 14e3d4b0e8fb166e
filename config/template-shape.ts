import type { z } from "zod";
import { type fleetConnectorSettings } from "../modules/cloud-connector/schema";
import { type appConnectorFleetSettings, type appConnectorSettings } from "../modules/app-connector/schema";
import { type fleetSettings } from "../modules/fleet-lifecycle/schema";
import { type failoverSettings } from "../modules/route-failover/schema";
import { type Vpc } from "../modules/network/schema";
import { type failoverShape, type interfaceSteeredShape, type networkShape, type zpaShape } from "./interface-steered";

type Network = ReturnType<typeof networkShape>;
type Steered = ReturnType<typeof interfaceSteeredShape>;
type Zpa = ReturnType<typeof zpaShape>["zpa"];

/** The schemas of a template's settings by key, of those by which a deployment is judged as a whole. */
export type TemplateShape = Omit<Network, "nat" | "network" | "testHosts"> &
  Partial<Pick<Network, "nat" | "testHosts"> & Pick<Steered, "privateEndpoints" | "steering">> & {
    readonly connectors?: Steered["connectors"] | ReturnType<typeof fleetConnectorSettings>;
    readonly network: Network["network"] | z.ZodType<Vpc & { readonly deployment?: string | undefined }>;
    readonly fleet?: ReturnType<typeof fleetSettings> | ReturnType<typeof appConnectorFleetSettings>;
    readonly appConnectors?: ReturnType<typeof appConnectorSettings>;
    readonly endpointTier?: z.ZodType<"shared" | "separate">;
    readonly endpointService?: z.ZodType;
    readonly ingress?: z.ZodType<{ readonly publicSubnets: "perZone" | "none" }>;
    /** Where it is optional, a deployment has it if it says so. In a spoke it is the hub's, or not. */
    readonly zpa?: Zpa | z.ZodOptional<Zpa> | z.ZodDefault<z.ZodBoolean>;
    /** Where it is optional, a deployment has it if it says so. */
    readonly failover?: ReturnType<typeof failoverShape>["failover"] | z.ZodOptional<ReturnType<typeof failoverSettings>>;
  };
