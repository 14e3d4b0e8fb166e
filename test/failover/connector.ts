import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type RequestListener, type ServerResponse } from "node:http";
import { connect, createServer as createTcpServer, type AddressInfo } from "node:net";

/** A connector as a health probe meets it. */
interface Connector {
  stop(): Promise<void>;
}

/** A connector whose answers can be changed while it runs. */
export interface AnsweringConnector extends Connector {
  /** Answers probes from now on like this. */
  become(answer: Answer): void;
  /** Listens no longer. */
  refuse(): void;
  /** Listens again. */
  listen(): Promise<void>;
}

/** A connector in a process of its own. */
export interface ConnectorProcess extends Connector {
  /** Ends the process on the spot. */
  kill(): void;
  /** Lets packets disappear: the process stands still, and its queue of connections is full, so that the system drops every further one. */
  vanish(): Promise<void>;
}

export type Answer = RequestListener;

const writeEvery = (response: ServerResponse, milliseconds: number, text: string): void => {
  const timer = setInterval(() => response.write(text), milliseconds);
  response.on("close", () => clearInterval(timer));
};

const pour = (response: ServerResponse): void => {
  while (response.write("x".repeat(16 * 1024)));
  response.once("drain", () => pour(response));
};

/** What a connector can answer. */
export const answers = {
  ok: (_, response) => void response.end("ok"),
  /** What the body says does not count: Zscaler does not document it. */
  otherBody: (_, response) => void response.end("<html>out of order</html>"),
  reset: ({ socket }) => void socket.resetAndDestroy(),
  silence: () => undefined,
  headersThenSilence: (_, response) => {
    response.writeHead(200, { "Content-Length": 2 });
    response.flushHeaders();
  },
  byteEachSecond: (_, response) => {
    response.writeHead(200, { "Content-Length": 60 });
    writeEvery(response, 1000, "o");
  },
  endlessBody: (_, response) => {
    response.writeHead(200);
    pour(response);
  },
  error: (_, response) => void response.writeHead(500).end("error"),
  /** To a page that answers 200. */
  redirect: ({ url }, response) => {
    if (url === "/?cchealth") response.writeHead(302, { Location: "/elsewhere" });
    response.end("ok");
  },
  garbage: ({ socket }) => void socket.end("SSH-2.0-OpenSSH_9.6\r\n"),
} as const satisfies Record<string, Answer>;

/** A whole answer, after a while. */
export const late =
  (seconds: number): Answer =>
  (_, response) =>
    void setTimeout(() => response.end("ok"), 1000 * seconds);

/** A port that is free on all addresses, so that two tests on one machine have connectors of the same addresses. */
export async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, "0.0.0.0");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export async function startConnector(address: string, port: number): Promise<AnsweringConnector> {
  let answer: Answer = answers.ok;
  const server = createServer((request, response) => answer(request, response));
  const refuse = (): void => {
    server.close();
    server.closeAllConnections();
  };
  const listen = async (): Promise<void> => {
    server.listen(port, address);
    await once(server, "listening");
  };
  await listen();
  return {
    become: (next) => {
      answer = next;
    },
    refuse,
    listen,
    stop: () => {
      refuse();
      return Promise.resolve();
    },
  };
}

const connectorSource = `
  const [address, port] = process.argv.slice(1);
  const server = require("node:http").createServer((_, response) => response.end("ok"));
  server.listen({ host: address, port: Number(port), backlog: 1 }, () => console.log("listening"));
  process.stdin.resume().on("close", () => process.exit());
`;

// A queue of one holds two connections (Linux takes one more than it is told), and no more are taken while nobody accepts.
const moreThanQueued = 4;

export async function startConnectorProcess(address: string, port: number): Promise<ConnectorProcess> {
  const child = spawn(process.execPath, ["-e", connectorSource, address, String(port)], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "close");
  await Promise.race([once(child.stdout, "data"), ended.then(() => Promise.reject(new Error("the connector did not start")))]);
  const fillers: ReturnType<typeof connect>[] = [];
  return {
    kill: () => void child.kill("SIGKILL"),
    vanish: async () => {
      child.kill("SIGSTOP");
      for (let queued = 0; queued < moreThanQueued; queued += 1) fillers.push(connect(port, address).on("error", () => undefined));
      await Promise.race(fillers.map((filler) => once(filler, "connect")));
    },
    stop: async () => {
      for (const filler of fillers) filler.destroy();
      child.kill("SIGKILL");
      await ended;
    },
  };
}
