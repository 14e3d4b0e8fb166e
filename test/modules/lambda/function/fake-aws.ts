import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { CallFailed } from "../../../../modules/lambda/function/call-failed";

/** A request as AWS would see it: its action, and what it says. */
interface Asked {
  readonly action: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What AWS does: answers XML or JSON, fails with an error's name and message, or something worse. */
export type Answer =
  string | object | { readonly status: number; readonly error: string; readonly message?: string } | ((response: ServerResponse) => void);

/** AWS as a test wants it: by its variables, all clients of the process call it. */
interface FakeAws {
  /** What was asked in the test that runs. */
  readonly asked: readonly Asked[];
  answers: (asked: Asked, number: number) => Answer;
  readonly address: () => string;
}

const isError = (answer: object): answer is { readonly status: number; readonly error: string; readonly message?: string } =>
  "error" in answer;

/** Starts it before the tests of a file, and ends it after them. */
export function fakeAws(): FakeAws {
  const asked: Asked[] = [];
  let server: Server;
  let address = "";
  const fake: FakeAws = { asked, answers: () => ({}), address: () => address };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const target = request.headers["x-amz-target"];
    const isJson = typeof target === "string";
    const parsed: Readonly<Record<string, unknown>> = isJson
      ? (JSON.parse(body) as Readonly<Record<string, unknown>>)
      : Object.fromEntries(new URLSearchParams(body));
    const action = isJson ? (target.split(".")[1] ?? "") : String(parsed["Action"]);
    asked.push({ action, body: parsed });
    const answer = fake.answers({ action, body: parsed }, asked.length);
    if (typeof answer === "function") {
      answer(response);
      return;
    }
    if (typeof answer === "string") {
      response.end(`<${action}Response><${action}Result>${answer}</${action}Result></${action}Response>`);
    } else if (isError(answer)) {
      const { status, error, message = "" } = answer;
      response.statusCode = status;
      response.end(
        isJson
          ? JSON.stringify({ __type: error, message })
          : `<ErrorResponse><Error><Code>${error}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      );
    } else {
      response.setHeader("content-type", "application/x-amz-json-1.0");
      response.end(JSON.stringify(answer));
    }
  };

  beforeAll(async () => {
    server = createServer((request, response) => void serve(request, response)).listen(0, "127.0.0.1");
    await once(server, "listening");
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: address,
      AWS_REGION: "us-west-2",
      AWS_ACCESS_KEY_ID: "id",
      AWS_SECRET_ACCESS_KEY: "secret",
    });
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked.length = 0;
    fake.answers = () => ({});
  });
  return fake;
}

/** A call that fails, and with what. */
export const failing = async (call: Promise<unknown>): Promise<CallFailed> => {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof CallFailed)) throw new Error("the call did not fail as it should");
  return error;
};
