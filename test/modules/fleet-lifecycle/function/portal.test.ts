import { createServer, type AddressInfo, type Socket } from "node:net";
import { connectPortal, type PortalAccess } from "../../../../modules/fleet-lifecycle/function/portal";
import { type PortalSession } from "../../../../modules/fleet-lifecycle/function/ports";
import { CallFailed } from "../../../../modules/lambda/function/call-failed";
import { makeCertificate } from "../../../fleet/certificate";
import { type Operation, type PortalServer, startPortal } from "../../../fleet/portal-server";
import { status, troubles } from "../../../fleet/tls-server";

let server: PortalServer;
const stopping: (() => unknown)[] = [];

beforeEach(async () => {
  server = await startPortal();
  stopping.push(() => server.stop());
});
afterEach(async () => {
  await Promise.all(stopping.splice(0).map((stop) => stop()));
});

const record = { group: "7", vm: "11" };

/** What the function waited, in milliseconds. Its waits take no time, but the clock shows them. */
interface Client {
  readonly waits: readonly number[];
  readonly open: () => Promise<PortalSession>;
  readonly credentialReads: () => number;
}

function clientOf(changes: Partial<PortalAccess> = {}, budget = 150_000): Client {
  const waits: number[] = [];
  let reads = 0;
  const now = (): number => Date.now() + waits.reduce((sum, wait) => sum + wait, 0);
  const portal = connectPortal({
    host: server.host,
    credentials: () => {
      reads += 1;
      return Promise.resolve(server.secret);
    },
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
  return { waits, open: () => portal.open(), credentialReads: () => reads };
}

const failureOf = async (call: Promise<unknown>): Promise<CallFailed> => {
  const failure: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof CallFailed)) throw new Error(`no CallFailed but ${String(failure)}`);
  // Whatever fails, it tells no secret.
  for (const secret of [...server.secrets, ...server.cookies]) expect(failure.message).not.toContain(secret);
  return failure;
};

const operations = (): readonly Operation[] => server.calls.map(({ operation }) => operation);

test("removes a connector and activates that, in one session that it closes", async () => {
  server.records.add("7/11").add("7/12");
  const client = clientOf();
  const session = await client.open();
  expect(await session.remove(record)).toBe("removed");
  await session.activate();
  await session.close();
  expect([...server.records]).toEqual(["7/12"]);
  expect(operations()).toEqual(["login", "remove", "activate", "logout"]);
  expect({ activations: server.activations(), sessions: server.openSessions(), edits: server.hasEdits() }).toEqual({
    activations: 1,
    sessions: 0,
    edits: false,
  });
  expect(client.credentialReads()).toBe(1);
  expect(client.waits).toEqual([]);
});

test("what is not there is missing, and nobody else's edits are activated for it", async () => {
  const session = await clientOf().open();
  expect(await session.remove(record)).toBe("missing");
  await session.activate();
  expect(operations()).toEqual(["login", "remove", "status"]);
});

test("what an earlier session removed is activated", async () => {
  server.records.add("7/11");
  await (await clientOf().open()).remove(record);
  const session = await clientOf().open();
  expect(await session.remove(record)).toBe("missing");
  await session.activate();
  expect(server.activations()).toBe(1);
  expect(server.hasEdits()).toBe(false);
});

test("a portal that does not say whether something is edited is asked to activate", async () => {
  server.next("status", status(200, {}));
  const session = await clientOf().open();
  await session.remove(record);
  await session.activate();
  expect(server.activations()).toBe(1);
});

test("removals are a second apart: Zscaler takes no more", async () => {
  const client = clientOf();
  const session = await client.open();
  for (const vm of ["1", "2", "3"]) await session.remove({ group: "7", vm });
  expect(client.waits).toHaveLength(2);
  for (const wait of client.waits) {
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(1_000);
  }
});

test.each([
  ["../../auth", "1"],
  ["7", "1/../2"],
  ["7", ""],
  ["7", "1?x"],
  ["7", "1\n"],
  ["%2e%2e", "1"],
])("the record %j, %j never gets into a path", async (group, vm) => {
  const session = await clientOf().open();
  expect((await failureOf(session.remove({ group, vm }))).kind).toBe("refused");
  expect(operations()).toEqual(["login"]);
});

const repeated: readonly Operation[] = ["login", "remove", "activate"];

async function removeAndActivate(client: Client): Promise<void> {
  server.records.add("7/11");
  const session = await client.open();
  await session.remove(record);
  await session.activate();
  await session.close();
}

