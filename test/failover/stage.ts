import { setTimeout as wait } from "node:timers/promises";
import { type Emulator } from "../../emulator";
import { startAwsProxy, type AwsProxy } from "./aws-proxy";
import { type AnsweringConnector, startConnector, startConnectorProcess, type ConnectorProcess } from "./connector";
import { runFunction, type FunctionRun, type Invocation } from "./run-function";
import { destinationParameter, type World } from "./world";

/** A call of the function that changed something at the emulator, other than its history. */
interface Change {
  /** When the emulator had answered it. */
  readonly time: number;
  /** Name of a route, or of an action that is none of the function's. */
  readonly what: string;
  /** Name of the target. */
  readonly to: string;
}

/** Routes by name, and the names of what they lead to. */
export type Targets = Readonly<Record<string, string>>;

/** A world with its connectors running and runs of the function in it, which speak to the emulator by a proxy of their own. */
export interface Stage {
  readonly world: World;
  readonly aws: AwsProxy;
  readonly runs: readonly FunctionRun[];
  connector(key: string): AnsweringConnector;
  /** Moves a connector into a process of its own. */
  inProcess(key: string): Promise<ConnectorProcess>;
  /** Starts one more connector. */
  addConnector(address: string): Promise<void>;
  /** Starts a run of the function. */
  start(options?: Invocation & { readonly environment?: NodeJS.ProcessEnv }): FunctionRun;
  /** Starts runs, and waits until they know all connectors as alive and have read what they need, and then for a part of a probe interval. */
  watch(runs?: number, environment?: NodeJS.ProcessEnv): Promise<void>;
  /**
   * Strikes, and waits until the routes have been moved, and for two more seconds.
   *
   * @returns seconds from the strike to the last of the moves
   * @throws when the function changes anything else, or a route ends elsewhere
   */
  measure(strike: () => unknown, moves: Targets, limits?: { readonly within?: number; readonly settle?: number }): Promise<number>;
  /** Strikes, and sees to it that no route is moved for so many seconds. */
  expectNoMove(strike: () => unknown, seconds: number): Promise<void>;
  /** Whether a run has logged a line with this message, or a metric of this name. */
  hasTold(messageOrMetric: string): boolean;
  /** Waits until something holds. */
  until(what: string, holds: () => boolean, seconds: number): Promise<void>;
}

const probeInterval = 2_000;
/** What a run reads at its start. */
const firstReads = ["DescribeRouteTables", "DescribeInstances", "GetParameter"];
const settleSeconds = 2;
const lookEvery = 20;

const isChange = (action: string): boolean => !/^(Describe|Get)/.test(action);

/** What the function changed, in the order in which the emulator did so. */
function changesIn({ calls }: AwsProxy, world: World): readonly Change[] {
  const changes = calls.flatMap(({ action, parameters, answer }): readonly Change[] => {
    if (!isChange(action) || answer?.status !== 200) return [];
    if (action === "PutParameter" && parameters["Name"] === world.document.history) return [];
    const { RouteTableId = "", DestinationCidrBlock, DestinationIpv6CidrBlock, DestinationPrefixListId } = parameters;
    const destination = DestinationCidrBlock ?? DestinationIpv6CidrBlock ?? DestinationPrefixListId ?? "";
    const target = parameters["NetworkInterfaceId"] ?? parameters["NatGatewayId"] ?? "";
    // The emulator takes any destination by any parameter.
    const asEc2Wants = Object.entries(destinationParameter(destination)).every(([name, value]) => parameters[name] === value);
    if (action !== "ReplaceRoute" || !asEc2Wants) return [{ time: answer.time, what: action, to: JSON.stringify(parameters) }];
    return [{ time: answer.time, what: world.routeName(RouteTableId, destination), to: world.targetName(target) }];
  });
  return changes.sort((one, other) => one.time - other.time);
}

export interface Play {
  readonly emulator: Emulator;
  readonly world: World;
  /** Where in the probe interval the fault comes: 0 to 1. */
  readonly phase: number;
  /** What happens. */
  readonly act: (stage: Stage) => Promise<number | undefined>;
}

export interface Played {
  readonly seconds: number | undefined;
  /** The AWS actions that the function called, such as `ec2:ReplaceRoute`. */
  readonly actions: readonly string[];
}

