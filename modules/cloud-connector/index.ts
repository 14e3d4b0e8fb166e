export { CloudConnectors, type CloudConnectorsProps, type ConnectorSubnets } from "./cloud-connectors";
export { Connector } from "./connector";
export { type ConnectorParts, connectorParts, type ConnectorPartsProps } from "./parts";
export { type ConnectorSettings } from "./schema";
