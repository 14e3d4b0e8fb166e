import fc from "fast-check";
import { type SeenParameter } from "../../../../modules/app-connector/function/ports";
import { register } from "../../../../modules/app-connector/function/register";
import { bad, busy, minute, now, portsTo, type World } from "./recorded-ports";

const codeOf = (instance: string, value: string, minutes = 1): SeenParameter => ({
  name: `/zscaler/app-connectors/edge/codes/${instance}`,
  value,
  modified: now - minutes * minute,
});

const valuesOf = (codes: readonly SeenParameter[]): readonly string[] => codes.map(({ value }) => value);

async function registration(codes: readonly SeenParameter[], world: World) {
  const { portal, ...ports } = portsTo(world);
  if (portal === undefined) throw new Error("there is always a portal");
  const { registered, failed, expired } = await register(codes, "77", { ...ports, portal });
  return { ...ports, registered: valuesOf(registered), failed: valuesOf(failed), expired: valuesOf(expired) };
}

const three = [codeOf("i-1", "AAAAA-00001"), codeOf("i-2", "AAAAA-00002"), codeOf("i-3", "AAAAA-00003", 31)];
const [one, two, old] = ["AAAAA-00001", "AAAAA-00002", "AAAAA-00003"] as const;

test("codes are registered by one login and one call, however old", async () => {
  const { calls, registered, failed, expired, logs } = await registration(three, { codes: [one, two, old] });
  expect(calls).toEqual(["open", `register 77 ${one} ${two} ${old}`]);
  expect([registered, failed, expired, logs]).toEqual([[one, two, old], [], [], []]);
});

test("without codes nobody logs in", async () => {
  expect((await registration([], {})).calls).toEqual([]);
});

test("a bad one does not stop the others", async () => {
  const { calls, registered, failed, expired } = await registration(three, { codes: [two, old] });
  expect(calls).toEqual(["open", `register 77 ${one} ${two} ${old}`, `register 77 ${one}`, `register 77 ${two}`, `register 77 ${old}`]);
  expect([registered, failed, expired]).toEqual([[two, old], [one], []]);
});

test("one that is older than 30 minutes and cannot be registered is expired", async () => {
  const { registered, failed, expired } = await registration(three, { codes: [one] });
  expect([registered, failed, expired]).toEqual([[one], [two], [old]]);
  const atTheEnd = await registration([codeOf("i-1", one, 30)], {});
  expect([atTheEnd.failed, atTheEnd.expired]).toEqual([[one], []]);
});

test.each([
  ["a login that fails", { failures: { open: busy } }, ["open"]],
  ["a login that is refused", { failures: { open: bad } }, ["open"]],
  ["ZPA in trouble", { failures: { "register *": busy } }, ["open", `register 77 ${one} ${two} ${old}`]],
])("%s: nobody is tried by himself", async (_, world, calls) => {
  const seen = await registration(three, { ...world, codes: [one, two, old] });
  expect(seen.calls).toEqual(calls);
  expect([seen.registered, seen.failed, seen.expired]).toEqual([[], [one, two], [old]]);
});

test("a single code that is refused is not tried again at once", async () => {
  expect((await registration([codeOf("i-1", one)], {})).calls).toEqual(["open", `register 77 ${one}`]);
});

test("whatever codes there are, each has one fate, good ones are registered, and no code is told", async () => {
  const code = fc.record({ good: fc.boolean(), minutes: fc.integer({ min: 0, max: 60 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(code, { maxLength: 8 }), async (plan) => {
      const codes = plan.map(({ minutes }, index) => codeOf(`i-${index}`, `CODES-1000${index}`, minutes));
      const good = plan.flatMap((each, index) => (each.good ? [`CODES-1000${index}`] : []));
      const { registered, failed, expired, logs } = await registration(codes, { codes: good });
      expect([...registered, ...failed, ...expired].sort()).toEqual(valuesOf(codes));
      expect(registered).toEqual(good);
      expect(expired.every((value) => (plan[Number(value.at(-1))]?.minutes ?? 0) > 30)).toBe(true);
      expect(JSON.stringify(logs)).not.toContain("CODES-");
    }),
  );
});
