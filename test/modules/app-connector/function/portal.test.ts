import { connectPortal, type PortalAccess } from "../../../../modules/app-connector/function/portal";
import { type PortalSession } from "../../../../modules/app-connector/function/ports";
import { CallFailed } from "../../../../modules/lambda/function/call-failed";
import { customer, groupOfCodes, microtenant, type Operation, startZpa, type ZpaServer } from "../../../app-connector/zpa-server";
import { makeCertificate } from "../../../fleet/certificate";
import { status, troubles } from "../../../fleet/tls-server";

let server: ZpaServer;
const stopping: (() => unknown)[] = [];

beforeEach(async () => {
  server = await startZpa();
  stopping.push(() => server.stop());
});
afterEach(async () => {
  await Promise.all(stopping.splice(0).map((stop) => stop()));
});

interface Client {
  /** What the function waited, in milliseconds. Its waits take no time, but the clock shows them. */
  readonly waits: readonly number[];
  readonly open: () => Promise<PortalSession>;
}

function clientOf(changes: Partial<PortalAccess> = {}, budget = 150_000): Client {
  const waits: number[] = [];
  const now = (): number => Date.now() + waits.reduce((sum, wait) => sum + wait, 0);
  const portal = connectPortal({
    settings: { login: server.host, api: server.host, customer },
    credentials: () => Promise.resolve(server.secret),
    clock: {
      now,
      sleep: (milliseconds) => {
        waits.push(milliseconds);
        return Promise.resolve();
      },
      random: () => 0.5,
    },
    deadline: now() + budget,
    certificateAuthority: server.certificateAuthority,
    ...changes,
  });
  return { waits, open: () => portal.open() };
}

const failureOf = async (call: Promise<unknown>): Promise<CallFailed> => {
  const failure: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof CallFailed)) throw new Error(`no CallFailed but ${String(failure)}`);
  // Whatever fails, it tells no secret, and no code.
  for (const secret of [...server.secrets, ...server.tokens, code]) expect(failure.message).not.toContain(secret);
  return failure;
};

const operations = (): readonly Operation[] => server.calls.map(({ operation }) => operation);
const code = "ABCDE-12345";
const base = `/zpa/mgmtconfig/v1/admin/customers/${customer}`;

test("an App Connector is disabled with all else that it is, and deleted", async () => {
  server.add("11");
  const before = server.appConnectors.get("11");
  const session = await clientOf().open();
  expect(await session.disable("11")).toBe("disabled");
  expect(server.appConnectors.get("11")).toEqual({ ...before, enabled: false });
  expect(await session.remove("11")).toBe("removed");
  expect(server.appConnectors.size).toBe(0);
  expect(server.calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "POST /oauth2/v1/token",
    `GET ${base}/connector/11`,
    `PUT ${base}/connector/11`,
    `DELETE ${base}/connector/11`,
  ]);
});

test("one that is disabled already is left as it is", async () => {
  server.add("11");
  const session = await clientOf().open();
  await session.disable("11");
  expect(await session.disable("11")).toBe("disabled");
  expect(operations()).toEqual(["login", "read", "change", "read"]);
});

test("one that is not there is missing, also when it goes between two calls", async () => {
  const session = await clientOf().open();
  expect([await session.disable("11"), await session.remove("11")]).toEqual(["missing", "missing"]);
  server.add("12");
  server.next("change", status(404));
  expect(await session.disable("12")).toBe("missing");
  server.next("delete", status(400, { id: "resource.not.found" }));
  expect(await session.remove("12")).toBe("missing");
});

test.each([
  ["no JSON", "<html>"],
  ["a list", "[]"],
  ["another one", '{"id":"12","enabled":true}'],
  ["nothing", ""],
])("an answer that is not the App Connector is not sent back: %s", async (_, body) => {
  server.next("read", (_request, response) => void response.end(body));
  const session = await clientOf().open();
  expect((await failureOf(session.disable("11"))).kind).toBe("refused");
  expect(operations()).toEqual(["login", "read"]);
});

test.each(["../../x", "1/2", "", "1?x", "1\n", "%2e"])("the id %j never gets into a path", async (id) => {
  const session = await clientOf().open();
  expect((await failureOf(session.remove(id))).kind).toBe("refused");
  expect((await failureOf(session.disable(id))).kind).toBe("refused");
  expect(operations()).toEqual(["login"]);
});

test("a microtenant is in each query", async () => {
  server.add("11");
  const session = await clientOf({ settings: { login: server.host, api: server.host, customer, microtenant } }).open();
  await session.disable("11");
  await session.remove("11");
  server.shown.add(code);
  await session.register([code], groupOfCodes);
  const paths = server.calls.filter(({ operation }) => operation !== "login").map(({ path }) => path);
  expect(paths.filter((path) => path.endsWith(`?microtenantId=${microtenant}`))).toHaveLength(4);
});

test("codes are registered together, and refused together", async () => {
  server.shown.add(code).add("BCDEF-23456");
  const session = await clientOf().open();
  expect((await failureOf(session.register([code, "XXXXX-00000"], groupOfCodes))).kind).toBe("refused");
  await session.register([code, "BCDEF-23456"], groupOfCodes);
  expect(server.registered).toEqual([code, "BCDEF-23456"]);
});

