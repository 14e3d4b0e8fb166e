import { createServer } from "node:http";
import { type AddressInfo } from "node:net";

export interface Call {
  readonly action: string;
  readonly body: string;
  readonly authorization: string;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
}

/** What answers at AWS's address, by the name of the action: a reply, or silence. */
export type Answers = (call: Call) => Reply | "silence";

export interface FakeAws {
  readonly endpoint: string;
  readonly calls: readonly Call[];
  readonly stop: () => Promise<void>;
}

const isQuery = (action: string): boolean => /^(Describe(?!Key|Secret)|RunInstances|GetCallerIdentity|AssumeRole)/.test(action);

/** An error in the form of the action's service. */
export const failure = ({ action }: Call, status: number, code: string, message: string): Reply => ({
  status,
  body: !isQuery(action)
    ? JSON.stringify({ __type: code, message })
    : /^(GetCallerIdentity|AssumeRole)$/.test(action)
      ? `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`
      : `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>1</RequestID></Response>`,
});

/** Listens on a free loopback port. */
export async function fakeAws(answers: Answers): Promise<FakeAws> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => (body += part));
    request.on("end", () => {
      const target = request.headers["x-amz-target"];
      const action = typeof target === "string" ? target.replace(/^.*\./, "") : (new URLSearchParams(body).get("Action") ?? "");
      const call = { action, body, authorization: request.headers.authorization ?? "" };
      calls.push(call);
      const reply = answers(call);
      if (reply !== "silence") response.writeHead(reply.status).end(reply.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
