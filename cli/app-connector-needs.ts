import { type AppConnectorsDeployment } from "../config/app-connectors";
import { instanceTypeOf, mostEnrolled, productCode } from "../modules/app-connector/schema";
import { present } from "../modules/validation/schema";
import { type PreflightRequest } from "./preflight";

/**
 * What App Connectors are going to ask of AWS.
 *
 * @param zones keys of their zones
 * @param zoneName the name of a zone
 */
export function appConnectorNeeds(
  { appConnectors, fleet, portal }: AppConnectorsDeployment,
  zones: readonly string[],
  zoneName: (key: string) => string,
): Pick<PreflightRequest, "instances" | "image" | "provisioningKey" | "furtherSecrets" | "diskKey"> {
  const { image, disk, proxy } = appConnectors;
  return {
    instances: [{ type: instanceTypeOf(appConnectors), count: mostEnrolled(fleet, zones), zones: zones.map(zoneName) }],
    furtherSecrets: [
      ...(portal
        ? [
            {
              what: "portal's secret",
              id: portal.secret,
              keys: ["client_id", "client_secret"],
              reader: { who: "the App Connector function", setting: "portal.secretKmsKey", ...present({ kmsKey: portal.secretKmsKey }) },
            },
          ]
        : []),
      ...(proxy?.secret === undefined ? [] : [{ what: "proxy's secret", id: proxy.secret, keys: ["username", "password"] }]),
    ],
    ...present({ image: imageOf(image), provisioningKey: keySource(appConnectors), diskKey: disk.kmsKey }),
  };
}

/** Red Hat's image needs no subscription. */
function imageOf({ zscaler, rhel }: AppConnectorsDeployment["appConnectors"]["image"]): PreflightRequest["image"] {
  const ami = zscaler?.ami ?? rhel?.ami;
  if (ami !== undefined) return { id: ami };
  return zscaler && { marketplace: productCode };
}

/** Where the key is, if it is one that somebody has stored. */
function keySource({
  enrollment: { key },
  instanceProfile,
}: AppConnectorsDeployment["appConnectors"]): PreflightRequest["provisioningKey"] {
  if (key?.parameterStore) return { parameter: key.parameterStore.parameter };
  if (!key?.secretsManager) return undefined;
  const { secret, field, kmsKey } = key.secretsManager;
  const reader = { who: "the App Connectors", setting: "kmsKey", ...present({ kmsKey }) };
  return { secret, ...present({ field, reader: instanceProfile.existing ? undefined : reader }) };
}
