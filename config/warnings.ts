import { warnAppConnectorFleet } from "../modules/app-connector/schema";
import { connectorZones } from "../modules/cloud-connector/schema";
import { warnFleet } from "../modules/fleet-lifecycle/schema";
import { type Immutable } from "../modules/validation/schema";
import { type Deployment } from "./deployment";
import { appConnectorCase } from "./judge-app-connectors";
import { fleetCase } from "./judge-gwlb";
import { zonesOf } from "./zones";

/** What a deployment may have, and had better not: each with what comes of it, and what to do instead. */
export function warningsOf(deployment: Immutable<Deployment>): readonly string[] {
  if (deployment.template === "app-connectors") {
    const { region, zones, fleet, appConnectors, portal } = deployment;
    return warnAppConnectorFleet(appConnectorCase({ zones: Object.keys(zonesOf(region, zones)), fleet, appConnectors, portal }));
  }
  if (deployment.template !== "gwlb") return [];
  const { region, zones, fleet, connectors, failover } = deployment;
  const withConnectors = connectorZones(Object.keys(zonesOf(region, zones)), connectors.servedBy);
  return warnFleet(fleetCase(fleet, { withConnectors, connectors, failover }));
}
