import { Fn, Token } from "cdktf";
import { formatRange, parseRange } from "../addressing";
import { anywhere, type SecurityRule } from "../security-group";
import { isToken } from "../validation";

interface ApplicationRange {
  readonly range: string;
  readonly tcp: readonly (number | string)[];
  readonly udp: readonly (number | string)[];
  readonly icmp: boolean;
}

/** What App Connectors send and take. Nothing comes in: they call ZPA, and ZPA answers by the same connection. */
export const securityRules = (settings: {
  /** Ranges that may use SSH, by name. */
  readonly ssh: Readonly<Record<string, string>>;
  readonly applications: {
    readonly ranges?: Readonly<Record<string, ApplicationRange>> | undefined;
    readonly any?: object | undefined;
  };
  readonly proxy: { readonly host: string; readonly port: number } | undefined;
  /** Addresses of resolvers in place of the VPC's. */
  readonly dnsServers: readonly string[];
}): readonly SecurityRule[] => [
  ...Object.entries(settings.ssh).map(([name, range]): SecurityRule => ({
    id: `ssh_from_${name}`,
    direction: "in",
    protocol: "tcp",
    ports: [22, 22],
    peer: { range },
    description: `SSH from ${name}`,
  })),
  ...(settings.applications.any
    ? everything
    : distinct([
        { id: "https_out", ...tcp(443), peer: anywhere, description: "HTTPS to ZPA and AWS" },
        ...settings.dnsServers.flatMap(dnsRules),
        ...(settings.proxy === undefined ? [] : [proxyRule(settings.proxy)]),
        ...Object.entries(settings.applications.ranges ?? {}).flatMap(([name, range]) => applicationRules(name, range)),
      ])),
];

const anyAddress = "0.0.0.0/0";

const everything: readonly SecurityRule[] = [
  { id: "all_out", direction: "out", protocol: "all", peer: anywhere, description: "Everything" },
  { id: "all_ipv6_out", direction: "out", protocol: "all", peer: { range: "::/0" }, description: "Everything" },
];

const tcp = (port: number) => ({ direction: "out", protocol: "tcp", ports: [port, port] }) as const satisfies Partial<SecurityRule>;

/** Only for resolvers of one's own: the VPC's is subject to no security group (VPC user guide, "Control traffic to resources using security groups"). */
const dnsRules = (server: string, index: number): readonly SecurityRule[] =>
  (["udp", "tcp"] as const).map((protocol) => ({
    id: `dns_${index + 1}_${protocol}_out`,
    direction: "out",
    protocol,
    ports: [53, 53],
    peer: { range: `${server}/32` },
    description: "DNS",
  }));

/** To a proxy that is given by its name there is no range: names are no peers of a rule. */
const proxyRule = ({ host, port }: { readonly host: string; readonly port: number }): SecurityRule => ({
  id: "proxy_out",
  ...tcp(port),
  peer: { range: proxyRange(host) },
  description: "HTTP proxy",
});

function proxyRange(host: string): string {
  if (!isToken(host)) return "range" in parseRange(`${host}/32`) ? `${host}/32` : anyAddress;
  const address = Fn.join("/", [host, "32"]);
  return Token.asString(Fn.conditional(Fn.can(Fn.cidrhost(address, 0)), address, anyAddress));
}

const isIpv6 = (range: string): boolean => {
  const parsed = parseRange(range);
  return "range" in parsed && parsed.range.family === 6;
};

function applicationRules(name: string, { range, tcp, udp, icmp }: ApplicationRange): readonly SecurityRule[] {
  const rule = (protocol: SecurityRule["protocol"], ports: readonly [number, number], id: string): SecurityRule => ({
    id: `to_${name}_${id}`,
    direction: "out",
    protocol,
    ports,
    peer: { range },
    description: `Applications of ${name}`,
  });
  const each = (protocol: "tcp" | "udp", ranges: readonly (number | string)[]) =>
    ranges.map((ports) => {
      const [from = 0, to = from] = String(ports).split("-").map(Number);
      return rule(protocol, [from, to], [protocol, from, ...(from === to ? [] : [to])].join("_"));
    });
  return [...each("tcp", tcp), ...each("udp", udp), ...(icmp ? [rule(isIpv6(range) ? "icmpv6" : "icmp", [-1, -1], "icmp")] : [])];
}

/** Rules of which none says what another says: EC2 refuses the second (EC2 API, "InvalidPermission.Duplicate"). */
function distinct(rules: readonly SecurityRule[]): readonly SecurityRule[] {
  const meaning = ({ protocol, ports, peer }: SecurityRule): string => {
    const parsed = "range" in peer ? parseRange(peer.range) : undefined;
    return JSON.stringify([protocol, ports, parsed && "range" in parsed ? formatRange(parsed.range) : peer]);
  };
  const meanings = rules.map(meaning);
  return rules.filter((_, index) => meanings.indexOf(meanings[index] ?? "") === index);
}
