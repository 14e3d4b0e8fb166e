/**
 * What a connector reads at its first boot, and only then: where to enroll, the name of the secret with the credentials to enroll with, and
 * the port on which it answers health probes. Values may be tokens.
 */
export const userData = (provisioningUrl: string, secretName: string, healthProbePort: string): string =>
  ["[ZSCALER]", `CC_URL=${provisioningUrl}`, `SECRET_NAME=${secretName}`, `HTTP_PROBE_PORT=${healthProbePort}`, ""].join("\n");
