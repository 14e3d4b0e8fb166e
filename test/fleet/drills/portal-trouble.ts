import { type RequestListener } from "node:http";
import { status, troubles } from "../tls-server";
import { type Delivered, type Stage } from "../stage";
import { type Leftovers } from "../world";
import { countOf, endsSession, seconds, slow } from "./portal-calls";
import { connector, drill, type Drill, oneGroup, times, well } from "./drill";

const group = oneGroup({ ...well(4), ending: connector(times(9, 100)) });
const done = { ended: ["ending"], removed: ["ending"] };
const again = { ended: ["ending"], queued: 1 };

/** A limit of Lambda that leaves 10 seconds to removals, and 30 to activation. */
const short = seconds(38);

/** An instance ends while something is wrong with the portal, and then its removal is worked off. */
const endWith = (
  fault: string,
  happens: string,
  begin: (stage: Stage) => unknown,
  {
    leaves = done,
    then = () => undefined,
    limit = 60,
    lambda,
    published,
  }: {
    readonly leaves?: Partial<Leftovers>;
    readonly then?: (stage: Stage, delivered: Delivered) => unknown;
    readonly limit?: number;
    /** Lambda's limit, in milliseconds. */
    readonly lambda?: number;
    readonly published?: string;
  } = {},
): Drill =>
  drill(
    `an instance ends, ${fault}`,
    happens,
    async (stage) => {
      await begin(stage);
      const ran = await stage.run(await stage.world.end("ending"));
      expect([ran.error, ran.told("the instance may end")]).toEqual([undefined, true]);
      // It does not wait for the portal.
      expect(stage.portal.connections()).toBe(0);
      const delivered = await stage.deliver(lambda);
      expect([delivered.error, delivered.handed]).toEqual([undefined, 1]);
      expect(delivered.metric("RemovalFailures")).toBe(delivered.again === 0 ? undefined : 1);
      await then(stage, delivered);
    },
    { ...group, leaves, limit, published },
  );

const lockHeld = status(409, { code: "EDIT_LOCK_NOT_AVAILABLE" });

/** What the portal makes of the removal of a connector whose instance ends. */
export const portalTrouble: readonly Drill[] = [
  endWith(
    "the portal resets each connection",
    "it may end at once; the removal comes again",
    ({ portal }) => portal.always("login", troubles.reset),
    {
      leaves: again,
      then: (stage) => expect(stage.portal.connections()).toBe(5),
    },
  ),
  endWith(
    "the portal hangs up, then works again",
    "the removal that came again is done",
    ({ portal }) => portal.always("login", troubles.hangUp),
    {
      then: async ({ deliver, portal }) => {
        portal.always("login", undefined);
        expect((await deliver()).again).toBe(0);
      },
    },
  ),
  endWith(
    "the portal never answers",
    "the run ends by itself before Lambda's limit",
    ({ portal }) => portal.always("login", troubles.silence),
    {
      leaves: again,
      lambda: short,
      published: "waits past its own time-out",
    },
  ),
  endWith("the portal answers after 2 s", "removed", ({ portal }) => {
    const removes: RequestListener = (request, response) => {
      portal.records.delete("7/5");
      status(204)(request, response);
    };
    portal.next("remove", slow(2, removes));
    portal.next("activate", slow(2, status(200, { adminActivateStatus: "ADM_ACTV_DONE" })));
  }),
  endWith(
    "the portal sends an answer without an end",
    "cut off; the removal comes again",
    ({ portal }) => portal.always("login", troubles.endlessBody),
    {
      leaves: again,
    },
  ),
  endWith(
    "the portal refuses the login, and repeats the password",
    "one login, no lock-out; the removal comes again, and after five times it is a dead letter",
    ({ portal }) => portal.always("login", status(401, { code: "AUTHENTICATION_FAILED", message: portal.secrets.join(" ") })),
    {
      leaves: { ended: ["ending"], deadLetters: 1 },
      then: async (stage) => {
        expect(countOf(stage, "login")).toBe(1);
        for (let received = 2; received <= 5; received++) expect((await stage.deliver()).again).toBe(1);
        expect(await stage.world.queue.receive()).toEqual([]);
        expect(countOf(stage, "login")).toBe(5);
      },
    },
  ),
  endWith("the record is not in the portal (404)", "done: it is what was wanted", ({ portal }) => portal.records.delete("7/5"), {
    then: (stage) => expect(stage.portal.activations()).toBe(0),
    published: "the instance waits out its 900 s",
  }),
  endWith(
    "the portal answers 500 to each removal",
    "tried five times; the removal comes again",
    ({ portal }) => portal.always("remove", status(500)),
    {
      leaves: again,
      then: (stage) => expect(countOf(stage, "remove")).toBe(5),
    },
  ),
  endWith("the portal answers 503 once", "removed", ({ portal }) => portal.next("remove", status(503))),
  endWith(
    "the portal answers 429 with Retry-After",
    "it waits as long, and removes",
    ({ portal }) => portal.next("remove", status(429, { code: "TOO_MANY" }, { "Retry-After": "3" })),
    {
      then: ({ portal }) => {
        const [first, second] = portal.calls.filter(({ operation }) => operation === "remove");
        expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(seconds(2.9));
      },
    },
  ),
  endWith("somebody else activates for a moment (409)", "activated after it", ({ portal }) => portal.next("activate", lockHeld, lockHeld), {
    then: (stage) => expect([countOf(stage, "activate"), stage.portal.activations()]).toEqual([3, 1]),
  }),
  endWith(
    "somebody else holds the lock for ever (409)",
    "tried for as long as there is time; the message comes again, and the next run activates",
    ({ portal }) => portal.always("activate", lockHeld),
    {
      lambda: short,
      then: async (stage, { again: failed }) => {
        expect([failed, stage.portal.hasEdits(), stage.portal.records.has("7/5")]).toEqual([1, true, false]);
        expect(countOf(stage, "activate")).toBeGreaterThan(4);
        stage.portal.always("activate", undefined);
        expect((await stage.deliver()).again).toBe(0);
        expect(stage.portal.activations()).toBe(1);
      },
    },
  ),
  endWith(
    "the session ends before the removal",
    "one more login, and removed",
    ({ portal }) => portal.next("remove", endsSession(portal)),
    {
      then: (stage) => expect(countOf(stage, "login")).toBe(2),
    },
  ),
];
