export { AppConnectorGroup } from "./app-connector-group";
export { DataEnrollmentCertificate } from "./enrollment-certificate";
export { ZpaProvider } from "./provider";
export { ProvisioningKey } from "./provisioning-key";
