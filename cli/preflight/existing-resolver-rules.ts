import { type ForwardingRule } from "./aws-network";
import { type Fault, listed, type Verdict, weigh } from "./check";
import { type ExistingNetwork } from "./request";

/** The addresses that draw queries for ZPA applications through a connector, which answers with addresses of its own ("Configure DNS Resolver"). */
const drawingAddresses: readonly string[] = ["185.46.212.88", "185.46.212.89"];

const domainsOf = (rules: readonly ForwardingRule[]): string => listed([...new Set(rules.map(({ domain }) => domain))]);

/** Whether App Connectors that ask the VPC's resolver get the applications' own addresses: rules that forward queries may see to it that they do not. */
export function judgeResolverRules({ vpc }: ExistingNetwork, rules: readonly ForwardingRule[]): Verdict {
  const isDrawn = ({ targets }: ForwardingRule): boolean => targets.some((target) => drawingAddresses.includes(target));
  const [drawn, others] = [rules.filter(isDrawn), rules.filter((rule) => !isDrawn(rule))];
  const faults: readonly Fault[] =
    drawn.length === 0
      ? []
      : [
          {
            detail: `${vpc} forwards queries for ${domainsOf(drawn)} to ZPA, which answers with addresses that lead back to the App Connectors`,
            fix: "name resolvers that know the applications' own addresses in appConnectors.dns.servers, or use another VPC",
          },
        ];
  const doubts: readonly Fault[] =
    others.length === 0
      ? []
      : [
          {
            detail: `${vpc} forwards queries for ${domainsOf(others)} to ${listed([...new Set(others.flatMap(({ targets }) => targets))])}`,
            fix: "see that these know the applications' own addresses, or name resolvers that do in appConnectors.dns.servers",
          },
        ];
  return weigh(faults, doubts, `${vpc} forwards no queries elsewhere`);
}
