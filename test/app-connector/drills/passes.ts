import { schedule, type Stage } from "../stage";
import { drill, type Drill, expectSuccess, instanceAt } from "./drill";

const quiet = { NotEnrolled: 0, NoAgent: 0, RegistrationFailures: 0, ExpiredCodes: 0, FailedCalls: 0, Heartbeat: 1 };

async function metricsOf({ pass }: Stage): Promise<Readonly<Record<string, number | undefined>>> {
  const ran = await pass();
  expectSuccess(ran);
  return Object.fromEntries(Object.keys(quiet).map((name) => [name, ran.metric(name)]));
}

interface Shown {
  readonly Parameters?: { readonly Name: string; LastModifiedDate: number }[];
  readonly Parameter?: { readonly Name: string; LastModifiedDate: number };
}

/** Shows a parameter as if it had been written so many minutes earlier. */
function age({ aws }: Stage, end: string, minutes: number): void {
  const answer = (text: string): string => {
    const shown = JSON.parse(text) as Shown;
    for (const each of [...(shown.Parameters ?? []), ...(shown.Parameter ? [shown.Parameter] : [])])
      if (each.Name.endsWith(end)) each.LastModifiedDate -= 60 * minutes;
    return JSON.stringify(shown);
  };
  for (const action of ["GetParametersByPath", "GetParameter"]) aws.rewrite({ action }, { answer });
}

/** What a pass tells and does. */
export const passes: readonly Drill[] = [
  drill("none: all instances are enrolled and have agents", "a heartbeat, and nothing else", { fixed: 2 }, async (stage) => {
    for (const id of stage.ids) await stage.enroll(id, String(stage.ids.indexOf(id) + 1));
    expect(await metricsOf(stage)).toEqual(quiet);
    expect(stage.zpa.calls).toEqual([]);
  }),
  drill("an instance is not enrolled", "counted when it is old enough", { fixed: 2, scaled: 1 }, async (stage) => {
    await stage.enroll(instanceAt(stage, 0), "1");
    expect(await metricsOf(stage)).toEqual({ ...quiet, NotEnrolled: 3 });
    stage.aws.rewrite({ action: "DescribeInstances" }, {});
    expect(await metricsOf(stage)).toEqual(quiet);
  }),
  drill("twelve instances, one of them without an agent", "counted, over several pages of parameters", { fixed: 12 }, async (stage) => {
    for (const [index, id] of stage.ids.entries()) await stage.enroll(id, String(index + 1));
    const lost = instanceAt(stage, 3);
    const answer = (text: string): string => text.replace(new RegExp(`("${lost}",\\s*"PingStatus":\\s*)"Online"`), '$1"ConnectionLost"');
    stage.aws.rewrite({ action: "DescribeInstanceInformation" }, { answer });
    expect(await metricsOf(stage)).toEqual({ ...quiet, NoAgent: 1 });
    expect(stage.aws.calls.filter(({ parameters }) => parameters["Path"]?.endsWith("/ids"))).toHaveLength(2);
  }),
  drill("instances of others", "none of ours", { fixed: 1, document: { name: "others" } }, async (stage) => {
    expect(await metricsOf(stage)).toEqual(quiet);
  }),
  drill("an instance enrolled again", "its former App Connector is deleted, its new one and its id stay", { fixed: 1 }, async (stage) => {
    const one = instanceAt(stage, 0);
    await stage.enroll(one, "2");
    stage.zpa.add("1");
    await stage.put("retired/1", one);
    expect(await metricsOf(stage)).toEqual(quiet);
    expect(await stage.parameters()).toEqual([`ids/${one}`]);
    expect(await stage.deliver()).toMatchObject({ handed: 1, again: 0 });
    expect([[...stage.zpa.appConnectors.keys()], await stage.parameters()]).toEqual([["2"], [`ids/${one}`]]);
  }),
  drill("none: instances show codes", "registered by one login and one call, and deleted", { fixed: 1 }, async (stage) => {
    await stage.enroll(instanceAt(stage, 0), "1");
    for (const code of ["AAAAA-00001", "BBBBB-00002"]) stage.zpa.shown.add(code);
    await stage.put("codes/i-1", "AAAAA-00001\n", true);
    await stage.put("codes/i-2", "BBBBB-00002", true);
    expect(await metricsOf(stage)).toEqual(quiet);
    expect(stage.zpa.calls.map(({ operation }) => operation)).toEqual(["login", "register"]);
    expect([...stage.zpa.registered].sort()).toEqual(["AAAAA-00001", "BBBBB-00002"]);
    expect(await stage.parameters()).toEqual([`ids/${instanceAt(stage, 0)}`]);
  }),
  drill("a code is wrong, another one wrong and old", "the good one is registered, the old one expires", {}, async (stage) => {
    stage.zpa.shown.add("AAAAA-00001");
    await stage.put("codes/i-1", "AAAAA-00001", true);
    await stage.put("codes/i-2", "WRONG-00002", true);
    await stage.put("codes/i-3", "WRONG-00003", true);
    age(stage, "codes/i-3", 31);
    expect(await metricsOf(stage)).toEqual({ ...quiet, RegistrationFailures: 1, ExpiredCodes: 1 });
    expect([stage.zpa.registered, await stage.parameters()]).toEqual([["AAAAA-00001"], ["codes/i-2"]]);
    // It comes late, but it comes.
    stage.zpa.shown.add("WRONG-00002");
    expect(await metricsOf(stage)).toEqual(quiet);
    expect(await stage.parameters()).toEqual([]);
  }),
  drill("two passes at once", "each code and each removal has its end, and both passes succeed", { fixed: 1 }, async (stage) => {
    await stage.enroll(instanceAt(stage, 0), "2");
    stage.zpa.add("1");
    stage.zpa.shown.add("AAAAA-00001");
    await stage.put("retired/1", instanceAt(stage, 0));
    await stage.put("codes/i-1", "AAAAA-00001", true);
    expectSuccess(...(await Promise.all([stage.pass(), stage.runApart(schedule)])));
    expect([await stage.parameters(), stage.zpa.registered]).toEqual([[`ids/${instanceAt(stage, 0)}`], ["AAAAA-00001"]]);
    expect(await stage.deliver()).toMatchObject({ again: 0 });
    expect([...stage.zpa.appConnectors.keys()]).toEqual(["2"]);
  }),
  drill("ZPA is to be left alone", "no call to it, and a heartbeat", { fixed: 1, withoutPortal: true }, async (stage) => {
    await stage.enroll(instanceAt(stage, 0), "1");
    await stage.put("retired/9", instanceAt(stage, 0));
    expect(await metricsOf(stage)).toEqual({ NotEnrolled: 0, NoAgent: 0, FailedCalls: 0, Heartbeat: 1 });
    expect([await stage.parameters(), await stage.queues.length()]).toEqual([[`ids/${instanceAt(stage, 0)}`], 0]);
  }),
  drill(
    "a configuration that is wrong",
    "the run fails at once, without a call",
    { document: { parameters: "nowhere" } },
    async ({ aws, pass }) => {
      const { error, told } = await pass();
      expect(error?.message).toBe("the document.parameters: nowhere is no path of Parameter Store");
      expect([told("the run failed"), aws.calls]).toEqual([true, []]);
    },
  ),
];
