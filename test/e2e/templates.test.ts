import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { nameOf, observeVpc, type ObservedVpc, steeredSubnets, wayOut } from "./observed-vpc";
import { deploymentFile, Project } from "./project";
import { idsInRegion } from "./region";

interface Scenario {
  readonly name: string;
  readonly template: "base" | "zpa";
  readonly region: string;
  /** Lines of the deployment besides template, region and the connectors' required settings. */
  readonly settings: readonly string[];
  readonly connectorSettings?: readonly string[];
  /** The way out of each workload and resolver subnet, by zone letter: `C` is the connector's number and zone, `N` the zone of the NAT gateway. */
  readonly ways: Readonly<Record<string, { readonly connector: string; readonly nat: string }>>;
  /** Connectors that run. */
  readonly connectors: readonly string[];
  /** Network interfaces of each connector. */
  readonly interfaces: number;
}

const scenarios: readonly Scenario[] = [
  {
    name: "one",
    template: "base",
    region: "us-west-2",
    settings: ["network: { create: { cidr: 10.1.0.0/16 } }", "testHosts: {}", "tags: { Owner: netsec }"],
    ways: { a: { connector: "a-1", nat: "a" } },
    connectors: ["a-1"],
    interfaces: 2,
  },
  {
    name: "three",
    template: "base",
    region: "us-east-1",
    settings: ["zones: [a, b, c]", "network: { create: { cidr: 10.2.0.0/20 } }"],
    ways: { a: { connector: "a-1", nat: "a" }, b: { connector: "b-1", nat: "b" }, c: { connector: "c-1", nat: "c" } },
    connectors: ["a-1", "b-1", "c-1"],
    interfaces: 2,
  },
  {
    name: "medium",
    template: "base",
    region: "eu-west-1",
    settings: ["zones: [a, b]", "network: { create: { cidr: 10.3.0.0/16 } }"],
    connectorSettings: ["size: medium", "perZone: 2"],
    ways: { a: { connector: "a-1", nat: "a" }, b: { connector: "b-1", nat: "b" } },
    connectors: ["a-1", "a-2", "b-1", "b-2"],
    interfaces: 5,
  },
  {
    name: "served",
    template: "base",
    region: "eu-central-1",
    settings: [
      "zones: [a, b]",
      "network: { create: { cidr: 10.4.0.0/24, secondaryCidrs: { more: 100.64.0.0/16 }, namespace: lab, flowLogs: {} } }",
      "subnets: { ranges: { b: { workload: 100.64.1.0/24 } } }",
      "nat: { single: { zone: a } }",
      "privateEndpoints: [secretsmanager, ssm, ssmmessages, s3]",
      "testHosts: { bastion: { allowFrom: { office: 203.0.113.0/24 }, keyName: ops } }",
    ],
    connectorSettings: ["perZone: 2", "servedBy: { b: a }", "managementTier: separate", "supportServer: 199.168.148.101/32"],
    ways: { a: { connector: "a-1", nat: "a" }, b: { connector: "a-2", nat: "a" } },
    connectors: ["a-1", "a-2"],
    interfaces: 2,
  },
  {
    name: "apps",
    template: "zpa",
    region: "ap-southeast-2",
    settings: ["network: { create: { cidr: 10.7.0.0/16 } }", "zpa: { domains: { crm: crm.example.com, wiki: wiki.example.org } }"],
    connectorSettings: ["servedBy: { b: a }"],
    ways: { a: { connector: "a-1", nat: "a" }, b: { connector: "a-1", nat: "a" } },
    connectors: ["a-1"],
    interfaces: 2,
  },
];

const steeredTiers = ({ template }: Scenario): readonly string[] => (template === "zpa" ? ["resolver", "workload"] : ["workload"]);

const config = ({ name, connectorSettings: connectors = [], ...scenario }: Scenario): string =>
  deploymentFile(name, { ...scenario, connectors });

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
}, 300_000);

afterAll(async () => {
  await emulator.stop();
  // A call that the emulator did not understand would make what it did answer worth little.
  expect(emulator.complaints()).toBe("");
});

