import { checked, ConfigurationError, parseJson } from "../../lambda/function/configuration";
import { environmentNames, type FailoverDocument, failoverDocument, itemsPart, settingsPart } from "./document";
import { routeId } from "./decide";

/** The name, in the path of a document that is kept in parts, of the part with the settings. */
const settingsName = "settings";

type ReadParts = (path: string) => Promise<Readonly<Record<string, string>>>;

/**
 * Reads the function's document: from its environment, or from the parameters that the environment names.
 *
 * @throws ConfigurationError with all that is wrong with it
 */
export async function readDocument(environment: NodeJS.ProcessEnv, readParts: ReadParts): Promise<FailoverDocument> {
  const text = environment[environmentNames.document];
  const path = environment[environmentNames.path];
  if (text === undefined && path === undefined) {
    throw new ConfigurationError(`neither ${environmentNames.document} nor ${environmentNames.path} is set`);
  }
  const value = text === undefined ? join(await readParts(String(path))) : parseJson(environmentNames.document, text);
  const document = checked(failoverDocument, "the document", value);
  const mistakes = mistakesIn(document);
  if (mistakes.length > 0) throw new ConfigurationError(mistakes.join("; "));
  return document;
}

/** Puts the parts of a document together. */
function join(texts: Readonly<Record<string, string>>): unknown {
  const parts = Object.entries(texts).map(([name, text]) => ({ name, value: parseJson(name, text) }));
  const isSettings = ({ name }: { readonly name: string }) => name.endsWith(`/${settingsName}`);
  const [first] = parts.filter(isSettings);
  if (first === undefined) throw new ConfigurationError(`there is no parameter ${settingsName} in the document's path`);
  const { parts: expected, ...settings } = checked(settingsPart, first.name, first.value);
  if (parts.length !== expected) throw new ConfigurationError(`the document has ${expected} parts, and ${parts.length} are there`);
  const items = parts.filter((part) => !isSettings(part)).map(({ name, value }) => checked(itemsPart, name, value));
  return {
    ...settings,
    connectors: Object.assign({}, ...items.map(({ connectors = {} }) => connectors)) as unknown,
    routes: items.flatMap(({ routes = [] }) => routes),
  };
}

/** What is wrong with a document as a whole. */
function mistakesIn({ connectors, routes, drained }: FailoverDocument): readonly string[] {
  const unknown = (key: string): boolean => connectors[key] === undefined;
  const ids = routes.map(routeId);
  return [
    ...(routes.length === 0 ? ["there is no route"] : []),
    ...routes.filter(({ home }) => unknown(home)).map((route) => `route ${routeId(route)}: there is no connector ${route.home}`),
    ...drained.filter(unknown).map((key) => `drained: there is no connector ${key}`),
    ...ids.filter((id, index) => ids.indexOf(id) < index).map((id) => `route ${id} is there twice`),
  ];
}
