import { makeCertificate } from "../../fleet/certificate";
import { status, troubles } from "../../fleet/tls-server";
import { type Plan, schedule, type Stage } from "../stage";
import { type ZpaServer } from "../zpa-server";
import { drill, type Drill, expectSuccess, instanceAt } from "./drill";

/** Lambda's limit for a run, so that those that ZPA keeps waiting take seconds: 8 of it are ZPA's. */
const limit = 33_000;

interface Trouble {
  readonly name: string;
  readonly begin: (zpa: ZpaServer) => unknown;
  readonly plan?: Plan;
}

const all = ["read", "change", "delete", "register"] as const;
const troublesOfZpa: readonly Trouble[] = [
  { name: "is down", begin: (zpa) => zpa.stop() },
  { name: "refuses the login", begin: (zpa) => zpa.always("login", status(401, { error: "invalid_client" })) },
  { name: "takes no token", begin: (zpa) => all.forEach((operation) => zpa.always(operation, status(401, { code: "SESSION_NOT_VALID" }))) },
  {
    name: "gets too many calls",
    begin: (zpa) => all.forEach((operation) => zpa.always(operation, status(429, {}, { "Retry-After": "2" }))),
  },
  { name: "is silent", begin: (zpa) => all.forEach((operation) => zpa.always(operation, troubles.silence)) },
  { name: "answers another language", begin: (zpa) => all.forEach((operation) => zpa.always(operation, troubles.garbage)) },
];
const secretOf = (secret: string): Pick<Trouble, "begin" | "plan"> => ({ begin: () => undefined, plan: { secret } });
const troublesAtTheDoor: readonly Trouble[] = [
  { name: "has another's certificate", begin: () => undefined, plan: { certificate: makeCertificate("DNS:api.example") } },
  { name: "cannot be logged in to: the secret is no JSON", ...secretOf("open sesame") },
  { name: "cannot be logged in to: the secret is another one", ...secretOf('{"api_key":"x","username":"y","password":"z"}') },
];

/** The instance's end, a removal and a registration, without ZPA. */
async function withoutZpa(stage: Stage): Promise<void> {
  const [one, two] = [instanceAt(stage, 0), instanceAt(stage, 1)];
  const ran = await stage.run(await stage.end(one), limit);
  expectSuccess(ran);
  expect([ran.metric("RemovalFailures"), await stage.waiting()]).toEqual([1, []]);

  const { detail } = await stage.end(two);
  const action = { group: stage.document.groups[0], hook: "terminate", instance: two, token: detail["LifecycleActionToken"] };
  await stage.queues.send(JSON.stringify({ instance: two, id: "2", drainUntil: Date.now() - 1, action }));
  const delivered = await stage.deliver(limit);
  expect([delivered.handed, delivered.again, delivered.metric("RemovalFailures")]).toEqual([2, 2, 2]);
  expect([await stage.waiting(), delivered.told("an App Connector could not be removed from ZPA")]).toEqual([[], true]);

  const pass = await stage.run(schedule, limit);
  expectSuccess(pass);
  expect(["RegistrationFailures", "ExpiredCodes", "FailedCalls", "Heartbeat"].map((name) => pass.metric(name))).toEqual([1, 0, 0, 1]);
  // Everything is there for the next time.
  expect(await stage.parameters()).toEqual(["codes/i-9", `ids/${one}`, `ids/${two}`].sort());
  expect([stage.zpa.appConnectors.size, await stage.queues.length()]).toEqual([2, 2]);
  for (const { seconds } of [ran, delivered, pass]) expect(seconds).toBeLessThan(limit / 1000 - 15);
}

const happens = "instances may end, removals come again, codes stay";

export const portalTrouble: readonly Drill[] = [
  ...[...troublesOfZpa, ...troublesAtTheDoor].map(({ name, begin, plan = {} }) =>
    drill(`ZPA ${name}`, happens, { scaled: 2, document: { drainSeconds: 0 }, ...plan }, async (stage) => {
      for (const [index, id] of stage.ids.entries()) await stage.enroll(id, String(index + 1));
      await stage.put("codes/i-9", "AAAAA-00009", true);
      await begin(stage.zpa);
      await withoutZpa(stage);
    }),
  ),
  drill("ZPA stumbles at each call", "as if it did not", { scaled: 1, document: { drainSeconds: 0 } }, async (stage) => {
    await stage.enroll(instanceAt(stage, 0), "1");
    for (const operation of ["login", "read", "change", "delete"] as const) stage.zpa.next(operation, status(503), status(409));
    const ran = await stage.run(await stage.end(instanceAt(stage, 0)));
    expectSuccess(ran);
    stage.zpa.expireTokens();
    expect(await stage.deliver()).toMatchObject({ handed: 1, again: 0 });
    expect([ran.metric("RemovalFailures"), await stage.waiting(), stage.zpa.appConnectors.size]).toEqual([undefined, [], 0]);
  }),
];
