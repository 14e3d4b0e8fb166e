import { layoutOf } from "../../config/layout";
import { spokeDeployment } from "../../config/spoke";
import { known } from "../../modules/validation/schema";
import { spoke, spokeSamples } from "../stacks/samples";

type Overrides = Parameters<typeof spoke>[0];

const schema = spokeDeployment(known);

/** What is wrong, each as `path: problem`. */
const problemsOf = (settings: ReturnType<typeof spoke>) =>
  (schema.safeParse(settings).error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message.split("\n")[0] ?? ""}`);
const of = (overrides: Overrides) => problemsOf(spoke(overrides));
const layout = (overrides: Overrides) => layoutOf(schema.parse(spoke(overrides)));

const hub = { endpointService: { deployment: "hub" } };
const inTheirs = { network: { existing: { id: "vpc-0123456789abcdef0", cidr: "10.20.0.0/16" } } };
const table = { routeTables: { a: { app: { id: "rtb-0123456789abcdef0" } } } };
const rules = { resolverRules: { crm: "rslvr-rr-0123456789abcdef0" } };

test.each(Object.entries(spokeSamples))("the sample %s is right", (_, settings) => {
  expect(problemsOf(settings)).toEqual([]);
});

describe("zones", () => {
  test("are letters, full names or ids, and an id's key is what follows its region", () => {
    expect(layout({ zones: ["a", "us-west-2c"] }).zones).toEqual({ a: "us-west-2a", c: "us-west-2c" });
    expect(layout({ zones: ["usw2-az1", "usw2-az4"] }).zones).toEqual({ az1: "usw2-az1", az4: "usw2-az4" });
  });

  test.each([
    [["usw2-az1", "b"], "zones.1: b is no id of a zone, and usw2-az1 is one"],
    [["a", "usw2-az2"], "zones.1: usw2-az2 is the id of a zone, and a is a name"],
    [["usw2-az1", "usw2-az1"], "zones.1: zone usw2-az1 is given twice"],
    [["usw2-az1", "usw2-lax1-az1"], "zones.1: usw2-lax1-az1 is no id of a zone, and usw2-az1 is one"],
    [["a", "us-west-2-lax-1a"], "zones.1: us-west-2-lax-1a is a Local Zone, where no Gateway Load Balancer endpoint can stand"],
    [["a", "a"], "zones.1: zone a is given twice"],
    [["eu-west-1a"], "zones.0: eu-west-1a is no zone of us-west-2"],
  ])("%j are refused", (zones, problem) => {
    expect(of({ zones })).toEqual([problem]);
  });

  test("given by id name subnets and tables by their keys", () => {
    const overrides = { ...inTheirs, zones: ["usw2-az1"], steering: { routeTables: { az1: { app: { id: "rtb-0123456789abcdef0" } } } } };
    expect(of(overrides)).toEqual([]);
    expect(of({ ...overrides, zones: ["usw2-az2"] })).toEqual(["steering.routeTables.az1: zone az1 is not one of the deployment's zones"]);
  });
});

describe("the service", () => {
  test.each(["com.amazonaws.vpce.us-west-2.vpce-svc-0123456789abcdef0", "com.amazonaws.vpce.us-west-2.vpce-svc-01234567"])("%s", (name) => {
    expect(of({ endpointService: { name } })).toEqual([]);
  });

  test("of China", () => {
    const name = "cn.com.amazonaws.vpce.cn-north-1.vpce-svc-0123456789abcdef0";
    expect(of({ region: "cn-north-1", endpointService: { name } })).toEqual([]);
  });

  test("must be one of the region", () => {
    const name = "com.amazonaws.vpce.us-west-1.vpce-svc-0123456789abcdef0";
    expect(of({ endpointService: { name } })).toEqual([
      "endpointService.name: the service is one of us-west-1, and the deployment one of us-west-2",
    ]);
  });
});

test("a spoke has no NAT gateway, and an endpoint subnet in each zone", () => {
  expect(layout({})).toMatchObject({
    tiers: { public: [], workload: ["a", "b"], endpoint: ["a", "b"] },
    addresses: { endpoint: 2 },
    natZones: [],
  });
  expect(layout(inTheirs).tiers).toEqual({ public: [], workload: [], endpoint: ["a", "b"] });
});

test("public subnets are there for ingress in each zone, else for a bastion", () => {
  const bastion = { testHosts: { bastion: { allowFrom: { home: "198.51.100.7/32" }, keyName: "operators" } } };
  expect(layout({ ingress: { publicSubnets: "perZone" } }).tiers.public).toEqual(["a", "b"]);
  expect(layout({ ...bastion, ingress: { publicSubnets: "perZone" } }).tiers.public).toEqual(["a", "b"]);
  expect(layout(bastion).tiers.public).toEqual(["a"]);
});

describe("edge routes", () => {
  test("are for workload subnets of a VPC that is made", () => {
    const ingress = { edgeRoutes: true };
    expect(of({ ingress })).toEqual([]);
    expect(of({ ingress, subnets: { workloads: "none" } })).toEqual(["ingress.edgeRoutes: there is no workload subnet to lead to"]);
    expect(of({ ...inTheirs, ingress })).toEqual([
      "ingress.edgeRoutes: the route table of a VPC's internet gateway is one only, and in a VPC that exists it is yours",
    ]);
  });

  test("are none by default", () => {
    expect(schema.parse(spoke()).ingress).toEqual({ publicSubnets: "none", edgeRoutes: false });
  });
});

describe("ZPA", () => {
  const unsteered = "zpa: no route table leads to an endpoint: clients would get synthetic addresses that they cannot reach";

  test("takes its rules from a hub in the file, or by id", () => {
    expect(of({ ...hub, zpa: true })).toEqual([]);
    expect(of({ zpa: true, ...rules })).toEqual([]);
    expect(of({ zpa: true })).toEqual(["zpa: the Resolver rules of the hub are not known"]);
    expect(of(rules)).toEqual(["resolverRules: rules are given, and nothing is done with them"]);
    expect(of({ ...hub, ...rules, zpa: true })).toEqual(["resolverRules: the rules are those of hub"]);
    expect(of({ ...hub, ...rules })).toEqual(["resolverRules: the rules are those of hub"]);
  });

  test("needs routes to the endpoints", () => {
    expect(of({ ...hub, ...inTheirs, zpa: true })).toEqual([unsteered]);
    expect(of({ ...hub, zpa: true, subnets: { leaveRouteTables: ["workload"] } })).toEqual([unsteered]);
    expect(of({ ...hub, ...inTheirs, zpa: true, steering: table })).toEqual([]);
    const existing = { a: { workload: "subnet-0123456789abcdef0" }, b: { workload: "subnet-0123456789abcdef1" } };
    expect(of({ ...hub, ...inTheirs, zpa: true, subnets: { existing } })).toEqual([unsteered]);
  });
});

test("a table of resolver subnets is refused: the resolver stands in the hub", () => {
  const steering = { routeTables: { a: { dns: { id: "rtb-0123456789abcdef0", tier: "resolver" } } } } as const;
  expect(of({ ...inTheirs, steering })).toEqual(["steering.routeTables.a.dns.tier: the deployment has no resolver"]);
});

test("what is wrong by itself does not hide what is wrong with the rest", () => {
  const overrides = { ...inTheirs, zpa: true, ingress: { edgeRoutes: true, publicSubnets: "some" as never }, ...rules };
  expect(of(overrides).map((problem) => problem.split(": ")[0])).toEqual(["ingress.publicSubnets", "ingress.edgeRoutes"]);
});
