import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { type ProbeOutcome } from "../../../../modules/route-failover/function/ports";
import { probe } from "../../../../modules/route-failover/function/probe";

const timeout = 250;
// For a busy machine.
const slack = 1_500;

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that does this with each connection once it has read a request. */
async function listen(serve: (socket: Socket, request: string) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    // The probe hangs up.
    socket.on("error", () => socket.destroy());
    socket.once("data", (request) => serve(socket, request.toString()));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const often = (socket: Socket, milliseconds: number, text: string): void => {
  const timer = setInterval(() => socket.write(text), milliseconds);
  closing.push(() => clearInterval(timer));
};

const status = (line: string, body = "ok", headers = ""): string =>
  `HTTP/1.1 ${line}\r\nContent-Length: ${body.length}\r\n${headers}\r\n${body}`;

async function outcomeOf(serve: (socket: Socket, request: string) => void): Promise<ProbeOutcome & { readonly took: number }> {
  const port = await listen(serve);
  const started = performance.now();
  const outcome = await probe("127.0.0.1", port, timeout);
  return { ...outcome, took: performance.now() - started };
}

test("asks for the page of the health probe, on a connection of its own", async () => {
  const requests: string[] = [];
  const outcome = await outcomeOf((socket, request) => {
    requests.push(request);
    socket.end(status("200 OK"));
  });
  expect(outcome.good).toBe(true);
  expect(requests[0]).toMatch(/^GET \/\?cchealth HTTP\/1\.1\r\n/);
  expect(requests[0]).toMatch(/\r\nConnection: close\r\n/i);
});

const alive: readonly (readonly [string, (socket: Socket) => void])[] = [
  ["200 with a connection that stays open", (socket) => socket.write(status("200 OK"))],
  // What a healthy connector answers is not documented, so that the words cannot be held against it.
  ["200 with another body", (socket) => socket.end(status("200 OK", "DOWN"))],
  ["200 without a body", (socket) => socket.end(status("200 OK", ""))],
  ["200 in chunks", (socket) => socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")],
  ["200 that ends with its connection", (socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nok")],
  ["200 byte by byte, in time", (socket) => Array.from(status("200 OK")).forEach((byte) => socket.write(byte))],
  ["200 after a while", (socket) => setTimeout(() => socket.end(status("200 OK")), timeout / 3)],
];

test.each(alive)("alive: %s", async (_, serve) => {
  expect(await outcomeOf(serve)).toMatchObject({ good: true });
});

const failed: readonly (readonly [string, (socket: Socket) => void, why: RegExp])[] = [
  ["reset", (socket) => socket.resetAndDestroy(), /ECONNRESET|hang up/],
  ["hung up", (socket) => socket.end(), /hang up/],
  ["500", (socket) => socket.end(status("500 Internal Server Error")), /^status 500$/],
  ["503 with a body that never ends", (socket) => socket.write("HTTP/1.1 503 No\r\nContent-Length: 9\r\n\r\n"), /^status 503$/],
  ["302", (socket) => socket.end(status("302 Found", "", "Location: /\r\n")), /^status 302$/],
  ["204", (socket) => socket.end("HTTP/1.1 204 No Content\r\n\r\n"), /^status 204$/],
  ["garbage", (socket) => socket.end("\u0000\u0001 SSH-2.0-what\r\n\r\n"), /Parse Error/],
  ["headers without end", (socket) => socket.write(`HTTP/1.1 200 OK\r\n${"X: y\r\n".repeat(20_000)}`), /Parse Error|overflow/i],
  ["a body that broke off", (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nok"), /broke off|aborted/],
  [
    "chunks that broke off",
    (socket) => socket.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n"),
    /broke off|aborted/,
  ],
  [
    "a body that is reset",
    (socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nok");
      setTimeout(() => socket.resetAndDestroy(), timeout / 5);
    },
    /broke off|aborted|ECONNRESET/,
  ],
  [
    "a body that is too long",
    (socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      often(socket, 1, "x".repeat(32 * 1024));
    },
    /^more than 65536 bytes$/,
  ],
];

test.each(failed)("failed at once: %s", async (_, serve, why) => {
  const outcome = await outcomeOf(serve);
  expect(outcome).toMatchObject({ good: false, why: expect.stringMatching(why) as unknown });
});

const silent: readonly (readonly [string, (socket: Socket) => void])[] = [
  ["accepted, then silence", () => undefined],
  ["headers, then silence", (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")],
  ["half of the headers, then silence", (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-")],
  [
    "a byte now and then",
    (socket) => Array.from(status("200 OK")).forEach((byte, index) => setTimeout(() => socket.write(byte), 50 * index)),
  ],
  [
    "a body without end, slowly",
    (socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      often(socket, 20, "x");
    },
  ],
  ["a good answer too late", (socket) => setTimeout(() => socket.end(status("200 OK")), 2 * timeout)],
];

test.each(silent)("failed at the time-out: %s", async (_, serve) => {
  const outcome = await outcomeOf(serve);
  expect(outcome).toMatchObject({ good: false, why: `no whole answer within ${timeout} ms` });
  expect(outcome.took).toBeGreaterThanOrEqual(timeout - 5);
  expect(outcome.took).toBeLessThan(timeout + slack);
});

test("failed at once: refused", async () => {
  const port = await listen(() => undefined);
  closing.splice(0).forEach((close) => close());
  const started = performance.now();
  expect(await probe("127.0.0.1", port, 10_000)).toEqual({ good: false, why: expect.stringContaining("ECONNREFUSED") as unknown });
  expect(performance.now() - started).toBeLessThan(slack);
});

test("failed: an address that is none", async () => {
  expect(await probe("", 70000 % 65536, timeout)).toMatchObject({ good: false });
});

test("probes side by side have each their own outcome", async () => {
  const good = await listen((socket) => socket.end(status("200 OK")));
  const mute = await listen(() => undefined);
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, index) => probe("127.0.0.1", index % 2 === 0 ? good : mute, 4 * timeout)),
  );
  expect(outcomes.map((outcome) => outcome.good)).toEqual(Array.from({ length: 20 }, (_, index) => index % 2 === 0));
});
