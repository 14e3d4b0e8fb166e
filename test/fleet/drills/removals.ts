import { type Certificate, makeCertificate } from "../certificate";
import { startPortal } from "../portal-server";
import { status } from "../tls-server";
import { textOf } from "../removal-queue";
import { type Site } from "../site";
import { type Stage } from "../stage";
import { connector, drill, type Drill, oneGroup, times, well } from "./drill";
import { countOf, endsSession, seconds, slow } from "./portal-calls";

const group = oneGroup({ ...well(4), ending: connector(times(9, 100)) });

/** The portal at the function's address has another certificate than the one that it trusts for it. */
const foreignCertificate = (fault: string, certificateOf: (site: Site) => Certificate): Drill =>
  drill(
    `a removal, ${fault}`,
    "nothing is sent to it; the message comes again",
    async ({ start, world }) => {
      const foreign = await startPortal(certificateOf(world.site));
      try {
        const { document } = world;
        const event = { Records: [recordsOf(world, "well-1")] };
        const { result, told } = await start({ ...document, portal: { ...document.portal, host: foreign.host } }).run({ event });
        expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: "of well-1" }] });
        expect(told("a connector could not be removed from the portal")).toBe(true);
        // Another try would meet the same one.
        expect([foreign.connections(), foreign.calls]).toEqual([1, []]);
      } finally {
        await foreign.stop();
      }
    },
    group,
  );

const portalDown: Drill = drill(
  "a removal, nobody listens at the portal",
  "tried for a while; the message comes again",
  async ({ start, world }) => {
    const gone = await startPortal(world.site.certificate);
    await gone.stop();
    const { document } = world;
    const event = { Records: [recordsOf(world, "well-1")] };
    const { result, seconds: taken } = await start({ ...document, portal: { ...document.portal, host: gone.host } }).run({ event });
    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: "of well-1" }] });
    expect(taken).toBeGreaterThan(3);
  },
  group,
);

const removalOf = (world: Stage["world"], name: string): string =>
  textOf({ kind: "remove", instance: world.idOf(name), record: world.recordOf(name) });

const recordsOf = (world: Stage["world"], name: string, messageGroup = world.document.portal.host) => ({
  messageId: `of ${name}`,
  body: removalOf(world, name),
  attributes: { ApproximateReceiveCount: "1", MessageGroupId: messageGroup },
});

const unreadable = (fault: string, secret: (text: string) => string): Drill =>
  drill(
    `a removal, ${fault}`,
    "nothing reaches the portal, and nothing of the secret the log; the message comes again",
    async ({ portal, run, world }) => {
      const { result } = await run({ Records: [recordsOf(world, "well-1")] });
      expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: "of well-1" }] });
      expect(portal.connections()).toBe(0);
    },
    { plan: { ...group.plan, secret } },
  );

