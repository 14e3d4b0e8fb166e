import { checked, ConfigurationError, isHost, parseJson } from "../../lambda/function/configuration";
import { type AppConnectorDocument, appConnectorDocument, environmentNames } from "./document";
import { isPortalId } from "./parameters";

/** The names that Parameter Store takes (Systems Manager API, "PutParameter"). */
const pathForm = /^(\/[\w.-]+)+$/;

/**
 * Reads the function's document from its environment.
 *
 * @throws ConfigurationError with all that is wrong with it
 */
export function readDocument(environment: NodeJS.ProcessEnv): AppConnectorDocument {
  const text = environment[environmentNames.document];
  if (text === undefined) throw new ConfigurationError(`${environmentNames.document} is not set`);
  const document = checked(appConnectorDocument, "the document", parseJson(environmentNames.document, text));
  const mistakes = mistakesOf(document);
  if (mistakes.length > 0) throw new ConfigurationError(mistakes.map((mistake) => `the document.${mistake}`).join("; "));
  return document;
}

/** What the schema cannot say: the values are known to it before the deployment too. */
function mistakesOf({ parameters, portal, oauth }: AppConnectorDocument): readonly string[] {
  const mistakes = pathForm.test(parameters) ? [] : [`parameters: ${parameters} is no path of Parameter Store`];
  if (portal) {
    const { login, api, customer, microtenant } = portal;
    for (const [name, host] of Object.entries({ login, api })) if (!isHost(host)) mistakes.push(`portal.${name}: ${host} is no host`);
    for (const [name, id] of Object.entries({ customer, microtenant }))
      if (id !== undefined && !isPortalId(id)) mistakes.push(`portal.${name}: ${id} is no id of ZPA`);
  }
  if (oauth && !isPortalId(oauth.group)) mistakes.push(`oauth.group: ${oauth.group} is no id of ZPA`);
  if (oauth && !portal) mistakes.push("oauth: codes are registered in the portal, which is not there");
  return mistakes;
}
