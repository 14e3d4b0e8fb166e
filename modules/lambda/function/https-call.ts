import { type IncomingHttpHeaders } from "node:http";
import { type Agent, request } from "node:https";
import { TLSSocket } from "node:tls";
import { CallFailed } from "./call-failed";

// An answer of the portal is a few hundred bytes. One without an end must not fill the memory.
const longestAnswer = 64 * 1024;

export interface Call {
  readonly agent: Agent;
  /** A name or an address, with or without a port. */
  readonly host: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Milliseconds until the connection is secure, and until the whole answer is there. */
  readonly timeouts: { readonly connect: number; readonly answer: number };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/**
 * Makes one call, on a connection of its own, and follows no redirection. Whatever its status, an answer is one.
 *
 * @throws CallFailed, transient without a whole answer, refused if the server's certificate is not that of the host
 */
export function callOnce({ agent, host, method, path, headers, body, timeouts }: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(new URL(path, `https://${host}`), { agent, method, headers });
    const settle = (how: () => void): void => {
      clearTimeout(connecting);
      clearTimeout(answering);
      call.destroy();
      how();
    };
    const fail = (why: string, kind: CallFailed["kind"] = "transient"): void =>
      settle(() => reject(new CallFailed(`${method} ${path}: ${why}`, kind)));
    const connecting = setTimeout(() => fail(`no connection within ${timeouts.connect} ms`), timeouts.connect);
    const answering = setTimeout(() => fail(`no whole answer within ${timeouts.answer} ms`), timeouts.answer);
    call.on("socket", (socket) => socket.once("secureConnect", () => clearTimeout(connecting)));
    call.on("error", ({ message }) => {
      // Another try would meet the same certificate.
      const isForeign = call.socket instanceof TLSSocket && Boolean(call.socket.authorizationError);
      fail(message, isForeign ? "refused" : "transient");
    });
    call.on("response", (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length > longestAnswer) fail(`more than ${longestAnswer} bytes`);
        else chunks.push(chunk);
      });
      response.on("error", ({ message }) => fail(message));
      response.on("end", () =>
        settle(() => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() })),
      );
    });
    call.end(body);
  });
}
