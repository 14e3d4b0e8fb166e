import { en } from "zod/v4/locales";
import * as z from "zod/mini";

/** What is wrong with what a function was given: all of it. */
export class ConfigurationError extends Error {}

/** @throws ConfigurationError when the text of that name is no JSON */
export function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new ConfigurationError(`${name} is no JSON: ${(error as Error).message}`);
  }
}

/** @throws ConfigurationError with all that is wrong with the value of that name */
export function checked<Schema extends z.core.$ZodType>(schema: Schema, name: string, value: unknown): z.output<Schema> {
  // By itself zod/mini says "Invalid input" of everything.
  const result = z.safeParse(schema, value, { error: en().localeError });
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(({ path, message }) => `${[name, ...path.map(String)].join(".")}: ${message}`);
  throw new ConfigurationError(mistakes.join("; "));
}

/** Whether it is a name or an address, with or without a port: anything more could send credentials elsewhere. */
export const isHost = (text: string): boolean => /^[a-z0-9.-]+(:\d+)?$/i.test(text);
