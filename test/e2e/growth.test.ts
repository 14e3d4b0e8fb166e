import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { answerProbes, deployedFunction, endAnswering, runDeployed } from "./deployed-function";
import { nameOf, observeVpc, type ObservedVpc, wayOut } from "./observed-vpc";
import { deploymentFile, Project, type Ran } from "./project";
import { idsInRegion } from "./region";

interface Step {
  /** What the deployment becomes or gets. */
  readonly to: string;
  readonly template: "network" | "base" | "ha" | "zpa-ha";
  readonly zones: readonly string[];
  /** A setting of the network besides its range. */
  readonly network?: string;
  /** Lines of the deployment besides those that all have. */
  readonly settings?: readonly string[];
  /** Lines of the connectors besides those that all have. */
  readonly connectors?: readonly string[];
  /** Where the workloads' and the resolver's routes lead after the apply. */
  readonly routesLeadTo: "NAT gateways" | "connectors";
  /** Beginning of the names of the resources that the step destroys, instances among them. By default it destroys none. */
  readonly destroys?: string;
  /** The function runs after the apply, and moves the routes to the connectors. */
  readonly functionMovesRoutes?: true;
}

/** A deployment that grows step by step. */
interface Growth {
  readonly name: string;
  readonly region: string;
  readonly cidr: string;
  readonly steps: readonly [Step, ...Step[]];
}

const domains = "zpa: { domains: { crm: crm.example.com } }";

const growths: readonly Growth[] = [
  {
    name: "stepwise",
    region: "us-west-2",
    cidr: "10.51.0.0/16",
    steps: [
      { to: "a network", template: "network", zones: ["a", "b"], routesLeadTo: "NAT gateways" },
      { to: "connectors", template: "base", zones: ["a", "b"], routesLeadTo: "connectors" },
      { to: "failover and ZPA", template: "zpa-ha", zones: ["a", "b"], settings: [domains], routesLeadTo: "connectors" },
      { to: "a third zone", template: "zpa-ha", zones: ["a", "b", "c"], settings: [domains], routesLeadTo: "connectors" },
    ],
  },
  {
    name: "at-once",
    region: "eu-west-1",
    cidr: "10.52.0.0/16",
    steps: [
      { to: "a network", template: "network", zones: ["a", "b"], routesLeadTo: "NAT gateways" },
      { to: "failover", template: "ha", zones: ["a", "b"], routesLeadTo: "NAT gateways", functionMovesRoutes: true },
    ],
  },
  {
    name: "fuller",
    region: "eu-central-1",
    cidr: "10.54.0.0/16",
    steps: [
      { to: "connectors and test hosts", template: "base", zones: ["a"], settings: ["testHosts: {}"], routesLeadTo: "connectors" },
      {
        to: "a second zone, two connectors each, private endpoints and a further range instead of test hosts",
        template: "base",
        zones: ["a", "b"],
        connectors: ["perZone: 2"],
        network: "secondaryCidrs: { more: 100.64.0.0/16 }",
        settings: ["privateEndpoints: [secretsmanager, ssm, s3]"],
        routesLeadTo: "connectors",
        destroys: "test_hosts_",
      },
    ],
  },
];

const config = ({ name, region, cidr }: Growth, { template, zones, network, settings = [], connectors = [] }: Step): string =>
  deploymentFile(name, {
    template,
    region,
    settings: [
      `zones: [${zones.join(", ")}]`,
      `network: { create: { ${[`cidr: ${cidr}`, ...(network === undefined ? [] : [network])].join(", ")} } }`,
      ...settings,
    ],
    connectors: template === "network" ? "none" : connectors,
  });

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
}, 300_000);

afterAll(async () => {
  await emulator.stop();
  expect(emulator.complaints()).toBe("");
});

/** What Terraform tells of its plan for one resource. */
interface PlannedChange {
  readonly type: "planned_change";
  readonly change: {
    readonly resource: { readonly addr: string; readonly resource_type: string; readonly resource_name: string };
    readonly action: string;
  };
}

async function succeeded(run: Promise<Ran>): Promise<string> {
  const { code, output } = await run;
  if (code !== 0) throw new Error(output);
  return output;
}

