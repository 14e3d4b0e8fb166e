import * as z from "zod/mini";
import { readSecret } from "../../lambda/function/secret";

const text = z.string().check(z.minLength(1));
const credentials = z.object({ client_id: text, client_secret: text });

/** Who logs in to the ZPA API: a client of OneAPI. */
export type Credentials = z.infer<typeof credentials>;

/**
 * Reads the secret of the ZPA API.
 *
 * @throws CallFailed that names what is missing, and nothing of what is there
 */
export const readCredentials = (secret: string): Credentials => readSecret(credentials, secret);

/** What is sent to log in, as by Zscaler's own SDK for Go (oneapiclient.go). */
export const loginOf = ({ client_id, client_secret }: Credentials): string =>
  new URLSearchParams({ grant_type: "client_credentials", client_id, client_secret, audience: "https://api.zscaler.com" }).toString();
