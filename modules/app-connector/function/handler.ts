import { setTimeout as sleep } from "node:timers/promises";
import { connectAws } from "./aws";
import { readDocument } from "./configuration";
import { type AppConnectorDocument } from "./document";
import { runPass } from "./pass";
import { connectPortal } from "./portal";
import { type AwsPort, type Portal, type Ports } from "./ports";
import { handleRemovals } from "./remove";
import { reportTo } from "./report";
import { handleEnd, handleStateChange, handleTermination } from "./terminate";
import { type BatchResponse, type QueueMessage } from "../../lambda/function/queue-message";
import { reasonOf } from "../../lambda/function/reason";

// To write the last lines before Lambda's own limit.
const margin = 3_000;

/** The last calls to ZPA end so long before the run: what is to be told to AWS then takes four of its calls. */
const forAws = 22_000;

/** The calls of a pass to ZPA end so soon that the next pass does not meet them. */
const passLimit = 40_000;

interface Context {
  readonly getRemainingTimeInMillis: () => number;
}

interface AppConnectorEvent {
  readonly "detail-type"?: unknown;
  readonly detail?: unknown;
  /** Those of the queue. Lambda makes no event without one. */
  readonly Records?: readonly QueueMessage[];
}

const writeLine = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

interface Known {
  readonly document: AppConnectorDocument;
  readonly aws: AwsPort;
}

/** What stays from one run to the next: the environment of a running function does not change. */
let known: Known | undefined;

function know(): Known {
  const document = readDocument(process.env);
  return { document, aws: connectAws(document) };
}

const clock = { now: Date.now, sleep: (milliseconds: number) => sleep(milliseconds), random: Math.random };

const isPass = (event: AppConnectorEvent): boolean => event["detail-type"] === "Scheduled Event";

/** What Lambda calls: on a schedule, when an instance is about to end or has ended, and with a batch of the queue. */
export async function handler(event: AppConnectorEvent, { getRemainingTimeInMillis }: Context): Promise<BatchResponse | undefined> {
  const left = getRemainingTimeInMillis() - margin - forAws;
  const deadline = Date.now() + (isPass(event) ? Math.min(left, passLimit) : left);
  try {
    known ??= know();
    const { document, aws } = known;
    const ports: Ports = { ...clock, aws, portal: portalOf(known, deadline), report: reportTo(document.name, writeLine) };
    return await answer(event, document, ports);
  } catch (error) {
    writeLine(JSON.stringify({ level: "error", message: "the run failed", why: reasonOf(error) }));
    throw error;
  }
}

function portalOf({ document, aws }: Known, deadline: number): Portal | undefined {
  if (document.portal === undefined) return undefined;
  const { secret, ...settings } = document.portal;
  return connectPortal({ settings, credentials: () => aws.secret(secret), clock, deadline });
}

async function answer(event: AppConnectorEvent, document: AppConnectorDocument, ports: Ports): Promise<BatchResponse | undefined> {
  if (event.Records !== undefined) return handleRemovals(event.Records, document, ports);
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
    case "EC2 Instance State-change Notification":
      await handleStateChange(event.detail, document, ports);
      return undefined;
    default:
      ports.report.log("warning", "an event was ignored", { why: "nothing is to be done for it", type: String(event["detail-type"]) });
      return undefined;
  }
}
