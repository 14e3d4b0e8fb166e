import { formatRange, parseRange } from "../addressing";
import { type Finding } from "../validation/schema";

const prefixList = /^pl-[0-9a-f]{8,17}$/;

const kind = {
  name: "destination",
  refuse: ({ prefix }: { readonly prefix: number }, written: string): Finding | undefined =>
    prefix > 0
      ? undefined
      : {
          problem: `${written} is the default route`,
          fix: "a pinned destination is a part of the internet: the zone's connector takes the rest",
        },
};

/** What is wrong with a destination that is pinned to a connector, if anything. */
export function judgePinnedDestination(destination: string): Finding | undefined {
  if (prefixList.test(destination)) return undefined;
  if (destination.startsWith("pl-")) {
    return { problem: `${destination} is no prefix list id`, fix: "give one such as pl-0123456789abcdef0" };
  }
  const parsed = parseRange(destination, kind);
  if ("finding" in parsed) return parsed.finding;
  const canonical = formatRange(parsed.range);
  // Terraform's provider takes an IPv6 range of a route in this form only, and EC2 answers in it.
  return destination === canonical ? undefined : { problem: `${destination} is not as AWS writes it`, fix: `write ${canonical}` };
}
