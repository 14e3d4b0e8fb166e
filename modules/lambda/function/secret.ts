import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod/mini";
import { newCall } from "./aws-call";
import { CallFailed } from "./call-failed";

/**
 * The text of a secret.
 *
 * @throws CallFailed
 */
export async function secretText(secretsManager: SecretsManagerClient, SecretId: string): Promise<string> {
  const { SecretString } = await newCall()((options) => secretsManager.send(new GetSecretValueCommand({ SecretId }), options));
  if (SecretString === undefined) throw new CallFailed(`the secret ${SecretId} holds no text`, "refused");
  return SecretString;
}

/**
 * Reads the JSON of a secret.
 *
 * @throws CallFailed that names what is missing, and nothing of what is there
 */
export function readSecret<Schema extends z.ZodMiniType>(schema: Schema, secret: string): z.output<Schema> {
  const result = z.safeParse(schema, parse(secret));
  if (result.success) return result.data;
  const wrong = result.error.issues.map(({ path: [name = "JSON"] }) => String(name));
  throw new CallFailed(`the secret lacks ${wrong.join(", ")}, or it is too short`, "refused");
}

function parse(secret: string): unknown {
  try {
    return JSON.parse(secret) as unknown;
  } catch {
    // What JSON.parse says of it would quote the secret.
    return undefined;
  }
}
