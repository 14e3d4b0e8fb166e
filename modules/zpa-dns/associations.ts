import { named, type Named, type PlacedFinding } from "./rules";

/** The name of the VPC in which the resolver stands, among those that rules are associated with. */
export const hub = "hub";

/**
 * The associations of rules with VPCs that Route 53 Resolver takes in a region by default (Service Quotas route53resolver L-94E19253; Route 53 developer
 * guide, "Quotas"). How many the account has already is not known here.
 */
const mostAssociations = 2000;

/** An association of a rule with a VPC. Its id, `<vpc>_<rule>`, is part of its Terraform address. */
interface Association {
  readonly id: string;
  readonly vpc: string;
  readonly rule: string;
}

/**
 * The associations to make: each rule with the VPC in which the resolver stands, and with each other VPC.
 *
 * @param associated the rules that each other VPC is associated with already
 */
export function associationsToMake(
  rules: readonly string[],
  associated: Readonly<Record<string, readonly string[]>>,
): readonly Association[] {
  const made: Readonly<Record<string, readonly string[]>> = { [hub]: [], ...associated };
  return Object.entries(made).flatMap(([vpc, already]) =>
    rules.filter((rule) => !already.includes(rule)).map((rule) => ({ id: `${vpc}_${rule}`, vpc, rule })),
  );
}

interface Vpc {
  readonly name: string;
  readonly id: unknown;
  readonly associated: readonly unknown[];
}

const vpcsOf = (given: Named): readonly Vpc[] =>
  Object.entries(given).map(([name, vpc]) => {
    const { id, associated } = named(vpc);
    return { name, id, associated: Array.isArray(associated) ? associated : [] };
  });

const judgeIds = (vpcs: readonly Vpc[]): readonly PlacedFinding[] =>
  vpcs.flatMap(({ name, id }, index) => {
    // What is known only at deployment cannot be compared.
    if (typeof id !== "string" || id.includes("${")) return [];
    const first = vpcs.slice(0, index).find((other) => other.id === id);
    return first ? [{ at: [name, "id"], problem: `${id} is ${first.name} already`, fix: "name each VPC once" }] : [];
  });

/** What is wrong with the names of rules that VPCs are associated with already. */
export const judgeAssociated = (given: Named, rules: readonly string[]): readonly PlacedFinding[] =>
  vpcsOf(given).flatMap(({ name, associated }) =>
    associated.flatMap((rule, index) => {
      if (typeof rule !== "string" || rules.includes(rule)) return [];
      const fix = "give a name of domains, systemDomains or existingRules";
      return [{ at: [name, "associated", index], problem: `there is no rule ${rule}`, fix }];
    }),
  );

const judgeAddresses = (associations: readonly Association[]): readonly PlacedFinding[] => {
  const owners = new Map<string, Association>();
  return associations.flatMap((association) => {
    const { id, vpc, rule } = association;
    const owner = owners.get(id);
    if (owner) {
      const problem = `${vpc} with the rule ${rule} has the Terraform address of ${owner.vpc} with ${owner.rule}, ${id}`;
      return [{ at: [vpc], problem, fix: "give this VPC another name" }];
    }
    owners.set(id, association);
    return [];
  });
};

/** What is wrong with the VPCs that rules are associated with, as they were given by name. */
export function judgeVpcs(given: Named, rules: readonly string[]): readonly PlacedFinding[] {
  const vpcs = vpcsOf(given);
  const names = (associated: readonly unknown[]) => associated.filter((rule) => typeof rule === "string");
  const associations = associationsToMake(rules, Object.fromEntries(vpcs.map(({ name, associated }) => [name, names(associated)])));
  const excess = {
    at: [],
    problem: `${associations.length} associations of rules with VPCs are to be made`,
    fix: `AWS takes ${mostAssociations} in a region: name wider domains, or fewer VPCs`,
  };
  return [...judgeIds(vpcs), ...judgeAddresses(associations), ...(associations.length > mostAssociations ? [excess] : [])];
}
