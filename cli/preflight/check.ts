/** What is known of one thing. What failed, or could not be found out, comes with what to do about it. */
export type Verdict =
  | { readonly outcome: "pass"; readonly detail: string }
  | { readonly outcome: "fail" | "unknown"; readonly detail: string; readonly fix: string };

/** A verdict with the name of what was checked. */
export type Check = { readonly name: string } & Verdict;

/** What is wrong with one of several things, and what to do about it. */
export interface Fault {
  readonly detail: string;
  readonly fix: string;
}

export const pass = (detail: string): Verdict => ({ outcome: "pass", detail });

export const fail = (detail: string, fix: string): Verdict => ({ outcome: "fail", detail, fix });

export const unknown = (detail: string, fix: string): Verdict => ({ outcome: "unknown", detail, fix });

/** What faults say together, and what to do about them. */
const told = (faults: readonly Fault[]): readonly [detail: string, fix: string] => [
  faults.map(({ detail }) => detail).join("; "),
  [...new Set(faults.map(({ fix }) => fix))].join("; "),
];

/** Fails with all faults, or passes with `detail` if there is none. */
export const failOnAny = (faults: readonly Fault[], detail: string): Verdict =>
  faults.length === 0 ? pass(detail) : fail(...told(faults));

/** As `failOnAny`, but without a fault it is unknown for what is in doubt. */
export const weigh = (faults: readonly Fault[], doubts: readonly Fault[], detail: string): Verdict =>
  faults.length === 0 && doubts.length > 0 ? unknown(...told(doubts)) : failOnAny([...faults, ...doubts], detail);

/** `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.slice(-1).join("")}`;
