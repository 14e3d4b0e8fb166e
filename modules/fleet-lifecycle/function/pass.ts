import { type FleetDocument } from "./document";
import { judge, type Judgement } from "./judge";
import { type Ports, type SeenGroup, type SeenInstance } from "./ports";
import { CallFailed } from "../../lambda/function/call-failed";
import { inTurns } from "../../lambda/function/in-turns";
import { type LifecycleAction } from "../../lambda/function/lifecycle-action";
import { reasonOf } from "../../lambda/function/reason";

const minute = 60_000;

const verdictMetrics = { healthy: "Healthy", degraded: "Degraded", unhealthy: "Unhealthy", unknown: "Unknown" } as const;

const nothing = { Healthy: 0, Degraded: 0, Unhealthy: 0, Unknown: 0, HeldBack: 0, Replaced: 0 };

type Counts = Readonly<Record<keyof typeof nothing, number>>;

/** What became of a group in a pass. */
interface Outcome {
  readonly group: string;
  readonly counts: Counts;
  /** Whether all could be judged. */
  readonly judged: boolean;
}

const isWaitingToEnd = (lifecycle: string): boolean => lifecycle === "Terminating:Wait" || lifecycle === "Warmed:Terminating:Wait";

const sum = (all: readonly Counts[]): Counts =>
  all.reduce(
    (total, each) => ({
      Healthy: total.Healthy + each.Healthy,
      Degraded: total.Degraded + each.Degraded,
      Unhealthy: total.Unhealthy + each.Unhealthy,
      Unknown: total.Unknown + each.Unknown,
      HeldBack: total.HeldBack + each.HeldBack,
      Replaced: total.Replaced + each.Replaced,
    }),
    nothing,
  );

const countsOf = ({ verdicts, heldBack }: Judgement, replaced: number): Counts => {
  const counts = { ...nothing, HeldBack: heldBack?.instances.length ?? 0, Replaced: replaced };
  for (const { kind } of verdicts.values()) counts[verdictMetrics[kind]] += 1;
  return counts;
};

/**
 * Looks after all groups once: completes terminations that still wait, judges the instances in service, and has the unhealthy ones replaced. What
 * fails for one group or instance stops no other.
 *
 * @throws {Error} after all else is done, if a group could not be judged
 */
export const runPass = (document: FleetDocument, ports: Ports): Promise<void> => new Pass(document, ports).run();

class Pass {
  private failedCalls = 0;

  constructor(
    private readonly document: FleetDocument,
    private readonly ports: Ports,
  ) {}

  async run(): Promise<void> {
    const { groups: names } = this.document;
    const { report } = this.ports;
    const { groups, unread } = await this.readGroups();
    for (const name of names)
      if (!unread.includes(name) && !groups.some((group) => group.name === name))
        // As before the first deployment ends: the function stands before its groups, and outlives them.
        report.log("warning", "a group is not there", { group: name });
    const outcomes = await Promise.all(groups.map((group) => this.lookAfter(group)));
    if (names.length > 1) for (const { group, counts } of outcomes) report.metrics(counts, group);
    const unjudged = [...unread, ...outcomes.filter(({ judged }) => !judged).map(({ group }) => group)];
    report.metrics({
      // Zeros for groups that nobody could read would say that all is well.
      ...(unread.length === names.length ? {} : sum(outcomes.map(({ counts }) => counts))),
      FailedCalls: this.failedCalls,
      // Its absence tells that connectors may be bad without anybody knowing.
      ...(unjudged.length === 0 ? { Heartbeat: 1 } : {}),
    });
    if (unjudged.length > 0) throw new Error(`could not judge ${unjudged.join(", ")}`);
  }