describe.each(repeated)("at %s", (operation) => {
  test.each([408, 409, 429, 500, 502, 503, 504])("%d is tried again", async (code) => {
    server.next(operation, status(code));
    const client = clientOf();
    await removeAndActivate(client);
    expect(server.records.size).toBe(0);
    expect(server.activations()).toBe(1);
    expect(client.waits).toEqual([375]);
  });

  test.each(Object.entries(troubles))("%s is tried again", async (_, trouble) => {
    server.next(operation, trouble);
    await removeAndActivate(clientOf({ timeouts: { connect: 3_000, answer: 700 } }));
    expect(server.records.size).toBe(0);
    expect(server.activations()).toBe(1);
  });

  const lasting = [302, 400, 403, 404, 412, 415, 418, 501];
  // Removed already: no failure.
  test.each(lasting.filter((code) => operation !== "remove" || code !== 404))("%d is not tried again", async (code) => {
    server.next(operation, status(code, {}, { Location: "/api/v1/auth" }));
    expect((await failureOf(removeAndActivate(clientOf()))).message).toMatch(new RegExp(`: status ${code}$`));
    expect(operations().filter((each) => each === operation)).toHaveLength(1);
  });
});

test("a try more takes twice as long, up to a limit; activation has all the time", async () => {
  server.records.add("7/11");
  server.always("activate", status(409, { code: "EDIT_LOCK_NOT_AVAILABLE" }));
  const client = clientOf();
  const session = await client.open();
  await session.remove(record);
  const failure = await failureOf(session.activate());
  expect(failure.kind).toBe("transient");
  expect(failure.message).toBe("PUT /api/v1/ecAdminActivateStatus/activate: status 409 EDIT_LOCK_NOT_AVAILABLE");
  expect(client.waits.slice(0, 7)).toEqual([375, 750, 1500, 3000, 6000, 7500, 7500]);
  const waited = client.waits.reduce((sum, wait) => sum + wait, 0);
  expect(waited).toBeGreaterThan(130_000);
  expect(waited).toBeLessThan(145_000);
  await session.close();
  expect(server.openSessions()).toBe(0);
});

test("one removal that fails for now leaves time for the others", async () => {
  server.always("remove", status(503));
  const client = clientOf();
  const session = await client.open();
  expect((await failureOf(session.remove(record))).kind).toBe("transient");
  expect(operations().filter((each) => each === "remove")).toHaveLength(5);
  expect(client.waits).toEqual([375, 750, 1500, 3000]);
});

test("removals leave time for the activation, and everything for the log-out", async () => {
  server.records.add("7/11").add("7/12");
  const client = clientOf({}, 30_000);
  const session = await client.open();
  await session.remove(record);
  server.next("remove", status(429, {}, { "Retry-After": "6" }));
  expect((await failureOf(session.remove({ ...record, vm: "12" }))).kind).toBe("transient");
  await session.activate();
  await session.close();
  expect(operations()).toEqual(["login", "remove", "remove", "activate", "logout"]);
});

test("without time nothing is called", async () => {
  expect((await failureOf(clientOf({}, 24_000).open())).kind).toBe("transient");
  expect(server.connections()).toBe(0);
});

test.each([
  ["in a header", {}, { "Retry-After": "7" }, 7_000],
  ["in the body, as Zscaler does", { message: "Rate Limit (1/SECOND) exceeded", "Retry-After": "7 seconds" }, {}, 7_000],
  ["as no time", { "Retry-After": "0 seconds" }, {}, 375],
  ["as a date that is over", {}, { "Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT" }, 375],
  ["as nonsense", { "Retry-After": [] }, { "Retry-After": "soon" }, 375],
])("the portal says %s how long it wants to be left alone", async (_, body, headers, expected) => {
  server.next("remove", status(429, body, headers));
  const client = clientOf();
  await removeAndActivate(client);
  expect(client.waits).toEqual([expected]);
});

test("the portal says as a date how long it wants to be left alone", async () => {
  server.next("remove", status(429, {}, { "Retry-After": new Date(Date.now() + 60_000).toUTCString() }));
  const client = clientOf();
  await removeAndActivate(client);
  expect(client.waits).toHaveLength(1);
  expect(client.waits[0]).toBeGreaterThan(50_000);
  expect(client.waits[0]).toBeLessThanOrEqual(60_000);
});

test("a wait that is longer than the time left is not begun", async () => {
  server.next("remove", status(429, {}, { "Retry-After": "3600" }));
  const client = clientOf();
  expect((await failureOf(removeAndActivate(client))).kind).toBe("transient");
  expect(client.waits).toEqual([]);
});

test("a login that is refused is not tried again: that could lock the account", async () => {
  const credentials = () => Promise.resolve(JSON.stringify({ ...(JSON.parse(server.secret) as object), password: "wrong" }));
  const failure = await failureOf(clientOf({ credentials }).open());
  expect(failure.kind).toBe("refused");
  expect(failure.message).toBe("POST /api/v1/auth: status 401 AUTHENTICATION_FAILED");
  expect(operations()).toEqual(["login"]);
});

