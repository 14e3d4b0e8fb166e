import { z } from "zod";
import { appConnectorFleetSettings, appConnectorSettings, operationsSettings, portalSettings } from "../modules/app-connector/schema";
import { deploymentName } from "../modules/naming/schema";
import { privateEndpointSettings, vpcChoices } from "../modules/network/schema";
import { type Immutable, type Leaf, oneOf } from "../modules/validation/schema";
import { networkShape } from "./interface-steered";
import { judgeAppConnectors } from "./judge-app-connectors";
import { judged } from "./judge-deployment";
import { terraformSettings } from "./terraform";

const network = (leaf: Leaf) =>
  oneOf({
    ...vpcChoices(leaf),
    deployment: deploymentName().meta({
      description:
        "Name of a deployment of this file, in whose VPC the App Connectors stand, in subnets of their own, and by whose NAT gateways they leave.",
      examples: ["egress"],
    }),
  }).meta({ description: "The VPC." });

/** What the app-connectors template has. */
const appConnectorsShape = (leaf: Leaf) => {
  const { zones, nat, subnets } = networkShape(leaf, ["a", "b"]);
  return {
    ...terraformSettings(leaf),
    zones,
    network: network(leaf),
    nat,
    subnets,
    privateEndpoints: privateEndpointSettings(),
    appConnectors: appConnectorSettings(leaf).meta({ description: "What each App Connector is." }),
    fleet: appConnectorFleetSettings(leaf),
    portal: portalSettings(leaf).optional(),
    operations: operationsSettings(leaf),
  };
};

/** A deployment of the app-connectors template. */
export const appConnectorsDeployment = (leaf: Leaf) =>
  judged(
    z.strictObject({
      template: z.literal("app-connectors").meta({ description: "Kind of stack.", examples: ["app-connectors"] }),
      ...appConnectorsShape(leaf),
    }),
    judgeAppConnectors,
  );

/** What a person gives: all that has a default may be left out. */
export type AppConnectorsSettings = Immutable<z.input<ReturnType<typeof appConnectorsDeployment>>>;

/** A deployment of the app-connectors template, with all defaults filled. */
export type AppConnectorsDeployment = Immutable<z.output<ReturnType<typeof appConnectorsDeployment>>>;
