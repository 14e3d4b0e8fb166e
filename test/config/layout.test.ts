import { zonesByKey } from "../../modules/network/schema";
import { type InterfaceSteeredDeployment } from "../../config/interface-steered";
import { layoutOf as layout } from "../../config/layout";
import { networkDeployment, type NetworkSettings } from "../../config/network";
import { zpaHaDeployment } from "../../config/zpa-ha";
import { known } from "../../modules/validation/schema";
import { zpaHa } from "../stacks/samples";

const layoutOf = (overrides: Parameters<typeof zpaHa>[0], without: readonly ("zpa" | "failover")[] = []) => {
  const deployment: InterfaceSteeredDeployment = zpaHaDeployment(known).parse(zpaHa(overrides));
  return layout({ ...deployment, ...Object.fromEntries(without.map((part) => [part, undefined])) });
};

test("ZPA adds a resolver subnet with one address to each zone but Local Zones, whoever serves it", () => {
  const zones = ["a", "b", "us-west-2-lax-1a"];
  const overrides = { zones, connectors: { perZone: 2, servedBy: { b: "a" } } };
  const all = layoutOf(overrides);
  expect(all.zones).toEqual(zonesByKey("us-west-2", zones));
  expect(all.tiers).toEqual({
    public: ["a", "lax-1a"],
    connector: ["a", "lax-1a"],
    workload: ["a", "b", "lax-1a"],
    resolver: ["a", "b"],
  });
  expect(all.addresses).toMatchObject({ resolver: 1 });
  const without = layoutOf(overrides, ["zpa"]);
  expect(Object.keys(without.tiers)).not.toContain("resolver");
  expect(Object.keys(without.addresses)).not.toContain("resolver");
});

test("failover adds two addresses to the connector subnets, beside the connectors' interfaces and the endpoints", () => {
  const overrides = { connectors: { perZone: 2, size: "medium" }, privateEndpoints: ["ec2", "ssm", "s3"] } as const;
  expect(layoutOf(overrides).addresses.connector).toBe(2 * 5 + 2 + 2);
  expect(layoutOf(overrides, ["failover"]).addresses.connector).toBe(2 * 5 + 2);
  expect(layoutOf({ connectors: { perZone: 2, managementTier: "separate" } }).addresses).toMatchObject({ connector: 2 + 2, management: 2 });
});

const vpc = {
  id: "vpc-0123456789abcdef0",
  cidr: "10.20.0.0/16",
  secondaryCidrs: { more: "100.64.0.0/16" },
  internetGateway: { create: {} },
};
const inTheirs = { network: { existing: vpc } };
const subnet = "subnet-0123456789abcdef0";
const bastion = { bastion: { allowFrom: { home: "198.51.100.7/32" }, keyName: "operators" } };

test("there are workload subnets in each zone of a VPC that is made, and in one that exists only those that are named, written or asked for", () => {
  const workloads = (overrides: Parameters<typeof zpaHa>[0]) =>
    layoutOf({ zones: ["a", "b", "c"], ...overrides }, ["failover"]).tiers.workload;
  expect(workloads({})).toEqual(["a", "b", "c"]);
  expect(workloads({ subnets: { workloads: "none" } })).toEqual([]);
  const steering = { routeTables: { a: { app: { id: "rtb-0123456789abcdef0" } } } };
  expect(workloads({ ...inTheirs, steering })).toEqual([]);
  expect(workloads({ ...inTheirs, subnets: { workloads: "perZone" } })).toEqual(["a", "b", "c"]);
  const some = { existing: { c: { workload: subnet } }, ranges: { b: { workload: "100.64.0.0/24" } } };
  expect(workloads({ ...inTheirs, subnets: some })).toEqual(["b", "c"]);
  expect(workloads({ ...inTheirs, subnets: { ...some, workloads: "none" } })).toEqual(["b", "c"]);
  expect(workloads({ ...inTheirs, subnets: { ...some, workloads: "perZone" } })).toEqual(["a", "b", "c"]);
});

test("NAT gateways are made where a subnet is made that leaves by one, and public subnets only for them", () => {
  const ways = (overrides: Parameters<typeof zpaHa>[0]) => {
    const { natZones, tiers } = layoutOf({ ...inTheirs, zones: ["a", "b"], subnets: { workloads: "perZone" }, ...overrides });
    return [natZones, tiers.public];
  };
  const existing = { a: { connector: subnet } };
  expect(ways({})).toEqual([
    ["a", "b"],
    ["a", "b"],
  ]);
  expect(ways({ subnets: { workloads: "perZone", existing } })).toEqual([["b"], ["b"]]);
  const separate = { managementTier: "separate" } as const;
  expect(ways({ subnets: { workloads: "perZone", existing }, connectors: separate })).toEqual([
    ["a", "b"],
    ["a", "b"],
  ]);
  const both = { a: { connector: subnet, management: subnet } };
  expect(ways({ subnets: { workloads: "perZone", existing: both }, connectors: separate })).toEqual([["b"], ["b"]]);
  expect(ways({ nat: { single: { zone: "a" } }, subnets: { workloads: "perZone", existing } })).toEqual([["a"], ["a"]]);
  expect(ways({ nat: { existing: { gateways: { a: "nat-0123456789abcdef0", b: "nat-0123456789abcdef0" } } } })).toEqual([[], []]);
});

test("without connectors, workload subnets that are made leave by NAT gateways", () => {
  const ways = (overrides: Partial<NetworkSettings>) => {
    const settings = { template: "network", region: "us-west-2", zones: ["a", "b"], ...inTheirs, ...overrides };
    const { tiers, natZones, addresses } = layout(networkDeployment(known).parse(settings));
    return { tiers, natZones, addresses };
  };
  expect(ways({ subnets: { workloads: "perZone", existing: { a: { workload: subnet } } } })).toEqual({
    tiers: { public: ["b"], workload: ["a", "b"] },
    natZones: ["b"],
    addresses: { public: 2 },
  });
  expect(ways({})).toMatchObject({ tiers: { public: [], workload: [] }, natZones: [] });
});

test("resolver subnets are there for an endpoint that is made, made or existing themselves", () => {
  const zpa = { domains: { crm: "crm.example.com" } };
  const endpoint = { existing: { id: "rslvr-out-0123456789abcdef0" } };
  const overrides = { ...inTheirs, subnets: { workloads: "perZone", existing: { a: { resolver: subnet } } } } as const;
  expect(layoutOf({ ...overrides, zpa }).tiers.resolver).toEqual(["a", "b"]);
  const without = layoutOf({ ...inTheirs, subnets: { workloads: "perZone" }, zpa: { ...zpa, endpoint } });
  expect(without.tiers).not.toHaveProperty("resolver");
  expect(without.addresses).not.toHaveProperty("resolver");
});

test("a bastion stands in a public subnet that is made for NAT gateways, else in one that exists, else in one of its own", () => {
  const publicZones = (overrides: Parameters<typeof zpaHa>[0]) =>
    layoutOf({ ...inTheirs, zones: ["a", "b"], testHosts: bastion, ...overrides }).tiers.public;
  const gateways = { existing: { gateways: { a: "nat-0123456789abcdef0", b: "nat-0123456789abcdef0" } } };
  const subnets = { workloads: "perZone" } as const;
  expect(publicZones({ subnets, nat: { single: { zone: "b" } } })).toEqual(["b"]);
  expect(publicZones({ subnets: { ...subnets, existing: { b: { public: subnet } } }, nat: gateways })).toEqual(["b"]);
  expect(publicZones({ subnets, nat: gateways })).toEqual(["a"]);
});
