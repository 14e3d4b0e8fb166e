import { en } from "zod/v4/locales";
import * as z from "zod/mini";
import { environmentNames, type FleetDocument, fleetDocument } from "./document";

/** What is wrong with the document that the function was given: all of it. */
export class ConfigurationError extends Error {}

/** A name or an address, with or without a port: anything more could send the credentials elsewhere. */
const hostForm = /^[a-z0-9.-]+(:\d+)?$/i;

/**
 * Reads the function's document from its environment.
 *
 * @throws ConfigurationError with all that is wrong with it
 */
export function readDocument(environment: NodeJS.ProcessEnv): FleetDocument {
  const text = environment[environmentNames.document];
  if (text === undefined) throw new ConfigurationError(`${environmentNames.document} is not set`);
  // By itself zod/mini says "Invalid input" of everything.
  const result = z.safeParse(fleetDocument, parse(text), { error: en().localeError });
  if (!result.success) {
    const mistakes = result.error.issues.map(({ path, message }) => `${["the document", ...path.map(String)].join(".")}: ${message}`);
    throw new ConfigurationError(mistakes.join("; "));
  }
  const { host } = result.data.portal;
  if (!hostForm.test(host)) throw new ConfigurationError(`the document.portal.host: ${host} is no host`);
  return result.data;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ConfigurationError(`${environmentNames.document} is no JSON: ${(error as Error).message}`);
  }
}
