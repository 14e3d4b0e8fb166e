import { StopInstancesCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { type Answer, answers, type ConnectorProcess, late } from "../connector";
import { detachInterface } from "../interfaces";
import { type Stage } from "../stage";
import { type PlannedRoute } from "../world";
import { drill, type Drill, entryOf, homesOf, nextLook, refusing } from "./drill";

const repetitions = 6;
/** For what only differs in what EC2 or the document says. */
const fewRepetitions = 3;

interface Scene extends Partial<Pick<Drill, "plan" | "repetitions">> {
  readonly inParts?: boolean;
}

const moved = "its routes move to the other connector";

/** The connector a-1 dies, in a way that may need preparation. */
const death = (fault: string, prepare: (stage: Stage) => (() => unknown) | Promise<() => unknown>, scene: Scene = {}): Drill => {
  const { inParts = false, ...more } = scene;
  const act: Drill["act"] = async (stage) => {
    const strike = await prepare(stage);
    await stage.watch(1, inParts ? await stage.world.documentInParts() : stage.world.documentWhole());
    return stage.measure(strike, homesOf(stage, "a-1", "b-1"));
  };
  return drill(fault, moved, act, { ofOneConnector: true, repetitions, ...more });
};

const deathByAnswer = (fault: string, answer: Answer): Drill => death(fault, (stage) => () => stage.connector("a-1").become(answer));

const deathOfProcess = (fault: string, strike: (connector: ConnectorProcess) => unknown): Drill =>
  death(fault, async (stage) => {
    const connector = await stage.inProcess("a-1");
    return () => strike(connector);
  });

/** The connector refuses, and EC2 has something to say of its instance. */
const deathOfInstance = (fault: string, strike: (stage: Stage, instance: string) => unknown): Drill =>
  death(
    fault,
    (stage) => () => {
      refusing(stage, "a-1")();
      return strike(stage, entryOf(stage.world, "a-1").instance);
    },
    { repetitions: fewRepetitions },
  );

const absent = (id: string): string => id.replace(/[0-9a-f]{17}$/, "0".repeat(17));

/** An answer of DescribeInstances in which one instance has no interfaces. */
const withoutInterfaces = (answer: string, instance: string): string =>
  answer
    .split(/(?=<item><reservationId>)/)
    .map((part) => (part.includes(instance) ? part.replace(/<networkInterfaceSet>.*<\/networkInterfaceSet>/s, "") : part))
    .join("");

const destinations = ["0.0.0.0/0", "::/0", "2001:db8::/32", "prefix list"];
const routesOfEveryKind = ["a", "b"].flatMap((zone) =>
  destinations.map((destination): PlannedRoute => ({ table: `workload-${zone}`, destination, home: `${zone}-1`, tier: "workload" })),
);

const twoRuns = drill(
  "refused, two runs at once",
  moved,
  async (stage) => {
    await stage.watch(2);
    const seconds = await stage.measure(refusing(stage, "a-1"), homesOf(stage, "a-1", "b-1"));
    await stage.expectNoMove(() => undefined, nextLook);
    // One death, whichever runs moved the routes.
    expect(await stage.world.history()).toEqual({ "a-1": [expect.any(Number)] });
    return seconds;
  },
  { ofOneConnector: true, repetitions },
);

/** One of two connectors dies, and nothing else is wrong. */
export const deaths: readonly Drill[] = [
  death("refused", (stage) => refusing(stage, "a-1")),
  deathByAnswer("reset", answers.reset),
  deathByAnswer("accept and silence", answers.silence),
  deathByAnswer("headers, then silence", answers.headersThenSilence),
  deathByAnswer("one byte a second", answers.byteEachSecond),
  deathByAnswer("endless body", answers.endlessBody),
  deathByAnswer("status 500", answers.error),
  deathByAnswer("redirect (302)", answers.redirect),
  deathByAnswer("garbage", answers.garbage),
  deathByAnswer("answers after 3 s", late(3)),
  deathOfProcess("process killed", (connector) => connector.kill()),
  deathOfProcess("host unreachable (black hole)", (connector) => connector.vanish()),
  deathOfInstance("instance stopped", ({ world }, id) => world.ec2.send(new StopInstancesCommand({ InstanceIds: [id] }))),
  deathOfInstance("instance terminated", ({ world }, id) => world.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }))),
  deathOfInstance("instance gone from the API", ({ aws }, id) =>
    aws.rewrite({ action: "DescribeInstances" }, { question: (text) => text.replaceAll(id, absent(id)) }),
  ),
  deathOfInstance("instance without interfaces", ({ aws }, id) =>
    aws.rewrite({ action: "DescribeInstances" }, { answer: (text) => withoutInterfaces(text, id) }),
  ),
  deathOfInstance("service interface detached", ({ world }) => detachInterface(world, entryOf(world, "a-1").interface)),
  twoRuns,
  death("refused, IPv6 and prefix-list routes", (stage) => refusing(stage, "a-1"), {
    plan: { routes: routesOfEveryKind },
    repetitions: fewRepetitions,
  }),
  death("refused, document in parts", (stage) => refusing(stage, "a-1"), { inParts: true, repetitions: fewRepetitions }),
];
