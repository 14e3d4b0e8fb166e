import { fail, failOnAny, listed, pass, unknown, type Verdict } from "./check";
import { type Key, type SecretState } from "./aws";
import { type SecretReader } from "./request";

/** Keys that a connector reads from its secret. */
export const secretKeys = ["api_key", "username", "password"] as const;

/** Reduces a secret's text to the state of the named keys. */
export function stateOf(secretText: string | undefined, keys: readonly string[]): SecretState {
  if (secretText === undefined) return { is: "not text" };
  let content: unknown;
  try {
    content = JSON.parse(secretText);
  } catch {
    // The error quotes the text.
    return { is: "not a JSON object" };
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) return { is: "not a JSON object" };
  const values = new Map<string, unknown>(Object.entries(content));
  return {
    is: "readable",
    missing: keys.filter((key) => !values.has(key)),
    empty: keys.filter((key) => {
      const value = values.get(key);
      return values.has(key) && (typeof value !== "string" || value.trim() === "");
    }),
  };
}

/** Whether a secret has the keys that are read from it, which must all be there: connectors read theirs when they boot, and do not enroll without. */
export function judgeSecret(name: string, region: string, state: SecretState, keys: readonly string[]): Verdict {
  const content = `a JSON object with the keys ${listed(keys)}, each a text`;
  switch (state.is) {
    case "absent":
      return fail(`${region} has no secret ${name}`, `make it: ${content}`);
    case "about to be deleted":
      return fail(`${name} is about to be deleted`, `aws secretsmanager restore-secret --region ${region} --secret-id '${name}'`);
    case "without a value":
    case "not text":
    case "not a JSON object":
      return fail(`${name} is ${state.is}`, `store ${content}`);
    case "readable": {
      const fix = `store ${content}`;
      return failOnAny(
        [
          ...(state.missing.length > 0 ? [{ detail: `${name} lacks ${listed(state.missing)}`, fix }] : []),
          ...(state.empty.length > 0 ? [{ detail: `${name} has no text in ${listed(state.empty)}`, fix }] : []),
        ],
        `${name} has ${listed(keys)}`,
      );
    }
  }
}

/** A KMS key as the configuration or the secret names it, and what KMS knows of it. */
export interface NamedKey {
  readonly name: string;
  readonly key: Key | undefined;
}

/**
 * Whether a reader's role, which may decrypt with the key that the configuration names and with no other, can read the secret. The account's default
 * key (`aws/secretsmanager`) needs no permission.
 */
export function judgeSecretKey(
  secret: string,
  encryptedWith: NamedKey | undefined,
  named: NamedKey | undefined,
  { who, setting }: Omit<SecretReader, "kmsKey">,
): Verdict {
  if (encryptedWith === undefined || encryptedWith.key?.ofAws === true) {
    return pass(
      `${secret} is encrypted with the account's default key${named === undefined ? "" : `, so that ${named.name} is not needed`}`,
    );
  }
  if (named === undefined) {
    return fail(
      `${secret} is encrypted with ${encryptedWith.name}, which ${who} may not use`,
      `name it: ${setting}: ${encryptedWith.name}`,
    );
  }
  if (named.key === undefined)
    return fail(`there is no KMS key ${named.name}`, `name the key of the secret: ${setting}: ${encryptedWith.name}`);
  if (encryptedWith.key === undefined) {
    return unknown(
      `KMS does not find ${encryptedWith.name}, with which ${secret} is encrypted`,
      "encrypt the secret with a key that exists, and name that",
    );
  }
  if (encryptedWith.key.arn !== named.key.arn) {
    return fail(
      `${secret} is encrypted with ${encryptedWith.key.arn}, not with ${named.name}`,
      `name it: ${setting}: ${encryptedWith.key.arn}`,
    );
  }
  if (named.key.state !== "Enabled") {
    return fail(
      `${named.name}, with which ${secret} is encrypted, is ${named.key.state}`,
      "enable the key, or encrypt the secret with another",
    );
  }
  return pass(`${secret} is encrypted with ${named.name}`);
}
