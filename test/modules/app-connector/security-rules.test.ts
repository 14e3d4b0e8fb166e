import { securityRules } from "../../../modules/app-connector/security-rules";

type Settings = Parameters<typeof securityRules>[0];

const none: Settings = { ssh: {}, applications: { ranges: {} }, proxy: undefined, dnsServers: [] };

/** What may leave: rule, protocol, ports and range. */
const egress = (settings: Partial<Settings>): readonly string[] =>
  securityRules({ ...none, ...settings })
    .filter(({ direction }) => direction === "out")
    .map(({ id, protocol, ports, peer }) => `${id} ${protocol} ${ports?.join("-") ?? "all"} ${"range" in peer ? peer.range : peer.group}`);

const https = "https_out tcp 443-443 0.0.0.0/0";

test("only HTTPS leaves for everywhere", () => {
  expect(egress({})).toEqual([https]);
});

test("each application range has its protocols and ports", () => {
  const ranges = {
    crm: { range: "10.1.0.0/20", tcp: [443, "8000-8100"], udp: [], icmp: true },
    voice: { range: "fd00::/64", tcp: [], udp: ["5060"], icmp: true },
  };
  expect(egress({ applications: { ranges } })).toEqual([
    https,
    "to_crm_tcp_443 tcp 443-443 10.1.0.0/20",
    "to_crm_tcp_8000_8100 tcp 8000-8100 10.1.0.0/20",
    "to_crm_icmp icmp -1--1 10.1.0.0/20",
    "to_voice_udp_5060 udp 5060-5060 fd00::/64",
    "to_voice_icmp icmpv6 -1--1 fd00::/64",
  ]);
});

test("what two names say alike is one rule: EC2 takes no second", () => {
  const ranges = {
    crm: { range: "10.1.0.0/20", tcp: [443, 443, "443-443"], udp: [], icmp: true },
    wiki: { range: "10.1.0.0/20", tcp: [443, 80], udp: [443], icmp: true },
    web: { range: "0.0.0.0/0", tcp: [443], udp: [], icmp: false },
    six: { range: "FD00:0::/64", tcp: [22], udp: [], icmp: false },
    sixAgain: { range: "fd00::/64", tcp: [22], udp: [], icmp: false },
  };
  expect(egress({ applications: { ranges } })).toEqual([
    https,
    "to_crm_tcp_443 tcp 443-443 10.1.0.0/20",
    "to_crm_icmp icmp -1--1 10.1.0.0/20",
    "to_wiki_tcp_80 tcp 80-80 10.1.0.0/20",
    "to_wiki_udp_443 udp 443-443 10.1.0.0/20",
    "to_six_tcp_22 tcp 22-22 FD00:0::/64",
  ]);
});

test("any lets everything out, of both families", () => {
  expect(egress({ applications: { any: {} }, proxy: { host: "proxy", port: 3128 }, dnsServers: ["10.9.0.2"] })).toEqual([
    "all_out all all 0.0.0.0/0",
    "all_ipv6_out all all ::/0",
  ]);
});

test("DNS leaves for resolvers of one's own alone", () => {
  expect(egress({ dnsServers: ["10.9.0.2", "10.9.1.2"] })).toEqual([
    https,
    "dns_1_udp_out udp 53-53 10.9.0.2/32",
    "dns_1_tcp_out tcp 53-53 10.9.0.2/32",
    "dns_2_udp_out udp 53-53 10.9.1.2/32",
    "dns_2_tcp_out tcp 53-53 10.9.1.2/32",
  ]);
});

test.each([
  ["an address", { host: "10.9.0.9", port: 3128 }, ["proxy_out tcp 3128-3128 10.9.0.9/32"]],
  ["a name", { host: "proxy.internal", port: 3128 }, ["proxy_out tcp 3128-3128 0.0.0.0/0"]],
  ["a name that looks like half an address", { host: "10.9.0", port: 3128 }, ["proxy_out tcp 3128-3128 0.0.0.0/0"]],
  ["a name, at the port that is open anyway", { host: "proxy.internal", port: 443 }, []],
])("a proxy is reached by %s", (_, proxy, rules) => {
  expect(egress({ proxy })).toEqual([https, ...rules]);
});

test("nothing comes in but SSH from the ranges given", () => {
  const incoming = (ssh: Settings["ssh"]) => securityRules({ ...none, ssh }).filter(({ direction }) => direction === "in");
  expect(incoming({})).toEqual([]);
  expect(incoming({ office: "203.0.113.0/24" })).toEqual([
    {
      id: "ssh_from_office",
      direction: "in",
      protocol: "tcp",
      ports: [22, 22],
      peer: { range: "203.0.113.0/24" },
      description: "SSH from office",
    },
  ]);
});
