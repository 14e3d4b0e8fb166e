import { Agent } from "node:https";
import { type Answer, callOnce } from "../../../../modules/lambda/function/https-call";
import { CallFailed } from "../../../../modules/lambda/function/call-failed";
import { type PortalServer, startPortal } from "../../../fleet/portal-server";
import { status, troubles } from "../../../fleet/tls-server";

let server: PortalServer;
beforeAll(async () => {
  server = await startPortal();
});
afterAll(() => server.stop());

const ask = (answer = 5_000): Promise<Answer> =>
  callOnce({
    agent: new Agent({ ca: server.certificateAuthority }),
    host: server.host,
    method: "GET",
    path: "/api/v1/ecAdminActivateStatus",
    headers: {},
    timeouts: { connect: 5_000, answer },
  });

test.each([200, 302, 401, 503])("status %d is an answer", async (code) => {
  server.next("status", status(code, { a: "ö" }, { Location: "/" }));
  expect(await ask()).toMatchObject({ status: code, text: '{"a":"ö"}', headers: { location: "/" } });
});

const late = "no whole answer within 400 ms";
const whys: Readonly<Record<keyof typeof troubles, string>> = {
  silence: late,
  headersThenSilence: late,
  drip: late,
  endlessBody: "more than 65536 bytes",
  brokenOff: "aborted",
  hangUp: "socket hang up",
  reset: "read ECONNRESET",
  garbage: "Parse Error: Expected HTTP/",
};

test.each(Object.entries(troubles))("%s is no answer, and told as what it is", async (name, trouble) => {
  server.next("status", trouble);
  const why = whys[name as keyof typeof troubles];
  const started = performance.now();
  const failure: unknown = await ask(why === late ? 400 : 10_000).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CallFailed);
  expect(failure).toMatchObject({
    kind: "transient",
    message: expect.stringContaining(`GET /api/v1/ecAdminActivateStatus: ${why}`) as string,
  });
  expect(performance.now() - started).toBeLessThan(5_000);
});