/** Sets a stage, lets something happen on it, and clears it. Whatever a run changes outside of a measurement is an error. */
export async function play({ emulator, world, phase, act }: Play): Promise<Played> {
  const { port } = world.document.probe;
  const aws = await startAwsProxy(emulator.endpoint);
  const connectors = new Map<string, AnsweringConnector>();
  const others: { readonly stop: () => Promise<void> }[] = [];
  const runs: FunctionRun[] = [];
  const changes = (): readonly Change[] => changesIn(aws, world);
  let accounted = 0;

  const until = async (what: string, holds: () => boolean, seconds: number): Promise<void> => {
    const end = Date.now() + 1000 * seconds;
    while (!holds()) {
      if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
      await wait(lookEvery);
    }
  };
  const connector = (key: string): AnsweringConnector => {
    const found = connectors.get(key);
    if (!found) throw new Error(`there is no connector ${key}`);
    return found;
  };
  const addressOf = (key: string): string => world.document.connectors[key]?.address ?? "";
  const hasLogged = ({ logs }: FunctionRun, text: string): boolean => logs.some((line) => line["message"] === text || text in line);
  const start: Stage["start"] = ({ environment = world.documentWhole(), ...invocation } = {}) => {
    const account = { ...emulator.environment(world.region), AWS_ENDPOINT_URL: aws.endpoint };
    const run = runFunction({ environment: { ...account, ...environment }, ...invocation });
    runs.push(run);
    return run;
  };
  const stage: Stage = {
    world,
    aws,
    runs,
    connector,
    inProcess: async (key) => {
      await connector(key).stop();
      const process = await startConnectorProcess(addressOf(key), port);
      others.push(process);
      return process;
    },
    addConnector: async (address) => {
      others.push(await startConnector(address, port));
    },
    start,
    watch: async (count = 1, environment = world.documentWhole()) => {
      const started = Array.from({ length: count }, () => start({ environment }));
      const messages = Object.keys(world.document.connectors).map((key) => `connector ${key} is alive`);
      const isRead = (wanted: string): boolean =>
        aws.calls.filter(({ action, answer }) => action === wanted && answer?.status === 200).length >= count;
      const isWatching = (run: FunctionRun): boolean => messages.every((message) => hasLogged(run, message));
      await until("all connectors known", () => started.every(isWatching) && firstReads.every(isRead), 15);
      await wait(phase * probeInterval);
    },
    measure: async (strike, moves, { within = 6, settle = settleSeconds } = {}) => {
      const before = await world.routes();
      expect(changes().slice(accounted)).toEqual([]);
      const struck = Date.now();
      await strike();
      const isMade = ([route, target]: [string, string]): boolean =>
        changes().some(({ what, to }, index) => index >= accounted && what === route && to === target);
      const areMade = (): boolean => Object.entries(moves).every(isMade);
      // What is not moved in time is told by the routes.
      for (const end = struck + 1000 * (within + settle); !areMade() && Date.now() < end;) await wait(20);
      await wait(1000 * settle);
      const made = changes().slice(accounted);
      accounted += made.length;
      expect(await world.routes()).toEqual({ ...before, ...moves });
      expect(made.filter(({ what, to }) => moves[what] !== to)).toEqual([]);
      const last = Math.max(struck, ...made.map(({ time }) => time));
      return (last - struck) / 1000;
    },
    expectNoMove: async (strike, seconds) => {
      await stage.measure(strike, {}, { settle: seconds });
    },
    hasTold: (text) => runs.some((run) => hasLogged(run, text)),
    until,
  };
  try {
    for (const [key, { address }] of Object.entries(world.document.connectors)) connectors.set(key, await startConnector(address, port));
    const seconds = await act(stage);
    expect(changes().slice(accounted)).toEqual([]);
    expect(runs.map((run) => run.complaints()).join("")).toBe("");
    return { seconds, actions: [...new Set(aws.calls.map(({ service, action }) => `${service}:${action}`))] };
  } catch (error) {
    const told = runs.map(({ logs }, index) => `run ${index + 1}:\n${logs.map((line) => JSON.stringify(line)).join("\n")}`);
    throw new Error([error instanceof Error ? error.message : String(error), ...told].join("\n"), { cause: error });
  } finally {
    for (const each of [...runs, ...connectors.values(), ...others, aws]) await each.stop();
    world.destroy();
  }
}