  /** All groups in one call. If it fails each by itself, so that one cannot hide the others. */
  private async readGroups(): Promise<{ readonly groups: readonly SeenGroup[]; readonly unread: readonly string[] }> {
    const { groups: names } = this.document;
    const read = async (some: readonly string[]) => {
      try {
        return { groups: await this.ports.aws.groups(some), unread: [] };
      } catch (error) {
        this.tellFailure("groups could not be read", { groups: some }, error);
        return { groups: [], unread: some };
      }
    };
    const all = await read(names);
    if (all.unread.length === 0 || names.length === 1) return all;
    const each = await Promise.all(names.map((name) => read([name])));
    return { groups: each.flatMap(({ groups }) => groups), unread: each.flatMap(({ unread }) => unread) };
  }

  private async lookAfter(group: SeenGroup): Promise<Outcome> {
    await this.completeWaiting(group);
    try {
      const { judgement, judged } = await this.judge(group);
      this.tell(group.name, judgement);
      const replaced = await inTurns(judgement.replace, (id) => this.replace(group.name, id));
      return { group: group.name, counts: countsOf(judgement, replaced.filter(Boolean).length), judged };
    } catch (error) {
      this.tellFailure("a group could not be judged", { group: group.name }, error);
      const serving = group.instances.filter(({ lifecycle }) => lifecycle === "InService").length;
      return { group: group.name, counts: { ...nothing, Unknown: serving }, judged: false };
    }
  }

  private async judge(group: SeenGroup): Promise<{ readonly judgement: Judgement; readonly judged: boolean }> {
    const { now: clock, aws } = this.ports;
    const { health } = this.document;
    const now = clock();
    const series = await aws.series(group.name, now - minute * (Math.max(60, health.silentMinutes) + 15));
    const judgement = judge({ group, series, inService: undefined, now }, health);
    const isDoubtful = ({ id, health: known }: SeenInstance): boolean => {
      const kind = judgement.verdicts.get(id)?.kind;
      return known === "Healthy" && (kind === "unknown" || kind === "unhealthy");
    };
    if (!group.instances.some(isDoubtful)) return { judgement, judged: true };
    try {
      return { judgement: judge({ group, series, inService: await aws.inServiceSince(group.name), now }, health), judged: true };
    } catch (error) {
      this.tellFailure("nobody knows since when instances are in service", { group: group.name }, error);
      return { judgement, judged: false };
    }
  }

  private tell(group: string, { verdicts, heldBack }: Judgement): void {
    const { report } = this.ports;
    for (const [instance, { kind, why }] of verdicts)
      if (kind !== "healthy") report.log(kind === "unknown" ? "info" : "warning", `a connector is ${kind}`, { group, instance, why });
    if (heldBack) report.log("warning", "unhealthy connectors are not replaced", { group, ...heldBack });
  }

  /** Whether it will be replaced. */
  private async replace(group: string, instance: string): Promise<boolean> {
    const marked = await this.attempt("a connector could not be replaced", { group, instance }, () =>
      this.ports.aws.markUnhealthy(instance),
    );
    if (marked) this.ports.report.log("warning", "a connector is replaced", { group, instance });
    return marked;
  }

  /** Whether it ends or goes back into the warm pool, it need not wait: what is to be noted of an end is also noted after it. */
  private async completeWaiting({ name: group, instances, terminateHooks }: SeenGroup): Promise<void> {
    const waiting = instances.filter(({ lifecycle }) => isWaitingToEnd(lifecycle));
    const actions = waiting.flatMap(({ id }) => terminateHooks.map((hook): LifecycleAction => ({ group, hook, instance: id })));
    await inTurns(actions, async (action) => {
      const done = await this.attempt("a termination could not be completed", { ...action }, () => this.ports.aws.complete(action));
      if (done) this.ports.report.log("info", "a termination that waited is completed", { ...action });
    });
  }

  /** Whether the call was made. An instance that is gone by now is no failure. */
  private async attempt(failure: string, details: Readonly<Record<string, unknown>>, call: () => Promise<void>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      if (!(error instanceof CallFailed && error.kind === "missing")) this.tellFailure(failure, details, error);
      return false;
    }
  }

  private tellFailure(message: string, details: Readonly<Record<string, unknown>>, error: unknown): void {
    this.failedCalls += 1;
    this.ports.report.log("error", message, { ...details, why: reasonOf(error) });
  }
}
