import { checked, ConfigurationError, isHost, parseJson } from "../../lambda/function/configuration";
import { environmentNames, type FleetDocument, fleetDocument } from "./document";

/**
 * Reads the function's document from its environment.
 *
 * @throws ConfigurationError with all that is wrong with it
 */
export function readDocument(environment: NodeJS.ProcessEnv): FleetDocument {
  const text = environment[environmentNames.document];
  if (text === undefined) throw new ConfigurationError(`${environmentNames.document} is not set`);
  const document = checked(fleetDocument, "the document", parseJson(environmentNames.document, text));
  const { host } = document.portal;
  if (!isHost(host)) throw new ConfigurationError(`the document.portal.host: ${host} is no host`);
  return document;
}
