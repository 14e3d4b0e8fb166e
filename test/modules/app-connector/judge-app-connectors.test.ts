import fc from "fast-check";
import { judgeAppConnectors } from "../../../modules/app-connector/judge-app-connectors";

const told = (settings: Readonly<Record<string, unknown>>): readonly string[] =>
  judgeAppConnectors(settings).map(({ at, problem, fix }) => `${at.join(".")}: ${problem}; ${fix}`);

const right = {
  enrollment: { key: { secretsManager: { secret: "zpa/key", kmsKey: "alias/zpa" } } },
  applications: { ranges: { crm: { range: "10.1.0.0/20", tcp: [443, "8000-8100"], udp: [], icmp: false } } },
  ssh: { allowFrom: { office: "192.0.2.0/24" } },
  proxy: { host: "proxy", port: 3128, secret: "proxy/login" },
  image: { zscaler: {} },
  updatePackages: true,
  securityGroup: { create: {} },
  instanceProfile: { create: {} },
};
const exists = { existing: { id: "sg-00000001" } };

test("settings that go together are right", () => {
  expect(told(right)).toEqual([]);
  expect(told({})).toEqual([]);
});

describe("an instance type", () => {
  test("must have the vCPUs", () => {
    expect(told({ instanceType: "m5a.xlarge" })).toEqual([]);
    expect(told({ instanceType: "m5a.large" })).toEqual([
      "instanceType: m5a.large has fewer than the 4 vCPUs that Zscaler supports; give one such as m5a.xlarge, or set allowUndersized for a laboratory",
    ]);
    expect(told({ instanceType: "m5a.xlarge", appProtection: true })).toHaveLength(1);
    expect(told({ instanceType: "t3.small", appProtection: true, allowUndersized: true })).toEqual([]);
  });

  test("that is known only at deployment is judged by nobody", () => {
    expect(told({ instanceType: "${TfToken[TOKEN.0]}" })).toEqual([]);
  });
});

describe("applications", () => {
  const ranges = (named: object) => told({ applications: { ranges: named } });

  test("are somewhere", () => {
    expect(ranges({})).toEqual([
      "applications.ranges: App Connectors would reach no application; name the ranges where applications are, or give any",
    ]);
    expect(told({ applications: { any: {} } })).toEqual([]);
    // That they exclude each other is told already.
    expect(told({ applications: { any: {}, ranges: {} } })).toEqual([]);
  });

  test("are reached by something", () => {
    const nothing = "nothing may leave to it; give tcp, udp or icmp";
    expect(ranges({ a: { range: "10.0.0.0/8" }, b: { tcp: [], udp: [], icmp: false }, c: { icmp: true }, d: { udp: [53] } })).toEqual([
      `applications.ranges.a: ${nothing}`,
      `applications.ranges.b: ${nothing}`,
    ]);
  });

  test("have ports that are there, from the lower one up", () => {
    expect(
      ranges({ crm: { tcp: [1, "1-65535", "80-80"], udp: ["9000-8000", "60000-70000", "0-10", "70000-60000", "no range", 70000] } }),
    ).toEqual([
      "applications.ranges.crm.udp.0: 9000-8000 is upside down; write it from the lower port up: 8000-9000",
      "applications.ranges.crm.udp.1: 60000-70000 leaves the ports; ports are 1 to 65535",
      "applications.ranges.crm.udp.2: 0-10 leaves the ports; ports are 1 to 65535",
      "applications.ranges.crm.udp.3: 70000-60000 leaves the ports; ports are 1 to 65535",
    ]);
  });
});

test("an address is one App Connector's", () => {
  expect(told({ addresses: { "a-1": "10.1.0.9", "b-1": "10.1.0.10", "a-2": "10.1.0.9", "b-2": "10.1.0.9" } })).toEqual([
    "addresses.a-2: 10.1.0.9 is a-1's already; give each App Connector its own",
    "addresses.b-2: 10.1.0.9 is a-1's already; give each App Connector its own",
  ]);
  expect(told({ addresses: { "a-1": "${var.address}", "b-1": "${var.address}" } })).toEqual([]);
});

test("a route is of its gateway's family", () => {
  const gateway = "10.1.0.1";
  expect(told({ routes: { old: { range: "10.9.0.0/16", gateway }, late: { range: "${var.range}", gateway } } })).toEqual([]);
  expect(told({ routes: { new: { range: "2001:db8::/32", gateway } } })).toEqual([
    "routes.new.range: 2001:db8::/32 is IPv6, and its gateway is not; give an IPv4 range",
  ]);
});

describe("settings that would do nothing", () => {
  test("write rules of a security group that exists", () => {
    expect(told({ ...right, securityGroup: exists })).toEqual([
      "ssh.allowFrom: ssh.allowFrom would write no rule; the rules of a security group that exists are yours: write it there, and leave ssh.allowFrom out",
    ]);
    expect(told({ ...right, securityGroup: exists, ssh: { keyName: "mine", allowFrom: {} } })).toEqual([]);
  });

  test("write policies of an instance profile that exists", () => {
    const fix = "the policies of an instance profile that exists are yours: write it there, and leave kmsKey out";
    const instanceProfile = { existing: { name: "mine" } };
    expect(told({ ...right, instanceProfile })).toEqual([
      `enrollment.key.secretsManager.kmsKey: enrollment.key.secretsManager.kmsKey would write no policy; ${fix}`,
    ]);
    expect(told({ instanceProfile, enrollment: { key: { parameterStore: { parameter: "/zpa/key", kmsKey: "alias/zpa" } } } })).toEqual([
      `enrollment.key.parameterStore.kmsKey: enrollment.key.parameterStore.kmsKey would write no policy; ${fix}`,
    ]);
  });

  test("tell how packages are fetched where none are", () => {
    expect(told({ ...right, updatePackages: false })).toEqual([
      "proxy.secret: proxy.secret is read only to fetch packages, and none are fetched; set updatePackages, or leave proxy.secret out",
    ]);
    expect(told({ ...right, updatePackages: false, image: { rhel: {} } })).toEqual([]);
  });
});

test("values of any kind are borne", () => {
  const some = fc.anything({ maxDepth: 4 });
  const nested = fc.record(
    {
      instanceType: some,
      appProtection: some,
      applications: fc.oneof(
        some,
        fc.record({ ranges: fc.oneof(some, fc.dictionary(fc.string(), some)), any: some }, { requiredKeys: [] }),
      ),
      addresses: fc.oneof(some, fc.dictionary(fc.string(), some)),
      enrollment: fc.oneof(some, fc.record({ key: fc.oneof(some, fc.record({ secretsManager: some })) })),
      routes: fc.oneof(some, fc.dictionary(fc.string(), some)),
      ssh: some,
      proxy: fc.oneof(some, fc.record({ secret: some })),
      image: some,
      securityGroup: fc.oneof(some, fc.constant(exists)),
      instanceProfile: fc.oneof(some, fc.constant(exists)),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(nested, (settings) => {
      for (const { at, problem, fix } of judgeAppConnectors(settings)) expect([at.length, problem, fix].every(Boolean)).toBe(true);
    }),
  );
});
