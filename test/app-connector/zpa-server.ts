import { randomUUID } from "node:crypto";
import { type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { type Certificate, makeCertificate } from "../fleet/certificate";
import { bodyOf, startTlsServer, status, type TlsServer } from "../fleet/tls-server";

/** What ZPA is asked for. */
export type Operation = "login" | "read" | "change" | "delete" | "register" | "unknown";

type AppConnector = Readonly<Record<string, unknown>>;

/** The login of OneAPI and the ZPA API as Zscaler's SDK uses them, behind TLS on the loopback. */
export interface ZpaServer extends TlsServer<Operation> {
  /** The text of the secret that it takes, and its two values. */
  readonly secret: string;
  readonly secrets: readonly string[];
  /** The tokens that it gave out. */
  readonly tokens: readonly string[];
  /** The App Connectors that it knows, by id. */
  readonly appConnectors: Map<string, AppConnector>;
  /** Codes that instances show and nobody has registered. */
  readonly shown: Set<string>;
  readonly registered: readonly string[];
  /** Makes an App Connector. */
  add(id: string): void;
  expireTokens(): void;
}

export const customer = "72058304855015424";
export const microtenant = "216199618143191041";
export const groupOfCodes = "72058304855031234";

const credentials = { client_id: "cl1ent/id+1", client_secret: 'se"cret & wörd=1' };
const base = `/zpa/mgmtconfig/v1/admin/customers/${customer}`;
const missing = status(404, { id: "resource.not.found", reason: "Resource not found" });

const operationOf = (method: string, path: string): Operation => {
  const [place = "", query = ""] = path.split("?");
  if (`${method} ${path}` === "POST /oauth2/v1/token") return "login";
  if (query !== "" && query !== `microtenantId=${microtenant}`) return "unknown";
  switch (`${method} ${place.replace(base, "").replace(/\d+$/, "id")}`) {
    case "GET /connector/id":
      return "read";
    case "PUT /connector/id":
      return "change";
    case "DELETE /connector/id":
      return "delete";
    case "POST /CONNECTOR_GRP/usercodes":
      return "register";
    default:
      return "unknown";
  }
};

/** @param certificate by default one of its own for its address */
export async function startZpa(certificate: Certificate = makeCertificate("IP:127.0.0.1", "DNS:localhost")): Promise<ZpaServer> {
  const appConnectors = new Map<string, AppConnector>();
  const shown = new Set<string>();
  const registered: string[] = [];
  const tokens: string[] = [];
  const valid = new Set<string>();

  const logIn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = Object.fromEntries(new URLSearchParams(await bodyOf(request)));
    const wanted = { ...credentials, grant_type: "client_credentials", audience: "https://api.zscaler.com" };
    const isForm = request.headers["content-type"] === "application/x-www-form-urlencoded";
    if (!isForm || Object.entries(wanted).some(([name, value]) => form[name] !== value)) {
      status(401, { code: "AUTHENTICATION_FAILED", error_description: JSON.stringify(form) })(request, response);
      return;
    }
    const token = `ey.${randomUUID()}`;
    tokens.push(token);
    valid.add(token);
    status(200, { access_token: token, token_type: "Bearer", expires_in: "3600" })(request, response);
  };

  const change = async (id: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const given = JSON.parse(await bodyOf(request)) as AppConnector;
    const { enabled } = given;
    // ZPA takes what is left out for empty.
    const isWhole = typeof enabled === "boolean" && JSON.stringify(given) === JSON.stringify({ ...appConnectors.get(id), enabled });
    if (isWhole) appConnectors.set(id, given);
    (isWhole ? noContent : status(400))(request, response);
  };

  const register = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const given = JSON.parse(await bodyOf(request)) as { readonly componentGroupId: string; readonly user_codes: readonly string[] };
    const isGood = given.componentGroupId === groupOfCodes && given.user_codes.every((code) => shown.has(code));
    if (!isGood) {
      status(400, { id: "invalid.user.code", reason: given.user_codes.join() })(request, response);
      return;
    }
    for (const code of given.user_codes) {
      shown.delete(code);
      registered.push(code);
    }
    status(200, { userCodes: given.user_codes.map((userCode) => ({ userCode, status: "VERIFIED" })) })(request, response);
  };

  const asUsual = (operation: Operation, path: string, { headers }: IncomingMessage): RequestListener => {
    if (operation === "login") return (request, response) => void logIn(request, response);
    if (headers["content-type"] !== "application/json") return status(415);
    if (!valid.has((headers.authorization ?? "").replace(/^Bearer /, ""))) return status(401, { code: "SESSION_NOT_VALID" });
    if (operation === "register") return (request, response) => void register(request, response);
    const [, id = ""] = /\/connector\/(\d+)/.exec(path) ?? [];
    const found = appConnectors.get(id);
    if (found === undefined) return missing;
    if (operation === "read") return status(200, found);
    if (operation === "change") return (request, response) => void change(id, request, response);
    if (operation !== "delete") return missing;
    appConnectors.delete(id);
    return noContent;
  };

  const server = await startTlsServer({ certificate, operationOf, asUsual });
  return {
    ...server,
    secret: JSON.stringify(credentials),
    secrets: Object.values(credentials),
    tokens,
    appConnectors,
    shown,
    registered,
    add: (id) =>
      void appConnectors.set(id, { id, name: `app-connector-${id}`, enabled: true, enrollmentCert: { name: "Connector" }, ipAcl: [] }),
    expireTokens: () => valid.clear(),
  };
}

const noContent: RequestListener = (_, response) => void response.writeHead(204).end();
