import { type Finding } from "../validation/schema";
import { judgeDomain } from "./domain";

/** A finding, and where in the settings it is. */
export interface PlacedFinding extends Finding {
  readonly at: readonly (string | number)[];
}

/** Values by name, as they were given: each rule here looks only at those that are right by themselves. */
export type Named = Readonly<Record<string, unknown>>;

/** The rules of a deployment, by what becomes of them. */
interface RuleSets {
  readonly domains: Named;
  readonly systemDomains: Named;
  readonly existingRules: Named;
}

/** Whatever stands where values by name are expected. */
export const named = (value: unknown): Named => (typeof value === "object" && value !== null ? (value as Named) : {});

/**
 * The rules that Route 53 Resolver takes in a region by default (Service Quotas route53resolver L-51D8A1FB; Route 53 developer guide, "Quotas"). How many
 * the account has already is not known here.
 */
const mostRules = 1000;

const domainsOf = (entries: Named): readonly (readonly [name: string, domain: string])[] =>
  Object.entries(entries).filter((entry): entry is [string, string] => typeof entry[1] === "string" && judgeDomain(entry[1]) === undefined);

/** A domain and those that it lies below, from the narrowest to the widest. */
const upwards = (domain: string): readonly string[] => {
  const labels = domain.split(".");
  return labels.map((_, index) => labels.slice(index).join("."));
};

/** What each domain was called first. */
const firstNames = (entries: readonly (readonly [name: string, domain: string])[]): ReadonlyMap<string, string> =>
  new Map([...entries].reverse().map(([name, domain]) => [domain, name]));

const judgeRepeated = (section: string, entries: Named): readonly PlacedFinding[] => {
  const domains = domainsOf(entries);
  const names = firstNames(domains);
  return domains.flatMap(([name, domain]) => {
    const first = names.get(domain) ?? name;
    const problem = `${domain} is given as ${first} and as ${name}`;
    return first === name ? [] : [{ at: [section, name], problem, fix: "one rule is enough: remove one of them" }];
  });
};

/** A domain that is, or lies below, one that AWS must resolve, or that lies below another of them. */
const judgeCovered = ({ domains, systemDomains }: RuleSets): readonly PlacedFinding[] => {
  const system = firstNames(domainsOf(systemDomains));
  const forwarded = firstNames(domainsOf(domains));
  return domainsOf(domains).flatMap(([name, domain]): PlacedFinding[] => {
    const at = ["domains", name];
    const own = upwards(domain).find((wider) => system.has(wider));
    if (own !== undefined) {
      const problem = own === domain ? `${domain} is a system domain` : `${domain} lies below ${own}, a system domain`;
      const fix = `AWS resolves it, since the connectors themselves need it: leave ${name} out, or take ${system.get(own) ?? own} out of systemDomains`;
      return [{ at, problem, fix }];
    }
    const parent = upwards(domain)
      .slice(1)
      .find((wider) => forwarded.has(wider));
    if (parent === undefined) return [];
    const other = forwarded.get(parent) ?? parent;
    return [{ at, problem: `${domain} lies below ${parent}`, fix: `the rule ${other} covers it already: remove ${name} or ${other}` }];
  });
};

const judgeRuleNames = ({ domains, systemDomains, existingRules }: RuleSets): readonly PlacedFinding[] => {
  const owners = new Map<string, string>();
  // System domains come first: those that nobody wrote cannot be renamed.
  return Object.entries({ systemDomains, domains, existingRules }).flatMap(([section, entries]) =>
    Object.keys(entries).flatMap((name) => {
      const owner = owners.get(name);
      if (owner === undefined) {
        owners.set(name, section);
        return [];
      }
      return [{ at: [section, name], problem: `a rule of ${owner} is called ${name} too`, fix: "give this one another name" }];
    }),
  );
};

/** What is wrong with the rules among each other. */
export const judgeRules = (sets: RuleSets): readonly PlacedFinding[] => {
  const count = Object.keys(sets.domains).length + Object.keys(sets.systemDomains).length;
  const excess = {
    at: ["domains"],
    problem: `${count} rules are to be made`,
    fix: `AWS takes ${mostRules} in a region: name wider domains, which cover all names below them`,
  };
  return [
    ...judgeRuleNames(sets),
    ...judgeRepeated("systemDomains", sets.systemDomains),
    ...judgeRepeated("domains", sets.domains),
    ...judgeCovered(sets),
    ...(count > mostRules ? [excess] : []),
  ];
};
