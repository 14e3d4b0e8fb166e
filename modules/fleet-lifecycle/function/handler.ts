import { setTimeout as sleep } from "node:timers/promises";
import { connectAws } from "./aws";
import { readDocument } from "./configuration";
import { type FleetDocument } from "./document";
import { runPass } from "./pass";
import { connectPortal } from "./portal";
import { type AwsPort, type Ports } from "./ports";
import { handleRemovals } from "./remove";
import { type BatchResponse, type QueueMessage } from "../../lambda/function/queue-message";
import { reasonOf } from "../../lambda/function/reason";
import { reportTo } from "./report";
import { handleEnd, handleTermination } from "./terminate";

// To write the last lines before Lambda's own limit.
const margin = 3_000;

interface Context {
  readonly getRemainingTimeInMillis: () => number;
}

interface FleetEvent {
  readonly "detail-type"?: unknown;
  readonly detail?: unknown;
  /** Those of the queue. Lambda makes no event without one. */
  readonly Records?: readonly QueueMessage[];
}

const writeLine = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** What stays from one run to the next: the environment of a running function does not change. */
let known: { readonly document: FleetDocument; readonly aws: AwsPort } | undefined;

function know(): { readonly document: FleetDocument; readonly aws: AwsPort } {
  const document = readDocument(process.env);
  return { document, aws: connectAws(document) };
}

/** What Lambda calls: on a schedule, when an instance of a group is about to end or has ended, and with a batch of the queue. */
export async function handler(event: FleetEvent, { getRemainingTimeInMillis }: Context): Promise<BatchResponse | undefined> {
  const deadline = Date.now() + getRemainingTimeInMillis() - margin;
  try {
    known ??= know();
    const { document, aws } = known;
    const clock = { now: Date.now, sleep: (milliseconds: number) => sleep(milliseconds), random: Math.random };
    const { host, secret } = document.portal;
    const portal = connectPortal({ host, credentials: () => aws.secret(secret), clock, deadline });
    const ports: Ports = { ...clock, aws, portal, report: reportTo(document.name, writeLine) };
    return await answer(event, document, ports);
  } catch (error) {
    writeLine(JSON.stringify({ level: "error", message: "the run failed", why: reasonOf(error) }));
    throw error;
  }
}

async function answer(event: FleetEvent, document: FleetDocument, ports: Ports): Promise<BatchResponse | undefined> {
  if (event.Records !== undefined) return handleRemovals(event.Records, ports);
  switch (event["detail-type"]) {
    case "Scheduled Event":
      await runPass(document, ports);
      return undefined;
    case "EC2 Instance-terminate Lifecycle Action":
      await handleTermination(event.detail, document, ports);
      return undefined;
    case "EC2 Instance Terminate Successful":
      await handleEnd(event.detail, document, ports);
      return undefined;
    default:
      ports.report.log("warning", "an event was ignored", { why: "nothing is to be done for it", type: String(event["detail-type"]) });
      return undefined;
  }
}
