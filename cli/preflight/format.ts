import { type Check } from "./check";

/** One line: what AWS says may hold control characters. */
const oneLine = (words: string): string => words.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();

/**
 * The checks of a deployment for a person to read: one line each, then, where something is to be done, a line with the fix, and a last line with the
 * counts.
 */
export function formatChecks(deployment: string, checks: readonly Check[]): string {
  const width = Math.max(0, ...checks.map(({ name }) => name.length));
  const lines = checks.flatMap((check) => {
    const line = `  ${check.outcome.padEnd(7)}  ${check.name.padEnd(width)}  ${oneLine(check.detail)}`;
    return check.outcome === "pass" ? [line] : [line, `${" ".repeat(11)}${" ".repeat(width)}  fix: ${oneLine(check.fix)}`];
  });
  const count = (outcome: Check["outcome"]): number => checks.filter((check) => check.outcome === outcome).length;
  return [deployment, ...lines, `  ${count("pass")} passed, ${count("fail")} failed, ${count("unknown")} unknown`].join("\n");
}
