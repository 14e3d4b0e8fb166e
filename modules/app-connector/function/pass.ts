import { type AppConnectorDocument } from "./document";
import { olderThan, without } from "./overdue";
import { codesOf, idsOf, retiredOf, subjectOf } from "./parameters";
import { type Ports, type SeenParameter } from "./ports";
import { register } from "./register";
import { inTurns } from "../../lambda/function/in-turns";
import { reasonOf } from "../../lambda/function/reason";

/** So many parameters are worked off even where AWS does not answer, in the time of a run. The next one goes on. */
const mostAtOnce = 50;

type Metrics = Readonly<Record<string, number>>;

/**
 * Looks after a deployment once: tells which instances are not enrolled or have no agent, queues the removal of App Connectors that their instances
 * gave up, and registers the codes that instances show. What fails of it stops nothing else. Never fails.
 */
export const runPass = (document: AppConnectorDocument, ports: Ports): Promise<void> => new Pass(document, ports).run();

class Pass {
  private failedCalls = 0;
  private blind = false;

  constructor(
    private readonly document: AppConnectorDocument,
    private readonly ports: Ports,
  ) {}

  async run(): Promise<void> {
    const parts = await Promise.all([this.judgeInstances(), this.queueRetired(), this.registerCodes()]);
    this.ports.report.metrics({
      ...Object.assign({}, ...parts),
      FailedCalls: this.failedCalls,
      // Its absence tells that something may be wrong without anybody knowing.
      ...(this.blind ? {} : { Heartbeat: 1 }),
    });
  }

  private async judgeInstances(): Promise<Metrics> {
    const { aws, now } = this.ports;
    const { enrollMinutes, agentMinutes } = this.document;
    const [instances, ids] = await Promise.all([
      this.read("instances", () => aws.instances()),
      this.read("ids of App Connectors", () => aws.parameters(idsOf(this.document), "encrypted")),
    ]);
    if (instances === undefined) return {};
    const enrolled = ids && new Set(ids.map(({ name }) => subjectOf(name)));
    const notEnrolled = enrolled && without(olderThan(instances, enrollMinutes, now()), enrolled);
    const old = olderThan(instances, agentMinutes, now());
    const online = await this.read("agents", () => aws.online(old));
    const noAgent = online && without(old, online);
    return {
      ...this.gauge("NotEnrolled", "instances are not enrolled", notEnrolled),
      ...this.gauge("NoAgent", "instances have no agent that is online", noAgent),
    };
  }

  /** What is unknown is no metric. */
  private gauge(metric: string, message: string, instances: readonly string[] | undefined): Metrics {
    if (instances === undefined) return {};
    if (instances.length > 0) this.ports.report.log("warning", message, { instances });
    return { [metric]: instances.length };
  }

  private async queueRetired(): Promise<Metrics> {
    const { aws, portal, report } = this.ports;
    const retired =
      (await this.read("App Connectors that were given up", () => aws.parameters(retiredOf(this.document), "encrypted"))) ?? [];
    await inTurns(retired.slice(0, mostAtOnce), async ({ name, value: instance }) => {
      const id = subjectOf(name);
      await this.attempt("an App Connector that was given up could not be queued", { instance, id }, async () => {
        if (portal) await aws.queue({ instance, id }, 0);
        await aws.deleteParameter(name);
        report.log("info", `an App Connector that was given up ${portal ? "is to be removed" : "stays in ZPA"}`, { instance, id });
      });
    });
    return {};
  }

  private async registerCodes(): Promise<Metrics> {
    const { aws, portal, report } = this.ports;
    const { oauth } = this.document;
    if (oauth === undefined || portal === undefined) return {};
    const codes = await this.read("codes", () => aws.parameters(codesOf(this.document), "decrypted"));
    if (codes === undefined) return {};
    const { registered, failed, expired } = await register(codes.slice(0, mostAtOnce), oauth.group, { ...this.ports, portal });
    await inTurns(registered, (code) => this.forget(code));
    const forgotten = await inTurns(expired, (code) => this.forget(code));
    for (const { name } of registered) report.log("info", "a code is registered in ZPA", { instance: subjectOf(name) });
    for (const { name } of expired) report.log("warning", "a code expired before it was registered", { instance: subjectOf(name) });
    return { RegistrationFailures: failed.length, ExpiredCodes: forgotten.filter(Boolean).length };
  }

  /** Whether it is done. A code that its instance has written since is another one. */
  private forget({ name, modified }: SeenParameter): Promise<boolean> {
    const { aws } = this.ports;
    return this.attempt("a code could not be deleted", { instance: subjectOf(name) }, async () => {
      const now = await aws.parameter(name);
      if (now?.modified === modified) await aws.deleteParameter(name);
    });
  }

  private async read<Result>(what: string, call: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await call();
    } catch (error) {
      this.blind = true;
      this.tellFailure(`${what} could not be read`, {}, error);
      return undefined;
    }
  }

  /** Whether it is done. */
  private async attempt(failure: string, details: Readonly<Record<string, unknown>>, act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      this.tellFailure(failure, details, error);
      return false;
    }
  }

  private tellFailure(message: string, details: Readonly<Record<string, unknown>>, error: unknown): void {
    this.failedCalls += 1;
    this.ports.report.log("error", message, { ...details, why: reasonOf(error) });
  }
}
