import { baseDeployment } from "../../config/base";
import { haDeployment } from "../../config/ha";
import { networkDeployment, type NetworkSettings } from "../../config/network";
import { zpaDeployment } from "../../config/zpa";
import { known } from "../../modules/validation/schema";
import { base, ha, zpa } from "../stacks/samples";

interface Checked {
  readonly error?: { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] } | undefined;
}

/** What is wrong, each as `path: problem`. */
const problemsOf = ({ error }: Checked) =>
  (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message.split("\n")[0] ?? ""}`);

type Overrides = NonNullable<Parameters<typeof base>[0]>;
type HaOverrides = NonNullable<Parameters<typeof ha>[0]>;

const id = (kind: string, digit: string) => `${kind}-0${digit.repeat(15)}0`;
const vpc = { id: id("vpc", "1"), cidr: "10.20.0.0/16" };
const internetGateway = { existing: { id: id("igw", "1") } };
const gateways = { a: id("nat", "a"), b: id("nat", "b") };

/** A VPC that exists with a NAT gateway for each of two zones, and a route table to steer. */
const theirs = {
  zones: ["a", "b"],
  network: { existing: vpc },
  nat: { existing: { gateways } },
  steering: { routeTables: { a: { app: { id: id("rtb", "a") } } } },
} as const satisfies Overrides;

const connectorSubnets = { a: { connector: id("subnet", "a") }, b: { connector: id("subnet", "b") } };

const ofBase = (overrides: Overrides) => problemsOf(baseDeployment(known).safeParse(base({ ...theirs, ...overrides })));
const ofHa = (overrides: HaOverrides) => problemsOf(haDeployment(known).safeParse(ha({ ...theirs, ...overrides })));
const ofZpa = (overrides: Parameters<typeof zpa>[0]) => problemsOf(zpaDeployment(known).safeParse(zpa({ ...theirs, ...overrides })));
const ofNetwork = (overrides: Partial<NetworkSettings>) =>
  problemsOf(
    networkDeployment(known).safeParse({
      template: "network",
      region: "us-west-2",
      zones: theirs.zones,
      network: theirs.network,
      nat: theirs.nat,
      ...overrides,
    }),
  );

describe("accepted", () => {
  test.each<[string, HaOverrides]>([
    ["connector subnets made, leaving by gateways that exist", {}],
    ["connector subnets that exist, and no gateway named", { nat: { none: {} }, subnets: { existing: connectorSubnets } }],
    [
      "connector subnets that exist, with the gateways for a bypass",
      { subnets: { existing: connectorSubnets }, failover: { allDead: { bypass: {} } } },
    ],
    ["one gateway for two zones", { nat: { existing: { gateways: { a: gateways.a, b: gateways.a } } } }],
    [
      "no gateway where the connector subnet exists",
      { nat: { existing: { gateways: { a: gateways.a } } }, subnets: { existing: { b: connectorSubnets.b } } },
    ],
    ["gateways made in public subnets that are made", { network: { existing: { ...vpc, internetGateway } }, nat: { perZone: {} } }],
    ["an internet gateway made", { network: { existing: { ...vpc, internetGateway: { create: {} } } }, nat: { single: { zone: "a" } } }],
    [
      "gateways made in public subnets that exist, without an internet gateway",
      { nat: { perZone: {} }, subnets: { existing: { a: { public: id("subnet", "1") }, b: { public: id("subnet", "2") } } } },
    ],
    [
      "an address for a gateway that is made",
      { network: { existing: { ...vpc, internetGateway } }, nat: { perZone: { allocations: { b: id("eipalloc", "b") } } } },
    ],
    ["workload subnets made, and no route table named", { steering: {}, subnets: { workloads: "perZone" } }],
    [
      "a workload subnet written by hand, and no route table named",
      { steering: {}, subnets: { ranges: { b: { workload: "10.20.4.0/24" } } } },
    ],
    ["test hosts in a workload subnet that exists", { subnets: { existing: { b: { workload: id("subnet", "b") } } }, testHosts: {} }],
    [
      "a management subnet that exists beside connector subnets that are made",
      { connectors: { managementTier: "separate" }, subnets: { existing: { a: { management: id("subnet", "a") } } } },
    ],
    [
      "S3 by an endpoint where one connector subnet is made",
      { subnets: { existing: { a: connectorSubnets.a } }, privateEndpoints: ["s3"] },
    ],
    [
      "tables of one name in two zones",
      { steering: { routeTables: { a: { app: { id: id("rtb", "a") } }, b: { app: { id: id("rtb", "b") } } } } },
    ],
    ["every route given back", { steering: { routeTables: { a: { app: { id: id("rtb", "a"), defaultRoute: "restore" } } } } }],
    ["subnets planned beside what is taken", { network: { existing: { ...vpc, taken: ["10.20.0.0/17", "10.20.128.0/18"] } } }],
  ])("%s", (_, overrides) => {
    expect(ofHa(overrides)).toEqual([]);
  });

  test("route tables of resolver subnets that exist, with an endpoint that is made or exists", () => {
    const steering = { routeTables: { b: { dns: { id: id("rtb", "b"), tier: "resolver" } } } } as const;
    const subnets = { existing: { a: { resolver: id("subnet", "a") }, b: { resolver: id("subnet", "b") } } };
    expect(ofZpa({ steering, subnets })).toEqual([]);
    const domains = { crm: "crm.example.com" };
    const existing = { domains, endpoint: { existing: { id: id("rslvr-out", "1") } } };
    expect(ofZpa({ steering, zpa: existing })).toEqual([]);
  });

  test("workloads that exist, made, left alone or absent where there are no connectors", () => {
    const some = { nat: { existing: { gateways: { a: gateways.a } } } };
    expect(ofNetwork({})).toEqual([]);
    expect(ofNetwork({ subnets: { workloads: "perZone" } })).toEqual([]);
    expect(ofNetwork({ ...some, subnets: { workloads: "perZone", existing: { b: { workload: id("subnet", "b") } } } })).toEqual([]);
    expect(ofNetwork({ ...some, subnets: { workloads: "perZone", leaveRouteTables: ["workload"] } })).toEqual([]);
  });
});

describe("refused", () => {
  test.each<[string, HaOverrides, string]>([
    [
      "a gateway that is missing for the management subnets alone",
      {
        connectors: { managementTier: "separate" },
        subnets: { existing: connectorSubnets },
        nat: { existing: { gateways: { a: gateways.a } } },
      },
      "nat.existing.gateways: the connectors of zone b have no NAT gateway",
    ],
    [
      "public subnets for the gateways of some zones only",
      { nat: { perZone: {} }, subnets: { existing: { a: { public: id("subnet", "1") } } } },
      "network.existing: public subnets are made in zone b, and no internet gateway is named",
    ],
    [
      "a public subnet for a bastion",
      { subnets: { workloads: "perZone" }, testHosts: { bastion: { allowFrom: { home: "198.51.100.7/32" }, keyName: "ops" } } },
      "network.existing: public subnets are made in zone a, and no internet gateway is named",
    ],
    [
      "an address for a zone whose connector subnet exists",
      {
        network: { existing: { ...vpc, internetGateway } },
        nat: { perZone: { allocations: { a: id("eipalloc", "a"), b: id("eipalloc", "b") } } },
        subnets: { existing: { a: connectorSubnets.a } },
      },
      "nat.perZone.allocations.a: no NAT gateway is made in zone a",
    ],
    [
      "a management subnet in the zone of others' connectors",
      {
        connectors: { managementTier: "separate", perZone: 2, servedBy: { b: "a" } },
        subnets: { existing: { b: { management: id("subnet", "b") } } },
      },
      "subnets.existing.b.management: there is no use for the management subnet of zone b",
    ],
    [
      "one table under two names of one zone",
      { steering: { routeTables: { a: { app: { id: id("rtb", "a") }, data: { id: id("rtb", "a") } } } } },
      `steering.routeTables.a.data.id: ${id("rtb", "a")} is also steering.routeTables.a.app`,
    ],
    [
      "a table with the name that a pinned route of the workload tier has",
      {
        steering: { routeTables: { b: { workload_partner: { id: id("rtb", "b") } } } },
        failover: { pinned: { partner: { destination: "203.0.113.0/24", connector: "a-1" } } },
      },
      "steering.routeTables.b.workload_partner: the route of workload_partner would have the name of that of workload to the pinned destination partner",
    ],
    [
      "a bypass where the connector subnet of one zone exists, and so no gateway is made there",
      {
        network: { existing: { ...vpc, internetGateway } },
        nat: { perZone: {} },
        subnets: { existing: { b: connectorSubnets.b } },
        failover: { allDead: { bypass: {} } },
      },
      "failover.allDead.bypass: zone b has no NAT gateway to bypass to",
    ],
    [
      "every workload subnet existing, and no route table named",
      { steering: {}, subnets: { existing: { a: { workload: id("subnet", "a") }, b: { workload: id("subnet", "b") } } } },
      "steering: there is no route for the failover function to move",
    ],
    [
      "a function in subnets that are made, one at least, without a way to AWS",
      { nat: { none: {} }, subnets: { existing: { a: connectorSubnets.a } } },
      "nat.none: without a NAT gateway the failover function does not reach AWS",
    ],
  ])("%s", (_, overrides, problem) => {
    expect(ofHa(overrides)).toEqual([problem]);
  });

  test("what exists in a VPC that is made is told once, and not also for its zones and names", () => {
    const overrides = {
      network: { create: { cidr: "10.1.0.0/16" } },
      nat: { existing: { gateways: { c: gateways.a } } },
      subnets: { existing: { c: { connector: id("subnet", "a") } } },
      steering: { routeTables: { c: { app: { id: id("rtb", "a") }, data: { id: id("rtb", "a") } } } },
    };
    expect(ofBase(overrides)).toEqual([
      "subnets.existing: a VPC that is made has no subnets that exist",
      "nat.existing: a VPC that is made has no NAT gateways that exist",
      "steering.routeTables: a VPC that is made has no route tables that exist",
    ]);
  });

  test("an address for a gateway that nothing needs, in a VPC that is made too", () => {
    const nat = { perZone: { allocations: { a: id("eipalloc", "a") } } };
    const network = { create: { cidr: "10.1.0.0/16" } };
    expect(ofNetwork({ nat, network, subnets: { workloads: "none" } })).toEqual([
      "nat.perZone.allocations.a: no NAT gateway is made in zone a",
    ]);
  });

  test("a subnet that exists and has a range written for it is told once", () => {
    const subnets = { existing: { a: connectorSubnets.a }, ranges: { a: { connector: "10.20.4.0/26" }, b: { connector: "10.21.0.0/26" } } };
    expect(ofBase({ subnets }).map((problem) => problem.split(": ")[0])).toEqual([
      "subnets.existing.a.connector",
      "subnets.ranges.b.connector",
    ]);
  });

  test("a resolver subnet or table where no endpoint is made", () => {
    const subnets = { existing: { a: { resolver: id("subnet", "a") } } };
    const steering = { routeTables: { a: { dns: { id: id("rtb", "a"), tier: "resolver" } } } } as const;
    expect(ofBase({ subnets, steering })).toEqual([
      "subnets.existing.a.resolver: there is no use for the resolver subnet of zone a",
      "steering.routeTables.a.dns.tier: the deployment has no resolver",
    ]);
    const existing = { domains: { crm: "crm.example.com" }, endpoint: { existing: { id: id("rslvr-out", "1") } } };
    expect(ofZpa({ subnets, zpa: existing })).toEqual(["subnets.existing.a.resolver: there is no use for the resolver subnet of zone a"]);
  });

  test("workloads without connectors and without a gateway", () => {
    const nat = { existing: { gateways: { b: gateways.b } } };
    expect(ofNetwork({ nat, subnets: { workloads: "perZone" } })).toEqual([
      "nat.existing.gateways: the workloads of zone a have no NAT gateway",
    ]);
  });

  test("mistakes of several parts, all at once", () => {
    const overrides = {
      nat: { existing: { gateways: { b: gateways.b, c: gateways.a } } },
      subnets: { existing: { a: { public: id("subnet", "1") }, c: { connector: id("subnet", "c") } }, leaveRouteTables: ["workload"] },
      steering: { routeTables: { b: { app: { id: id("rtb", "a") }, data: { id: id("rtb", "a") } }, c: { app: { id: id("rtb", "c") } } } },
      failover: { allDead: { bypass: {} }, drained: ["c-1"] },
      testHosts: {},
    } as const;
    expect(ofHa(overrides).map((problem) => problem.split(": ")[0])).toEqual([
      "failover.drained.0",
      "subnets.leaveRouteTables.0",
      "failover.allDead.bypass",
      "subnets.existing.a.public",
      "subnets.existing.c",
      "nat.existing.gateways.c",
      "nat.existing.gateways",
      "testHosts",
      "steering.routeTables.c",
      "steering.routeTables.b.data.id",
    ]);
  });

  test.each<[string, Overrides, readonly string[]]>([
    [
      "the VPC's id",
      { network: { existing: { ...vpc, id: "vpc-1" } } },
      ["network.existing.id", "subnets.existing.c", "steering.routeTables.c"],
    ],
    [
      "a gateway's id",
      { nat: { existing: { gateways: { a: "nat-1" } } } },
      ["nat.existing.gateways.a", "subnets.existing.c", "steering.routeTables.c"],
    ],
    [
      "a range",
      { subnets: { existing: { c: connectorSubnets.a }, ranges: { a: { connector: "10.20.0.1/26" } } } },
      ["subnets.ranges.a.connector", "steering.routeTables.c"],
    ],
    [
      "a table's id",
      { steering: { routeTables: { c: { app: { id: "rtb-1" } } } } },
      ["steering.routeTables.c.app.id", "subnets.existing.c"],
    ],
    [
      "the port of the health probe",
      { connectors: { healthProbePort: 0 } },
      ["connectors.healthProbePort", "subnets.existing.c", "steering.routeTables.c"],
    ],
  ])("%s that is wrong by itself does not hide what is wrong with the rest", (_, overrides, places) => {
    const wrong = {
      subnets: { existing: { c: connectorSubnets.a } },
      steering: { routeTables: { c: { app: { id: id("rtb", "c") } } } },
    };
    expect(ofBase({ ...wrong, ...overrides }).map((problem) => problem.split(": ")[0])).toEqual(places);
  });
});
