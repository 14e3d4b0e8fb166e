import { type Finding } from "../validation/schema";
import { judgeInstanceType } from "./instance-types";

type PlacedFinding = Finding & { readonly at: readonly (string | number)[] };

/** Settings as they were given: each may be of any kind. */
type Given = Readonly<Record<string, unknown>>;

const given = (value: unknown): Given => (typeof value === "object" && value !== null ? (value as Given) : {});

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const isKnownText = (value: unknown): value is string => typeof value === "string" && !value.includes("${");

/** Whether a part that exists is named in place of one that is made. */
const exists = (choice: unknown): boolean => given(choice)["existing"] !== undefined && given(choice)["create"] === undefined;

/** What is wrong with the settings of App Connectors together. What is wrong by itself is somebody else's to tell. */
export const judgeAppConnectors = (settings: Given): readonly PlacedFinding[] => [
  ...judgeSize(settings),
  ...judgeApplications(given(settings["applications"])),
  ...judgeAddresses(given(settings["addresses"])),
  ...judgeRoutes(given(settings["routes"])),
  ...judgeIdle(settings),
];

function judgeSize({ instanceType, appProtection, allowUndersized }: Given): readonly PlacedFinding[] {
  if (!isKnownText(instanceType)) return [];
  const finding = judgeInstanceType(instanceType, {
    appProtection: appProtection === true,
    allowUndersized: allowUndersized === true,
  });
  return finding === undefined ? [] : [{ at: ["instanceType"], ...finding }];
}

function judgeApplications({ ranges, any }: Given): readonly PlacedFinding[] {
  if (ranges === undefined || any !== undefined) return [];
  const at = ["applications", "ranges"];
  const named = Object.entries(given(ranges));
  if (named.length === 0) {
    return [{ at, problem: "App Connectors would reach no application", fix: "name the ranges where applications are, or give any" }];
  }
  return named.flatMap(([name, range]) => judgeRange([...at, name], given(range)));
}

function judgeRange(at: readonly string[], { tcp, udp, icmp }: Given): readonly PlacedFinding[] {
  const isEmpty = (ports: unknown): boolean => ports === undefined || (Array.isArray(ports) && ports.length === 0);
  if (isEmpty(tcp) && isEmpty(udp) && (icmp === undefined || icmp === false)) {
    return [{ at, problem: "nothing may leave to it", fix: "give tcp, udp or icmp" }];
  }
  return Object.entries({ tcp, udp }).flatMap(([protocol, ports]) =>
    listed(ports).flatMap((range, index) => {
      const finding = judgePorts(range);
      return finding === undefined ? [] : [{ at: [...at, protocol, index], ...finding }];
    }),
  );
}

function judgePorts(range: unknown): Finding | undefined {
  const [, from, to] = (typeof range === "string" ? /^(\d+)-(\d+)$/.exec(range)?.map(Number) : undefined) ?? [];
  if (from === undefined || to === undefined) return undefined;
  if (from < 1 || Math.max(from, to) > 65535) return { problem: `${String(range)} leaves the ports`, fix: "ports are 1 to 65535" };
  if (from > to) return { problem: `${String(range)} is upside down`, fix: `write it from the lower port up: ${to}-${from}` };
  return undefined;
}

function judgeAddresses(addresses: Given): readonly PlacedFinding[] {
  const known = Object.entries(addresses).filter(([, address]) => isKnownText(address));
  return known.flatMap(([key, address], index) => {
    const [first] = known.find(([, other]) => other === address) ?? [key];
    if (known.findIndex(([other]) => other === first) === index) return [];
    return [{ at: ["addresses", key], problem: `${String(address)} is ${first}'s already`, fix: "give each App Connector its own" }];
  });
}

const judgeRoutes = (routes: Given): readonly PlacedFinding[] =>
  Object.entries(routes).flatMap(([name, route]) => {
    const { range } = given(route);
    if (!isKnownText(range) || !range.includes(":")) return [];
    return [{ at: ["routes", name, "range"], problem: `${range} is IPv6, and its gateway is not`, fix: "give an IPv4 range" }];
  });

/** Settings that would do nothing. */
function judgeIdle({ securityGroup, instanceProfile, ssh, enrollment, proxy, image, updatePackages }: Given): readonly PlacedFinding[] {
  const key = given(given(enrollment)["key"]);
  const idle = (at: readonly string[], problem: string, fix: string) => [{ at, problem: `${at.join(".")} ${problem}`, fix }];
  return [
    ...(exists(securityGroup) && Object.keys(given(given(ssh)["allowFrom"])).length > 0
      ? idle(
          ["ssh", "allowFrom"],
          "would write no rule",
          "the rules of a security group that exists are yours: write it there, and leave ssh.allowFrom out",
        )
      : []),
    ...["secretsManager", "parameterStore"]
      .filter((store) => exists(instanceProfile) && isKnownText(given(key[store])["kmsKey"]))
      .flatMap((store) =>
        idle(
          ["enrollment", "key", store, "kmsKey"],
          "would write no policy",
          "the policies of an instance profile that exists are yours: write it there, and leave kmsKey out",
        ),
      ),
    ...(isKnownText(given(proxy)["secret"]) && updatePackages === false && given(image)["rhel"] === undefined
      ? idle(["proxy", "secret"], "is read only to fetch packages, and none are fetched", "set updatePackages, or leave proxy.secret out")
      : []),
  ];
}