test("a session that ended is renewed once, with the credentials that were read", async () => {
  server.records.add("7/11").add("7/12");
  const client = clientOf();
  const session = await client.open();
  await session.remove(record);
  server.expireSessions();
  await session.remove({ ...record, vm: "12" });
  await session.activate();
  expect(operations()).toEqual(["login", "remove", "remove", "login", "remove", "activate"]);
  expect(client.credentialReads()).toBe(1);
  server.expireSessions();
  expect((await failureOf(session.activate())).kind).toBe("refused");
  expect(operations().filter((each) => each === "login")).toHaveLength(2);
});

test("a renewal that is refused is the last login of the session", async () => {
  const session = await clientOf().open();
  server.expireSessions();
  server.always("login", status(401));
  for (const vm of ["1", "2", "3"]) expect((await failureOf(session.remove({ group: "7", vm }))).kind).toBe("refused");
  expect(operations().filter((each) => each === "login")).toHaveLength(2);
});

test("a renewal that fails for now is tried again", async () => {
  server.records.add("7/11");
  const session = await clientOf().open();
  server.expireSessions();
  server.next("login", status(503), troubles.hangUp);
  expect(await session.remove(record)).toBe("removed");
});

test("an activation that the portal reports as failed has failed", async () => {
  server.records.add("7/11");
  server.next("activate", status(200, { adminActivateStatus: "ADM_ACTV_FAIL" }));
  expect((await failureOf(removeAndActivate(clientOf()))).kind).toBe("transient");
});

test.each(["status", "logout"] as const)("trouble at %s", async (operation) => {
  server.next(operation, status(503));
  const session = await clientOf().open();
  await session.remove(record);
  await session.activate();
  await session.close();
  // A log-out is tried once, and never fails.
  expect(operations().filter((each) => each === operation)).toHaveLength(operation === "logout" ? 1 : 2);
});

test("a log-out that gets no answer ends", async () => {
  const session = await clientOf({ timeouts: { connect: 3_000, answer: 500 } }).open();
  server.next("logout", troubles.silence);
  await session.close();
  expect(operations()).toEqual(["login", "logout"]);
});

test("a login without a session is refused", async () => {
  server.next("login", status(200, {}, { "Set-Cookie": "OTHER=1" }));
  expect((await failureOf(clientOf().open())).kind).toBe("refused");
});

test("whatever code a portal gives, no secret that it repeats is told", async () => {
  server.always("login", status(400, { code: server.secrets[2], message: server.secrets.join() }));
  expect((await failureOf(clientOf().open())).message).toBe("POST /api/v1/auth: status 400");
});

describe("a server with a certificate that is not the portal's", () => {
  const switchName = "NODE_TLS_REJECT_UNAUTHORIZED";
  const before = process.env[switchName];
  afterEach(() => {
    if (before === undefined) Reflect.deleteProperty(process.env, switchName);
    else process.env[switchName] = before;
  });

  const foreign: readonly (readonly [string, () => ReturnType<typeof makeCertificate>, boolean])[] = [
    ["signed by nobody that is trusted", () => makeCertificate("IP:127.0.0.1"), false],
    ["of another name", () => makeCertificate("DNS:connector.zscaler.net"), true],
  ];

  test.each(foreign.flatMap(([name, make, trusted]) => ["1", "0"].map((value) => [name, value, make, trusted] as const)))(
    "%s gets not one byte, with the switch of Node at %s",
    async (_, value, make, trusted) => {
      const impostor = await startPortal(make());
      stopping.push(() => impostor.stop());
      process.env[switchName] = value;
      const certificateAuthority = trusted ? impostor.certificateAuthority : server.certificateAuthority;
      const failure = await failureOf(clientOf({ host: impostor.host, certificateAuthority }).open());
      expect(failure.kind).toBe("refused");
      expect(failure.message).toMatch(/certificate|altnames/);
      expect(impostor.calls).toEqual([]);
      // Another try would bring nothing.
      expect(impostor.connections()).toBe(1);
    },
  );

  test("Node's own authorities are the ones who are trusted", async () => {
    const portal = connectPortal({
      host: server.host,
      credentials: () => Promise.resolve(server.secret),
      clock: { now: Date.now, sleep: () => Promise.resolve(), random: () => 0 },
      deadline: Date.now() + 60_000,
    });
    expect((await failureOf(portal.open())).kind).toBe("refused");
    expect(server.calls).toEqual([]);
  });
});

test("a connection that does not become secure is given up", async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => void silent.listen(0, "127.0.0.1", resolve));
  stopping.push(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const started = performance.now();
  const failure = await failureOf(clientOf({ host, timeouts: { connect: 200, answer: 20_000 } }).open());
  expect(failure).toMatchObject({ kind: "transient", message: "POST /api/v1/auth: no connection within 200 ms" });
  expect(sockets).toHaveLength(5);
  expect(performance.now() - started).toBeLessThan(5_000);
});

test("a portal that listens no more is a failure for now", async () => {
  await server.stop();
  expect((await failureOf(clientOf().open())).kind).toBe("transient");
  server = await startPortal();
});
