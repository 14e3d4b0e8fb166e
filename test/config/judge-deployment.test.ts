import { haDeployment } from "../../config/ha";
import { zpaDeployment } from "../../config/zpa";
import { known } from "../../modules/validation/schema";
import { ha, zpa } from "../stacks/samples";

/** What is wrong, each as `path: problem`. */
const problemsOf = (
  result: ReturnType<ReturnType<typeof haDeployment>["safeParse"]> | ReturnType<ReturnType<typeof zpaDeployment>["safeParse"]>,
) => (result.error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message.split("\n")[0] ?? ""}`);

const ofHa = (overrides: Parameters<typeof ha>[0]) => problemsOf(haDeployment(known).safeParse(ha(overrides)));
const ofZpa = (overrides: Parameters<typeof zpa>[0]) => problemsOf(zpaDeployment(known).safeParse(zpa(overrides)));

const pinned = (destination: string) => ({ pinned: { partner: { destination, connector: "a-1" } } });

describe("accepted", () => {
  test.each<[string, Parameters<typeof ha>[0]]>([
    ["two zones", {}],
    ["two connectors in one of two zones", { connectors: { perZone: 2, servedBy: { b: "a" } } }],
    ["a Local Zone beside a zone of the region", { zones: ["a", "us-west-2-lax-1a"] }],
    ["all connectors but one drained", { zones: ["a", "b", "c"], failover: { drained: ["a-1", "c-1"] } }],
    ["a bypass to one NAT gateway", { nat: { single: { zone: "a" } }, failover: { allDead: { bypass: {} } } }],
    ["no NAT gateway, with endpoints", { nat: { none: {} }, privateEndpoints: ["ssm", "ec2"] }],
    ["a pinned range around the VPC's", { failover: pinned("10.0.0.0/8") }],
    ["a pinned range beside the VPC's", { failover: pinned("10.2.0.0/16") }],
    ["a pinned IPv6 range", { failover: pinned("2001:db8::/32") }],
    ["a pinned prefix list", { failover: pinned("pl-0123456789abcdef0") }],
  ])("%s", (_, overrides) => {
    expect(ofHa(overrides)).toEqual([]);
  });

  test("a resolver in as many zones as its endpoint has addresses", () => {
    expect(ofZpa({ zones: ["a", "b", "c", "d", "e", "f"], subnets: { zoneSlots: 8 } })).toEqual([]);
  });

  test("tables left alone where no function moves their routes", () => {
    expect(ofZpa({ subnets: { leaveRouteTables: ["workload", "connector"] } })).toEqual([]);
  });
});

describe("refused", () => {
  test("a destination within a further range of the VPC, or the VPC's range itself", () => {
    const network = { create: { cidr: "10.1.0.0/16", secondaryCidrs: { more: "100.64.0.0/16" } } };
    expect(ofHa({ network, failover: pinned("100.64.8.0/24") })).toEqual([
      "failover.pinned.partner.destination: 100.64.8.0/24 lies in the VPC's own range 100.64.0.0/16",
    ]);
    expect(ofHa({ network, failover: pinned("10.1.0.0/16") })).toHaveLength(1);
  });

  test("a failover without NAT gateways names every endpoint that is missing", () => {
    const [issue] = haDeployment(known).safeParse(ha({ nat: { none: {} } })).error?.issues ?? [];
    expect(issue).toMatchObject({
      path: ["nat", "none"],
      message: expect.stringContaining("add ec2 and ssm to privateEndpoints") as string,
    });
  });

  test("mistakes of several parts, all at once", () => {
    const overrides = {
      subnets: { leaveRouteTables: ["workload"] },
      connectors: { sourceRanges: { vpc: "10.9.0.0/16" } },
      failover: { drained: ["a-1", "b-1", "x-1"], ...pinned("10.1.4.0/22") },
    } as const;
    expect(ofHa(overrides).map((problem) => problem.split(": ")[0])).toEqual([
      "connectors.sourceRanges.vpc",
      "failover.drained.2",
      "failover.drained",
      "failover.pinned.partner.destination",
      "subnets.leaveRouteTables.0",
    ]);
  });

  test("what is wrong by itself does not hide what is wrong with the rest", () => {
    expect(ofHa({ zones: ["a"], failover: { deadAfter: 0 } })).toEqual([
      expect.stringMatching(/^failover\.deadAfter: /),
      "zones: failover needs two zones, and there is only a",
    ]);
  });
});