const batches: readonly Drill[] = [
  drill(
    "a batch of ten removals",
    "one login, one activation, one removal a second",
    async (stage) => {
      const { deliver, portal, world } = stage;
      for (let number = 1; number <= 10; number++) await world.queue.send(removalOf(world, `well-${number}`), portal.host);
      expect(await deliver()).toMatchObject({ handed: 10, again: 0 });
      expect([countOf(stage, "login"), portal.activations(), countOf(stage, "logout")]).toEqual([1, 1, 1]);
      const at = portal.calls.filter(({ operation }) => operation === "remove").map((call) => call.at);
      expect((at.at(-1) ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(seconds(8.9));
    },
    { ...oneGroup(well(10)), leaves: { removed: Object.keys(well(10)).sort() }, limit: 30 },
  ),
  drill(
    "the queue hands a batch out again, though it was done",
    "no failure, no second activation",
    async ({ portal, run, world }) => {
      const event = { Records: [recordsOf(world, "well-1"), recordsOf(world, "well-2")] };
      const both = [await run(event), await run(event)];
      expect(both.map(({ result }) => result)).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
      expect(portal.activations()).toBe(1);
    },
    { ...group, leaves: { removed: ["well-1", "well-2"] } },
  ),
  drill(
    "one of four records cannot be removed",
    "the others are, and are activated; it alone comes again",
    async ({ deliver, portal, world }) => {
      for (const number of [1, 2, 3, 4]) await world.queue.send(removalOf(world, `well-${number}`), portal.host);
      portal.next("remove", (request, response) => {
        portal.records.delete("7/1");
        status(204)(request, response);
      });
      portal.next("remove", status(403, { code: "NOT_ALLOWED" }));
      expect(await deliver()).toMatchObject({ handed: 4, again: 1 });
      expect(portal.activations()).toBe(1);
    },
    { ...group, leaves: { removed: ["well-1", "well-3", "well-4"], queued: 1 } },
  ),
  drill(
    "messages that cannot be read, before one that can",
    "let go and told; the other one's connector is removed",
    async ({ deliver, portal, world }) => {
      for (const text of ["no JSON", '{"kind":"remove"}', '{"kind":"all"}']) await world.queue.send(text, portal.host);
      await world.queue.send(removalOf(world, "well-1"), portal.host);
      const delivered = await deliver();
      expect(delivered).toMatchObject({ handed: 4, again: 0 });
      expect([delivered.metric("RemovalFailures"), delivered.told("a message of the queue cannot be read")]).toEqual([1, true]);
    },
    { ...group, leaves: { removed: ["well-1"] } },
  ),
  drill(
    "each session ends at once",
    "no more than two logins for a batch; its messages come again",
    async (stage) => {
      const { deliver, portal, world } = stage;
      for (const number of [1, 2]) await world.queue.send(removalOf(world, `well-${number}`), portal.host);
      portal.always("remove", endsSession(portal));
      expect(await deliver()).toMatchObject({ handed: 2, again: 2 });
      expect(countOf(stage, "login")).toBe(2);
    },
    { ...group, leaves: { queued: 2 } },
  ),
  drill(
    "a message whose record leads elsewhere in the portal",
    "it reaches no other path",
    async (stage) => {
      const body = textOf({ kind: "remove", instance: "i-0", record: { group: "7", vm: "1/../../ecgroup/7" } });
      const { result } = await stage.run({ Records: [{ ...recordsOf(stage.world, "well-1"), body }] });
      expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: "of well-1" }] });
      expect([countOf(stage, "remove"), countOf(stage, "unknown")]).toEqual([0, 0]);
    },
    group,
  ),
  drill(
    "two removals of one portal at once",
    "the queue hands out the second one when the first is done",
    async ({ deliver, portal, run, world }) => {
      await run(await world.end("ending"));
      await run(await world.end("well-1"));
      portal.next("login", slow(1, status(503)));
      const first = deliver(undefined, 1);
      while (portal.calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(await world.queue.receive()).toEqual([]);
      expect(await first).toMatchObject({ handed: 1, again: 0 });
      expect(await deliver()).toMatchObject({ handed: 1, again: 0 });
    },
    { ...group, leaves: { ended: ["ending", "well-1"], removed: ["ending", "well-1"] }, published: "no lock" },
  ),
  drill(
    "batches of two portals at once",
    "each portal loses its own connector alone",
    async ({ portal, start, world }) => {
      const other = await startPortal(world.site.certificate);
      try {
        other.records.add("7/1").add("7/2");
        portal.next("remove", status(503));
        const { document } = world;
        const there = { ...document, portal: { ...document.portal, host: other.host } };
        const [here, elsewhere] = await Promise.all([
          start().run({ event: { Records: [recordsOf(world, "well-1")] } }),
          start(there).run({ event: { Records: [recordsOf(world, "well-2", other.host)] } }),
        ]);
        expect([here.result, elsewhere.result]).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
        expect([[...other.records], other.activations(), portal.activations()]).toEqual([["7/1"], 1, 1]);
      } finally {
        await other.stop();
      }
    },
    { ...group, leaves: { removed: ["well-1"] } },
  ),
];

/** What becomes of the queue of removals. */
export const removals: readonly Drill[] = [
  portalDown,
  foreignCertificate("the portal's certificate is of nobody who is trusted", () => makeCertificate("IP:127.0.0.1")),
  foreignCertificate("the portal's certificate is of another host", ({ foreignCertificate: foreign }) => foreign),
  unreadable("the secret is no JSON", (text) => text.slice(0, -1)),
  unreadable("the secret lacks the password", (text) => text.replace("password", "passphrase")),
  ...batches,
];
