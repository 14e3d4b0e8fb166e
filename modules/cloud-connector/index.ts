export { CloudConnectors, type CloudConnectorsProps, type ConnectorSubnets } from "./cloud-connectors";
export { Connector } from "./connector";
export { type ConnectorSettings } from "./schema";
