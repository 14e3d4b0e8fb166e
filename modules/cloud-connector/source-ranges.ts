import { type Finding } from "../validation/schema";

/** Which names of source ranges are those of the VPC's own: the rules of one would take the place of the other's. */
export const judgeSourceNames = (
  sources: readonly string[],
  vpcRanges: readonly string[],
): readonly (Finding & { readonly name: string })[] =>
  sources
    .filter((name) => vpcRanges.includes(name))
    .map((name) => ({ name, problem: `the VPC has a range by the name ${name}`, fix: "give the source range another name" }));
