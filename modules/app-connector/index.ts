export { AppConnector } from "./app-connector";
export { AppConnectorFunction } from "./app-connector-function";
export { type AppConnectorsProps, AppConnectors, type AppConnectorSubnet } from "./app-connectors";
export { OperationsDocuments } from "./operations";
export { type AppConnectorSettings } from "./schema";
export { AppConnectorGroup, ProvisioningKey, ZpaProvider } from "./zpa";
