export { FleetFunction, type FleetFunctionProps } from "./fleet-function";
export { ScaledConnectors, type ScaledConnectorsProps } from "./scaled-connectors";
export { type AutoScalingSettings } from "./schema";