function expectWays(scenario: Scenario, vpc: ObservedVpc): void {
  const { name, region, ways, connectors, interfaces } = scenario;
  const steered = steeredTiers(scenario).flatMap((tier) => Object.keys(ways).map((zone) => [`${name}-${tier}-${zone}`, zone] as const));
  for (const [subnetName, zone] of steered) {
    const { connector, nat } = ways[zone] ?? { connector: "", nat: "" };
    const subnet = vpc.subnets.find((each) => nameOf(each) === subnetName);
    expect(subnet?.AvailabilityZone).toBe(`${region}${zone}`);
    expect(wayOut(vpc, subnet?.SubnetId)).toEqual([
      `running ${name}-connector-${connector} by unchecked interface 0 in ${region}${connector[0] ?? ""}`,
      `available NAT gateway in ${region}${nat}`,
      "internet gateway",
    ]);
  }
  expect(steeredSubnets(vpc)).toEqual(steered.map(([subnetName]) => subnetName));

  const running = vpc.instances.filter((instance) => nameOf(instance).startsWith(`${name}-connector-`));
  expect(running.map(nameOf).sort()).toEqual(connectors.map((key) => `${name}-connector-${key}`));
  for (const { NetworkInterfaces = [], MetadataOptions } of running) {
    expect(NetworkInterfaces).toHaveLength(interfaces);
    expect(MetadataOptions?.HttpTokens).toBe("required");
  }
}

/** What AWS's resolver does with the names of applications and of Zscaler in a VPC. */
async function expectZpaDns({ name, region }: Scenario): Promise<void> {
  const endpoints = await resolverList(region, "ResolverEndpoints");
  expect(endpoints).toMatchObject([{ Name: `${name}-zpa`, Direction: "OUTBOUND", IpAddressCount: 2 }]);
  const associations = await resolverList(region, "ResolverRuleAssociations");
  const rules = (await resolverList(region, "ResolverRules")).filter(({ Id }) =>
    associations.some((each) => each["ResolverRuleId"] === Id),
  );
  const forward = { RuleType: "FORWARD", ResolverEndpointId: endpoints[0]?.["Id"] };
  const targets = ["185.46.212.88", "185.46.212.89"].map((Ip) => ({ Ip, Port: 53 }));
  expect(rules.filter(({ RuleType }) => RuleType === "FORWARD")).toMatchObject([
    { ...forward, DomainName: "crm.example.com.", TargetIps: targets },
    { ...forward, DomainName: "wiki.example.org.", TargetIps: targets },
  ]);
  expect(rules.filter(({ RuleType }) => RuleType === "SYSTEM")).toHaveLength(13);
}

/** All of one kind that Route 53 Resolver has in a region. */
async function resolverList(region: string, kind: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const scope = `emulator/20260101/${region}/route53resolver/aws4_request`;
  const answer = await fetch(emulator.endpoint, {
    method: "POST",
    headers: {
      "X-Amz-Target": `Route53Resolver.List${kind}`,
      Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify({ MaxResults: 100 }),
  });
  const found = (await answer.json()) as Readonly<Record<string, Readonly<Record<string, unknown>>[]>>;
  return [...(found[kind] ?? [])].sort((one, other) => String(one["DomainName"]).localeCompare(String(other["DomainName"])));
}

/** The state is beside the config file, and neither another file nor one that lacks the deployment touches it. */
async function expectStateSurvives(project: Project): Promise<void> {
  const state = readFileSync(project.stateFile, "utf8");
  const text = readFileSync(project.configFile, "utf8");
  const without = text.replace(`  ${project.name}:`, "  another:");
  const other = join(project.folder, "other.yaml");
  for (const file of [other, project.configFile]) {
    writeFileSync(file, without);
    expect(await project.synthesizeByCdktf(file)).toMatchObject({ code: 0 });
    expect(existsSync(project.stackFolder)).toBe(false);
  }
  writeFileSync(project.configFile, text);
  expect(readFileSync(project.stateFile, "utf8")).toBe(state);
}

test.concurrent.each(scenarios)(
  "$name: deployed, every route leads where it should, a second plan is empty, and nothing is left",
  async (scenario) => {
    const { name, region } = scenario;
    const byCdktf = name === "one";
    const before = await idsInRegion(emulator.endpoint, region);
    const project = await Project.create(emulator, name, region, config(scenario));
    try {
      const deployed = await (byCdktf ? project.deployByCdktf() : project.deploy());
      expect(deployed.output).toContain("Apply complete!");
      expect(deployed.code).toBe(0);
      expectWays(scenario, await observeVpc(emulator.endpoint, region, name));

      const second = await project.plan();
      expect(second.output).toContain("No changes.");
      expect(second.code).toBe(0);

      if (byCdktf) await expectStateSurvives(project);
      if (scenario.template === "zpa") await expectZpaDns(scenario);
      const destroyed = await (byCdktf ? project.destroyByCdktf() : project.destroy());
      expect(destroyed.output).toContain("Destroy complete!");
      expect(destroyed.code).toBe(0);
      expect(await idsInRegion(emulator.endpoint, region)).toEqual(before);
      expect(await project.terraform("state", "list")).toEqual({ code: 0, output: "" });
    } finally {
      rmSync(project.folder, { recursive: true, force: true });
    }
  },
  600_000,
);
