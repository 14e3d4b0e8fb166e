import { once } from "node:events";
import { type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, type Socket } from "node:net";
import { type Certificate } from "./certificate";

interface ServerCall<Operation> {
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What it was answered; none while it waits, and if it got no answer. */
  status?: number;
}

/** A server behind TLS on the loopback, of which some answers can be others than usual. */
export interface TlsServer<Operation> {
  /** Address and port. */
  readonly host: string;
  /** The certificate to trust, in PEM. */
  readonly certificateAuthority: string;
  /** All calls that came through TLS, oldest first. */
  readonly calls: readonly ServerCall<Operation>[];
  /** How many connections came, through TLS or not. */
  readonly connections: () => number;
  /** Answers the next calls of an operation like this, one each. */
  next(operation: Operation, ...answers: readonly RequestListener[]): void;
  /** Answers all calls of an operation like this, or as usual again. */
  always(operation: Operation, answer: RequestListener | undefined): void;
  stop(): Promise<void>;
}

interface TlsServerProps<Operation> {
  readonly certificate: Certificate;
  /** What is asked for. */
  readonly operationOf: (method: string, path: string) => Operation;
  readonly asUsual: (operation: Operation, path: string, request: IncomingMessage) => RequestListener;
}

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

export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}

export async function startTlsServer<Operation extends string>({
  certificate,
  operationOf,
  asUsual,
}: TlsServerProps<Operation>): Promise<TlsServer<Operation>> {
  const calls: ServerCall<Operation>[] = [];
  const queued = new Map<Operation, RequestListener[]>();
  const lasting = new Map<Operation, RequestListener>();
  const sockets = new Set<Socket>();
  let connections = 0;

  const server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
    const { method = "", url: path = "" } = request;
    const operation = operationOf(method, path);
    const call: ServerCall<Operation> = { operation, method, path, at: Date.now() };
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
    calls,
    connections: () => connections,
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
