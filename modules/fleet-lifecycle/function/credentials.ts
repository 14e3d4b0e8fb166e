import * as z from "zod/mini";
import { readSecret } from "../../lambda/function/secret";

/** What the obfuscation reads: a digit is at most 9, and 2 is added to some. */
const shortestKey = 12;

const credentials = z.object({
  api_key: z.string().check(z.minLength(shortestKey)),
  username: z.string().check(z.minLength(1)),
  password: z.string().check(z.minLength(1)),
});

/** Who logs in to the portal. */
export type Credentials = z.infer<typeof credentials>;

/**
 * Reads the secret that the connectors enroll with.
 *
 * @throws CallFailed that names what is missing, and nothing of what is there
 */
export const readCredentials = (secret: string): Credentials => readSecret(credentials, secret);

/**
 * What is sent to log in.
 *
 * The key is obfuscated by the time (Zscaler, "Getting Started" of the Cloud & Branch Connector API): each of the newest six digits of the
 * milliseconds picks a character of it, and so does each digit of half their number, two characters further on.
 *
 * @param now milliseconds since 1970
 */
export function loginOf({ api_key: key, username, password }: Credentials, now: number): string {
  const digits = String(now).slice(-6);
  const half = String(Number(digits) >> 1).padStart(6, "0");
  const pick = (from: string, further: number) => Array.from(from, (digit) => key.charAt(Number(digit) + further)).join("");
  return JSON.stringify({ apiKey: pick(digits, 0) + pick(half, 2), username, password, timestamp: now });
}