/** Plans a step into a file, and returns what is not just created, read or updated in place. An instance that is updated may be stopped for it. */
async function harm(project: Project, { destroys }: Step, file: string): Promise<readonly string[]> {
  const told = await succeeded(project.terraform("plan", "-input=false", "-json", "-parallelism=30", `-out=${file}`));
  const messages = told
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as PlannedChange | { readonly type: "version" });
  const changes = messages.flatMap((message) => (message.type === "planned_change" ? [message.change] : []));
  const isHarmful = ({ resource, action }: PlannedChange["change"]): boolean =>
    destroys !== undefined && resource.resource_name.startsWith(destroys)
      ? action !== "delete"
      : /delete|replace/.test(action) || (resource.resource_type === "aws_instance" && action === "update");
  expect(changes.length).toBeGreaterThan(0);
  return changes.filter(isHarmful).map(({ resource, action }) => `${resource.addr}: ${action}`);
}

const steeredTiers = ({ template }: Step): readonly string[] => (template === "zpa-ha" ? ["workload", "resolver"] : ["workload"]);

/** The way out of each subnet that is steered, by the subnet's name. */
const waysOut = ({ name }: Growth, step: Step, vpc: ObservedVpc): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    vpc.subnets
      .filter((subnet) => steeredTiers(step).some((tier) => nameOf(subnet).startsWith(`${name}-${tier}-`)))
      .map((subnet) => [nameOf(subnet), wayOut(vpc, subnet.SubnetId)]),
  );

const waysBy = ({ name, region }: Growth, step: Step, by: Step["routesLeadTo"]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    steeredTiers(step).flatMap((tier) =>
      step.zones.map((zone) => [
        `${name}-${tier}-${zone}`,
        [
          ...(by === "connectors" ? [`running ${name}-connector-${zone}-1 by unchecked interface 0 in ${region}${zone}`] : []),
          `available NAT gateway in ${region}${zone}`,
          "internet gateway",
        ],
      ]),
    ),
  );

/** Runs the function as it is deployed, with connectors that answer, until it has moved all routes to them. */
async function letFunctionMoveRoutes(growth: Growth, step: Step): Promise<void> {
  const { name, region } = growth;
  const { instances } = await observeVpc(emulator.endpoint, region, name);
  const servers = await Promise.all(instances.map(({ PrivateIpAddress = "" }) => answerProbes(PrivateIpAddress)));
  const run = runDeployed(emulator, region, await deployedFunction(emulator, region, name));
  try {
    const expected = waysBy(growth, step, "connectors");
    const until = Date.now() + 60_000;
    for (;;) {
      const ways = waysOut(growth, step, await observeVpc(emulator.endpoint, region, name));
      if (Date.now() > until) expect(ways).toEqual(expected);
      if (JSON.stringify(Object.entries(ways).sort()) === JSON.stringify(Object.entries(expected).sort())) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  } finally {
    await run.stop();
    servers.forEach(endAnswering);
  }
}

async function expectStep(growth: Growth, step: Step): Promise<void> {
  const { name, region } = growth;
  const observed = await observeVpc(emulator.endpoint, region, name);
  expect({ to: step.to, ways: waysOut(growth, step, observed) }).toEqual({ to: step.to, ways: waysBy(growth, step, step.routesLeadTo) });
  if (step.functionMovesRoutes) await letFunctionMoveRoutes(growth, step);
}

test.concurrent.each(growths)(
  "$name: each step takes nothing away and stops nothing, routes lead where they should, and a last plan is empty",
  async (growth) => {
    const { name, region } = growth;
    const [first, ...later] = growth.steps;
    const before = await idsInRegion(emulator.endpoint, region);
    const project = await Project.create(emulator, name, region, config(growth, first));
    try {
      expect((await project.deploy()).output).toContain("Apply complete!");
      await expectStep(growth, first);
      for (const step of later) {
        const had = await idsInRegion(emulator.endpoint, region);
        writeFileSync(project.configFile, config(growth, step));
        await succeeded(project.synthesize());
        const file = join(project.folder, "growth.plan");
        expect({ to: step.to, harm: await harm(project, step, file) }).toEqual({ to: step.to, harm: [] });
        await succeeded(project.terraform("apply", "-input=false", "-no-color", "-parallelism=30", file));
        const has = await idsInRegion(emulator.endpoint, region);
        const gone = had.filter((id) => !has.includes(id));
        const some = expect.arrayContaining([expect.stringMatching(/^i-/)]) as unknown;
        expect({ to: step.to, gone }).toEqual({ to: step.to, gone: step.destroys === undefined ? [] : some });
        await expectStep(growth, step);
      }
      expect((await project.plan()).output).toContain("No changes.");
    } finally {
      const destroyed = await project.destroy();
      expect(destroyed.output).toContain("Destroy complete!");
      expect(await idsInRegion(emulator.endpoint, region)).toEqual(before);
      expect(await project.terraform("state", "list")).toEqual({ code: 0, output: "" });
      rmSync(project.folder, { recursive: true, force: true });
    }
  },
  900_000,
);
