import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, type Socket } from "node:net";
import { type Certificate, makeCertificate } from "./certificate";

/** What the portal is asked for. */
export type Operation = "login" | "remove" | "status" | "activate" | "logout" | "unknown";

interface PortalCall {
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What it was answered; none while it waits, and if it got no answer. */
  status?: number;
}

/** A Zscaler portal as Zscaler documents its API, behind TLS on the loopback. */
export interface PortalServer {
  /** Address and port. */
  readonly host: string;
  /** The certificate to trust, in PEM. */
  readonly certificateAuthority: string;
  /** The text of the secret that it takes, and its three values. */
  readonly secret: string;
  readonly secrets: readonly string[];
  /** All calls that came through TLS, oldest first. */
  readonly calls: readonly PortalCall[];
  /** How many connections came, through TLS or not. */
  readonly connections: () => number;
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
  /** Answers the next calls of an operation like this, one each. */
  next(operation: Operation, ...answers: readonly RequestListener[]): void;
  /** Answers all calls of an operation like this, or as usual again. */
  always(operation: Operation, answer: RequestListener | undefined): void;
  stop(): Promise<void>;
}

const credentials = { api_key: "kEy9AbCdEf0G", username: "automation@example.com", password: 'pa"ss wörd&1' };

/** Any status, with what Zscaler says in such a case. */
export const status =
  (code: number, body: Readonly<Record<string, unknown>> = { code: "SOME_REASON", message: "…" }, headers = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(code, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));

const rawSockets = new WeakMap<object, Socket>();

/** Answers that are none. */
export const troubles = {
  silence: () => undefined,
  hangUp: ({ socket }) => void socket.destroy(),
  /** A TLS socket cannot reset its connection. */
  reset: ({ socket }) => void (rawSockets.get(socket) ?? socket).resetAndDestroy(),
  headersThenSilence: (_, response) => {
    response.writeHead(200, { "Content-Length": 2 });
    response.flushHeaders();
  },
  brokenOff: (_, response) => {
    response.writeHead(200, { "Content-Length": 20 });
    response.write("{", () => response.socket?.destroy());
  },
  drip: (_, response) => {
    response.writeHead(200, { "Content-Length": 10_000 });
    const timer = setInterval(() => response.write(" "), 50);
    response.on("close", () => clearInterval(timer));
  },
  endlessBody: (_, response) => pour(response),
  garbage: ({ socket }) => void socket.end("SSH-2.0-OpenSSH_9.6\r\n"),
} as const satisfies Record<string, RequestListener>;

const pour = (response: ServerResponse): void => {
  while (response.write("x".repeat(16 * 1024)));
  response.once("drain", () => pour(response));
};

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

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}

/** @param certificate by default one of its own for its address */
export async function startPortal(certificate: Certificate = makeCertificate("IP:127.0.0.1", "DNS:localhost")): Promise<PortalServer> {
  const records = new Set<string>();
  const calls: PortalCall[] = [];
  const sessions = new Set<string>();
  const cookies: string[] = [];
  const queued = new Map<Operation, RequestListener[]>();
  const lasting = new Map<Operation, RequestListener>();
  const sockets = new Set<Socket>();
  let edits = false;
  let activations = 0;
  let connections = 0;

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

  const server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    const { method = "", url: path = "" } = request;
    const operation = operationOf(method, path);
    const call: PortalCall = { operation, method, path, at: Date.now() };
    calls.push(call);
    // The function hangs up on some answers.
    response.on("error", () => undefined);
    response.on("finish", () => (call.status = response.statusCode));
    const answer = queued.get(operation)?.shift() ?? lasting.get(operation) ?? asUsual(operation, path, request);
    answer(request, response);
  });
  const byPort = new Map<number, Socket>();
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    byPort.set(socket.remotePort ?? 0, socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("secureConnection", (socket: Socket) => {
    const raw = byPort.get(socket.remotePort ?? 0);
    if (raw) rawSockets.set(socket, raw);
  });
  // Whoever does not trust the certificate hangs up amid the handshake.
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificateAuthority: certificate.cert,
    secret: JSON.stringify(credentials),
    secrets: Object.values(credentials),
    calls,
    connections: () => connections,
    records,
    activations: () => activations,
    hasEdits: () => edits,
    openSessions: () => sessions.size,
    cookies,
    expireSessions: () => sessions.clear(),
    next: (operation, ...answers) => void queued.set(operation, [...(queued.get(operation) ?? []), ...answers]),
    always: (operation, answer) => {
      lasting.delete(operation);
      if (answer !== undefined) lasting.set(operation, answer);
    },
    stop: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
