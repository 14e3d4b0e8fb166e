import { gwlbDeployment } from "../../config/gwlb";
import { layoutOf } from "../../config/layout";
import { warningsOf } from "../../config/warnings";
import { known } from "../../modules/validation/schema";
import { base, gwlb, gwlbSamples, spoke } from "../stacks/samples";
import { baseDeployment } from "../../config/base";
import { spokeDeployment } from "../../config/spoke";

type Overrides = Parameters<typeof gwlb>[0];

const schema = gwlbDeployment(known);

/** What is wrong, each as `path: problem`. */
const problemsOf = (settings: ReturnType<typeof gwlb>) =>
  (schema.safeParse(settings).error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message.split("\n")[0] ?? ""}`);
const of = (overrides: Overrides) => problemsOf(gwlb(overrides));
const layout = (overrides: Overrides) => layoutOf(schema.parse(gwlb(overrides)));

const pinned = (connector = "a-1", destination = "203.0.113.0/24") => ({ pinned: { partner: { destination, connector } } });
const oneSmallGroup = { autoScaling: { min: 2, max: 3 } };

test.each(Object.entries(gwlbSamples))("the sample %s is right", (_, settings) => {
  expect(problemsOf(settings)).toEqual([]);
});

test("two zones and two connectors in each are the default", () => {
  expect(schema.parse(gwlb())).toMatchObject({ zones: ["a", "b"], fleet: { fixed: { perZone: 2 } }, endpointTier: "shared" });
});

describe("accepted", () => {
  test.each<[string, Overrides]>([
    ["a Local Zone that another zone serves", { zones: ["a", "lax-1a"], connectors: { servedBy: { "lax-1a": "a" } } }],
    ["pinned destinations in one zone", { zones: ["a"], failover: pinned("a-2") }],
    ["a pinned destination past NAT gateways", { failover: { ...pinned(), allDead: { bypass: {} } } }],
    ["resolver tables beside an endpoint", { zpa: { domains: { crm: "crm.example.com" } } }],
    [
      "a group in each zone with management subnets",
      { connectors: { managementTier: "separate" }, fleet: { autoScaling: { groups: "perZone" } } },
    ],
  ])("%s", (_, overrides) => {
    expect(of(overrides)).toEqual([]);
  });
});

describe("refused", () => {
  test("a failover that has nothing to keep alive", () => {
    expect(of({ failover: {} })).toEqual(["failover: no destination is pinned, and the balancer does without failover"]);
    expect(of({ fleet: oneSmallGroup, failover: {} })).toHaveLength(1);
  });

  test("pinned destinations as in the templates with failover", () => {
    expect(of({ failover: pinned("a-3") })).toEqual(["failover.pinned.partner.connector: there is no connector a-3"]);
    expect(of({ failover: pinned("a-1", "10.1.4.0/22") })).toEqual([
      "failover.pinned.partner.destination: 10.1.4.0/22 lies in the VPC's own range 10.1.0.0/16",
    ]);
    expect(of({ failover: pinned(), nat: { none: {} } })).toEqual([
      "nat.none: without a NAT gateway the failover function does not reach AWS",
    ]);
    expect(of({ failover: { ...pinned(), drained: ["a-1", "a-2", "b-1", "b-2"] } })).toEqual([
      "failover.drained: every connector is drained",
    ]);
  });

  test("one connector with pinned destinations, under the fleet", () => {
    expect(of({ zones: ["a"], fleet: { fixed: { perZone: 1 } }, failover: pinned() })).toEqual([
      "fleet.fixed.perZone: a-1 is the only connector: there is none to fail over to",
    ]);
  });

  test("what the fleet says, under its path, and of zones under theirs", () => {
    expect(of({ connectors: { size: "large" }, fleet: { autoScaling: { max: 3 } } }).map((problem) => problem.split(": ")[0])).toEqual([
      "fleet.autoScaling",
    ]);
    expect(of({ fleet: { autoScaling: { provisioningKeyUses: 1 } } })[0]).toMatch(/^fleet\.autoScaling\.provisioningKeyUses: 1 is fewer/);
    expect(of({ zones: ["a", "lax-1a"] })).toEqual([expect.stringMatching(/^zones: zone lax-1a is a Local Zone/)]);
  });

  test("one resolver address, where there is an endpoint", () => {
    expect(of({ zones: ["a"] })).toEqual([]);
    expect(of({ zones: ["a"], zpa: { domains: { crm: "crm.example.com" } } })).toEqual([
      "zones: the resolver endpoint needs addresses in two zones, and there is only a",
    ]);
  });

  test("what is wrong by itself does not hide what is wrong with the rest", () => {
    const problems = of({ failover: {}, endpointTier: "none" as never, fleet: { autoScaling: { max: 11 } }, connectors: { servedBy: {} } });
    expect(problems.map((problem) => problem.split(": ")[0])).toEqual(["fleet.autoScaling.max", "endpointTier", "failover"]);
  });
});

describe("what connector subnets hold", () => {
  const connector = (overrides: Overrides) => layout(overrides).addresses.connector;

  test("fixed connectors, the balancer, and the endpoint where it shares them", () => {
    expect(connector({})).toBe(2 * 2 + 1 + 1);
    expect(connector({ endpointTier: "separate" })).toBe(2 * 2 + 1);
    expect(connector({ fleet: { fixed: { perZone: 5 } }, connectors: { size: "medium" } })).toBe(5 * 5 + 2);
    expect(connector({ privateEndpoints: ["ssm", "ec2", "s3"], failover: pinned() })).toBe(2 * 2 + 2 + 2 + 2);
  });

  test("all that a group may have, since the other zones may fail", () => {
    // The most of it and a tenth, for what takes another's place.
    expect(connector({ fleet: { autoScaling: { max: 10 } } })).toBe(11 * 2 + 2);
    expect(connector({ fleet: { autoScaling: { max: 6, warmPool: { min: 3 } } } })).toBe((7 + 3) * 2 + 2);
    expect(connector({ fleet: { autoScaling: { groups: "perZone" } } })).toBe(5 * 2 + 2);
  });

  test("management interfaces in subnets of their own", () => {
    const separate = { managementTier: "separate" } as const;
    expect(layout({ connectors: separate }).addresses).toMatchObject({ connector: 2 + 2, management: 2 });
    expect(layout({ connectors: separate, fleet: { autoScaling: { groups: "perZone", max: 4 } } }).addresses).toMatchObject({
      connector: 5 + 2,
      management: 5,
    });
  });
});

test("endpoints have subnets of their own where they are asked for, in the zones with connectors", () => {
  const zones = { zones: ["a", "b", "c"], connectors: { servedBy: { c: "a" } } };
  expect(layout(zones).tiers).not.toHaveProperty("endpoint");
  const { tiers, addresses } = layout({ ...zones, endpointTier: "separate" });
  expect(tiers).toMatchObject({ connector: ["a", "b"], endpoint: ["a", "b"], workload: ["a", "b", "c"] });
  expect(addresses.endpoint).toBe(2);
});

test("a written connector subnet must hold the fleet", () => {
  const subnets = { ranges: { a: { connector: "10.1.255.240/28" } } };
  expect(of({ subnets })).toEqual([]);
  expect(of({ subnets, fleet: { autoScaling: {} } })).toEqual([expect.stringMatching(/has 11 usable addresses, and 20 are needed$/)]);
});

test("warnings are those of the fleet, for the zones with connectors", () => {
  const warnings = (overrides: Overrides) => warningsOf(schema.parse(gwlb(overrides)));
  expect(warnings({})).toEqual([]);
  expect(warnings({ connectors: { servedBy: { b: "a" } } })).toEqual([expect.stringMatching(/^connectors stand in a alone/)]);
  expect(warnings({ fleet: { autoScaling: { healthCheckType: "elb" } } })).toEqual([expect.stringContaining("elb")]);
  expect(warningsOf(baseDeployment(known).parse(base()))).toEqual([]);
  expect(warningsOf(spokeDeployment(known).parse(spoke()))).toEqual([]);
});
