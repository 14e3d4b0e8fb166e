import { setTimeout as wait } from "node:timers/promises";
import { reasonOf } from "../../lambda/function/reason";
import { connectAws } from "./aws";
import { readDocument } from "./configuration";
import { probe } from "./probe";
import { reportTo } from "./report";
import { Watch } from "./watch";

// EventBridge starts a run in each minute, but not on the second: two starts can lie almost 120 s apart. A death that the one run has not seen to its
// end is the next one's from its start: the 5 s that this takes are watched twice.
const watchFor = 125_000;
// A run that an event starts is there for the case that no other runs.
const watchAfterEventFor = 20_000;
// To write the last lines before Lambda's own limit.
const margin = 3_000;

interface Context {
  readonly getRemainingTimeInMillis: () => number;
}

const aws = connectAws();

const writeLine = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** What Lambda calls: on a schedule, and when EC2 says that a connector stops. */
export async function handler(event: Readonly<Record<string, unknown>>, { getRemainingTimeInMillis }: Context): Promise<void> {
  const started = Date.now();
  const isStateChange = event["detail-type"] === "EC2 Instance State-change Notification";
  const deadline = started + Math.min(isStateChange ? watchAfterEventFor : watchFor, getRemainingTimeInMillis() - margin);
  try {
    const document = await readDocument(process.env, aws.documentParts);
    const report = reportTo(document.name, writeLine);
    report.log("info", "watching", { connectors: Object.keys(document.connectors).length, routes: document.routes.length });
    const ports = {
      now: Date.now,
      sleep: (milliseconds: number, signal: AbortSignal) => wait(milliseconds, undefined, { signal }).catch(() => undefined),
      random: Math.random,
      probe: (address: string) => probe(address, document.probe.port, 1000 * document.probe.timeoutSeconds),
      aws,
      report,
    };
    await new Watch(document, ports, deadline).run();
  } catch (error) {
    writeLine(JSON.stringify({ level: "error", message: "the run failed", why: reasonOf(error) }));
    throw error;
  }
}
