import { type Ports } from "./ports";
import { reasonOf } from "../../lambda/function/reason";

type Details = Readonly<Record<string, unknown>>;

/** Tells, and counts, that AWS did not do what was asked. */
export function tellFailedCall(failure: string, details: Details, error: unknown, { report }: Pick<Ports, "report">): void {
  report.log("error", failure, { ...details, why: reasonOf(error) });
  report.metrics({ FailedCalls: 1 });
}

/** Makes an AWS call that may fail: then it is told. Whether it was made. */
export async function attempt(
  failure: string,
  details: Details,
  call: () => Promise<void>,
  ports: Pick<Ports, "report">,
): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    tellFailedCall(failure, details, error, ports);
    return false;
  }
}

/** Tells, and counts, that ZPA did not do what was asked. */
export function tellFailedRemoval(failure: string, details: Details, error: unknown, { report }: Pick<Ports, "report">): void {
  report.log("error", failure, { ...details, why: reasonOf(error) });
  report.metrics({ RemovalFailures: 1 });
}
