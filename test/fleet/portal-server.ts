import { randomUUID } from "node:crypto";
import { type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { type Certificate, makeCertificate } from "./certificate";
import { bodyOf, startTlsServer, status, type TlsServer } from "./tls-server";

/** What the portal is asked for. */
export type Operation = "login" | "remove" | "status" | "activate" | "logout" | "unknown";

/** A Zscaler portal as Zscaler documents its API, behind TLS on the loopback. */
export interface PortalServer extends TlsServer<Operation> {
  /** The text of the secret that it takes, and its three values. */
  readonly secret: string;
  readonly secrets: readonly string[];
  /** The connectors that it knows, as group/vm. */
  readonly records: Set<string>;
  /** How often changes were activated. */
  readonly activations: () => number;
  /** Whether removals wait for an activation. */
  readonly hasEdits: () => boolean;
  readonly openSessions: () => number;
  /** The cookies that it gave out. */
  readonly cookies: readonly string[];
  expireSessions(): void;
}

const credentials = { api_key: "kEy9AbCdEf0G", username: "automation@example.com", password: 'pa"ss wörd&1' };

const operationOf = (method: string, path: string): Operation => {
  switch (`${method} ${path.replace(/^\/api\/v1\/ecgroup\/\d+\/vm\/\d+$/, "record")}`) {
    case "POST /api/v1/auth":
      return "login";
    case "DELETE /api/v1/auth":
      return "logout";
    case "DELETE record":
      return "remove";
    case "GET /api/v1/ecAdminActivateStatus":
      return "status";
    case "PUT /api/v1/ecAdminActivateStatus/activate":
      return "activate";
    default:
      return "unknown";
  }
};

/** The key as the portal expects it: the digits of the time are positions in it. */
function expectedKey(timestamp: number): string {
  const digitsOf = (time: number): readonly number[] => Array.from(String(time).padStart(6, "0"), Number);
  const time = timestamp % 1_000_000;
  const positions = [...digitsOf(time), ...digitsOf(Math.floor(time / 2)).map((digit) => digit + 2)];
  return positions.map((position) => credentials.api_key[position]).join("");
}

/** @param certificate by default one of its own for its address */
export async function startPortal(certificate: Certificate = makeCertificate("IP:127.0.0.1", "DNS:localhost")): Promise<PortalServer> {
  const records = new Set<string>();
  const sessions = new Set<string>();
  const cookies: string[] = [];
  let edits = false;
  let activations = 0;

  const logIn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { apiKey, username, password, timestamp } = JSON.parse(await bodyOf(request)) as Readonly<Record<string, unknown>>;
    const isRight =
      typeof timestamp === "number" &&
      apiKey === expectedKey(timestamp) &&
      username === credentials.username &&
      password === credentials.password;
    if (!isRight) {
      status(401, { code: "AUTHENTICATION_FAILED", message: `${String(username)} with ${String(password)}` })(request, response);
      return;
    }
    const cookie = randomUUID();
    cookies.push(cookie);
    sessions.add(cookie);
    response.setHeader("Set-Cookie", [`JSESSIONID=${cookie}; Path=/; Secure; HttpOnly`, "ZS_SESSION_CODE=some; Path=/"]);
    status(200, { authType: "ADMIN_LOGIN" })(request, response);
  };

  const inSession = (operation: Operation, path: string): RequestListener => {
    const [, group = "", vm = ""] = /ecgroup\/(\d+)\/vm\/(\d+)/.exec(path) ?? [];
    switch (operation) {
      case "remove":
        if (!records.delete(`${group}/${vm}`)) return status(404, { code: "RESOURCE_NOT_FOUND" });
        edits = true;
        return (_, response) => void response.writeHead(204).end();
      case "status":
        return status(200, { orgEditStatus: edits ? "EDITS_PRESENT" : "EDITS_CLEARED", adminActivateStatus: "ADM_LOGGED_IN" });
      case "activate":
        edits = false;
        activations += 1;
        return status(200, { orgEditStatus: "EDITS_CLEARED", adminActivateStatus: "ADM_ACTV_DONE" });
      default:
        return status(404, { code: "RESOURCE_NOT_FOUND" });
    }
  };

  const asUsual = (operation: Operation, path: string, request: IncomingMessage): RequestListener => {
    if (request.headers["content-type"] !== "application/json") return status(415);
    if (operation === "login") return (_, response) => void logIn(request, response);
    const cookie = /JSESSIONID=([^;]*)/.exec(request.headers.cookie ?? "")?.[1] ?? "";
    if (!sessions.has(cookie)) return status(401, { code: "SESSION_NOT_VALID" });
    if (operation !== "logout") return inSession(operation, path);
    sessions.delete(cookie);
    return status(200);
  };

  const server = await startTlsServer({ certificate, operationOf, asUsual });
  return {
    ...server,
    secret: JSON.stringify(credentials),
    secrets: Object.values(credentials),
    records,
    activations: () => activations,
    hasEdits: () => edits,
    openSessions: () => sessions.size,
    cookies,
    expireSessions: () => sessions.clear(),
  };
}
