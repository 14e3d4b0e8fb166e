import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { type Finding, formRule } from "../validation/schema";

interface Mistake {
  readonly pattern: RegExp;
  readonly problem: string;
  readonly rule: string;
  readonly mend: (text: string) => string;
}

const cut = (pattern: RegExp, problem: string, rule: string): Mistake => ({
  pattern,
  problem,
  rule,
  mend: (text) => text.replace(pattern, ""),
});

// In the order in which a domain is laid bare: each looks at what the ones before it left.
const mistakes: readonly Mistake[] = [
  { pattern: /\s/, problem: "has a space in it", rule: "a domain has none", mend: (text) => text.trim() },
  cut(/^[a-z][a-z0-9+.-]*:\/\//i, "is a URL", "give the domain alone"),
  cut(/[/?#\\].*$/, "has a path", "give the domain alone"),
  cut(/^.*@/, "has an @ in it", "give the domain alone, which stands behind the @"),
  cut(/:\d*$/, "has a port", "give the domain alone: a rule is about names, whatever the port"),
  cut(/\.$/, "ends with a dot", "write it without"),
  cut(/^\*\./, "is a wildcard", "a rule for a domain covers every name below it, so write the domain alone"),
  {
    pattern: /[^ -~]/,
    problem: "has characters that DNS does not know",
    rule: "write its punycode form",
    mend: (text) => domainToASCII(text),
  },
  {
    pattern: /[A-Z]/,
    problem: "has capital letters",
    rule: "DNS does not tell them apart, so write small ones",
    mend: (text) => text.toLowerCase(),
  },
];

const longestDomain = 253;
const longestLabel = 63;
const labelRule = `each part between dots has 1 to ${longestLabel} of a-z, 0-9, - and _, and no hyphen first or last`;

/** The form of a domain, where it is a variable. */
export const domainRule = formRule(
  /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z_]([a-z0-9_-]{0,61}[a-z0-9_])?$/,
  `This is no domain such as crm.example.com: ${labelRule}.`,
);

function judgeBare(domain: string): Finding | undefined {
  if (domain.length > longestDomain) {
    return { problem: `${domain} has ${domain.length} characters`, fix: `a domain has ${longestDomain} at the most` };
  }
  const labels = domain.split(".");
  if (labels.includes("")) return { problem: `${domain} has an empty part`, fix: labelRule };
  const long = labels.find((label) => label.length > longestLabel);
  if (long !== undefined) return { problem: `${long} in ${domain} has ${long.length} characters`, fix: labelRule };
  const wrong = labels.find((label) => !/^(?!-)[a-z0-9_-]+(?<!-)$/.test(label));
  if (wrong !== undefined) return { problem: `${wrong} in ${domain} is no part of a domain`, fix: labelRule };
  // WHATWG URL standard, "ends in a number": most programs read such a host as an IPv4 address, or refuse it.
  if (/^\d+$/.test(labels.at(-1) ?? "")) return { problem: `${domain} ends with a number`, fix: "programs take it for an address" };
  return undefined;
}

const isAddress = (text: string): boolean => isIP(text.replace(/[[\]]|\/\d+$/g, "")) !== 0;

/**
 * What is wrong with the domain of a Resolver rule, if anything. A rule covers the domain and every name below it (Route 53 developer guide, "How
 * VPC Resolver determines whether the domain name in a query matches any rules"). The fix names the domain that was probably meant.
 */
export function judgeDomain(domain: string): Finding | undefined {
  if (domain === "") return { problem: "the domain is empty", fix: "give one such as crm.example.com" };
  if (/^(\*|\*?\.)$/.test(domain)) {
    return {
      problem: `${domain} is every domain`,
      fix: "all DNS of the VPC would go to the targets: name the domains of your applications",
    };
  }
  const mended = mistakes.reduce((text, { pattern, mend }) => (pattern.test(text) ? mend(text) : text), domain);
  if (isAddress(domain) || isAddress(mended)) {
    return { problem: `${domain} is an address`, fix: "queries are for names: give the domain of the application" };
  }
  const mistake = mistakes.find(({ pattern }) => pattern.test(domain));
  if (!mistake) return judgeBare(domain);
  const { problem, rule } = mistake;
  return { problem: `${domain} ${problem}`, fix: judgeBare(mended) === undefined ? `${rule}: ${mended}` : rule };
}