test("changes are a second apart: ZPA takes no more", async () => {
  const client = clientOf();
  const session = await client.open();
  for (const id of ["1", "2", "3"]) await session.remove(id);
  expect(client.waits).toHaveLength(2);
  for (const wait of client.waits) expect(wait).toBeLessThanOrEqual(1_000);
});

async function disableAndRemove(client: Client): Promise<void> {
  server.add("11");
  const session = await client.open();
  await session.disable("11");
  await session.remove("11");
}

describe.each(["login", "read", "change", "delete"] as const)("at %s", (operation) => {
  test.each([408, 409, 429, 500, 502, 503, 504])("%d is tried again", async (answer) => {
    server.next(operation, status(answer));
    const client = clientOf();
    await disableAndRemove(client);
    expect(server.appConnectors.size).toBe(0);
    expect(client.waits).toContain(375);
  });

  test.each([302, 400, 403, 412, 501])("%d is not tried again", async (answer) => {
    server.next(operation, status(answer, { id: "some.reason" }, { Location: "/" }));
    expect((await failureOf(disableAndRemove(clientOf()))).message).toMatch(new RegExp(`: status ${answer}$`));
    expect(operations().filter((each) => each === operation)).toHaveLength(1);
  });
});

test.each(Object.entries(troubles))("%s is tried again", async (_, trouble) => {
  server.next("login", trouble);
  server.next("change", trouble);
  await disableAndRemove(clientOf({ timeouts: { connect: 3_000, answer: 500 } }));
  expect(server.appConnectors.size).toBe(0);
});

test("ZPA says how long it wants to be left alone, and a wait that is longer than the time left is not begun", async () => {
  server.next("delete", status(429, {}, { "Retry-After": "7" }));
  const client = clientOf();
  await (await client.open()).remove("11");
  expect(client.waits).toEqual([7_000]);
  server.next("delete", status(429, {}, { "Retry-After": "3600" }));
  const hasty = clientOf();
  expect((await failureOf((await hasty.open()).remove("11"))).kind).toBe("transient");
  expect(hasty.waits).toEqual([]);
});

test("without time nothing is called", async () => {
  expect((await failureOf(clientOf({}, 0).open())).kind).toBe("transient");
  expect(server.connections()).toBe(0);
});

test("a login that is refused is not tried again", async () => {
  const credentials = () => Promise.resolve(JSON.stringify({ client_id: "x", client_secret: "wrong" }));
  const failure = await failureOf(clientOf({ credentials }).open());
  expect([failure.kind, failure.message]).toEqual(["refused", "POST /oauth2/v1/token: status 401 AUTHENTICATION_FAILED"]);
  expect(operations()).toEqual(["login"]);
});

test.each([
  ["no JSON", "{"],
  ["no token", "{}"],
  ["a token with a line break", '{"access_token":"a\\nX-More: 1"}'],
  ["an empty token", '{"access_token":""}'],
])("a login that brings %s is refused", async (_, body) => {
  server.next("login", (_request, response) => void response.end(body));
  const failure = await failureOf(clientOf().open());
  expect([failure.kind, failure.message]).toEqual(["refused", "the login brought no token"]);
});

test("a token that expired is renewed once", async () => {
  server.add("11");
  server.add("12");
  const session = await clientOf().open();
  server.expireTokens();
  await session.disable("11");
  await session.remove("11");
  expect(operations()).toEqual(["login", "read", "login", "read", "change", "delete"]);
  server.expireTokens();
  expect((await failureOf(session.remove("12"))).kind).toBe("refused");
  expect(operations().filter((each) => each === "login")).toHaveLength(2);
});

test("a login that is not there does not make an App Connector missing", async () => {
  server.add("11");
  const session = await clientOf().open();
  server.expireTokens();
  server.next("login", status(404));
  expect((await failureOf(session.remove("11"))).kind).toBe("refused");
  expect(server.appConnectors.size).toBe(1);
});

test("no secret that ZPA repeats is told", async () => {
  server.always("login", status(400, { code: server.secrets[1], reason: server.secrets.join() }));
  expect((await failureOf(clientOf().open())).message).toBe("POST /oauth2/v1/token: status 400");
});

describe("a server with a certificate that is not that of the host", () => {
  const switchName = "NODE_TLS_REJECT_UNAUTHORIZED";
  const before = process.env[switchName];
  afterEach(() => {
    if (before === undefined) Reflect.deleteProperty(process.env, switchName);
    else process.env[switchName] = before;
  });

  test.each(["login", "api"] as const)("gets not one byte as the host of the %s, whatever Node's switch says", async (which) => {
    const impostor = await startZpa(makeCertificate("IP:127.0.0.1"));
    stopping.push(() => impostor.stop());
    process.env[switchName] = "0";
    const settings = { login: server.host, api: server.host, customer, [which]: impostor.host };
    const failure = await failureOf(
      clientOf({ settings })
        .open()
        .then((session) => session.remove("11")),
    );
    expect([failure.kind, impostor.calls, impostor.connections()]).toEqual(["refused", [], 1]);
  });
});
