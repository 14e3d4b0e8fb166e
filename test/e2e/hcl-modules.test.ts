import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DescribeSecurityGroupRulesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { clientConfiguration, type Emulator, startEmulator } from "../../emulator";
import { nameOf, observeVpc, type ObservedVpc, steeredSubnets, wayOut } from "./observed-vpc";
import { byTofu, isTofuThere } from "./opentofu";
import { type Configuration, Project, type Ran } from "./project";
import { idsInRegion } from "./region";

const config = (name: string, region: string): string => `deployments:
  ${name}:
    template: zpa-ha
    region: ${region}
    network: { create: { cidr: 10.1.0.0/16 } }
    connectors: { provisioningUrl: connector.zscaler.net/api/v1/provUrl?name=aws-prod, secret: ZS/CC/credentials }
    zpa: { domains: { crm: crm.example.com } }
    tags: { Owner: netsec }
`;

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
}, 300_000);

afterAll(async () => {
  await emulator.stop();
  expect(emulator.complaints()).toBe("");
});

/** A project of one deployment. What the work on it made is gone when it ends, else that fails. */
async function inProject(name: string, region: string, work: (project: Project) => Promise<void>): Promise<void> {
  const before = await idsInRegion(emulator.endpoint, region);
  const project = await Project.create(emulator, name, region, config(name, region));
  try {
    await work(project);
    expect(await idsInRegion(emulator.endpoint, region)).toEqual(before);
  } finally {
    rmSync(project.folder, { recursive: true, force: true });
  }
}

async function succeeds(running: Promise<Ran>): Promise<void> {
  const { code, output } = await running;
  if (code !== 0) throw new Error(output);
}

const init = (configuration: Configuration) => succeeds(configuration.run("init", "-input=false", "-no-color"));
const apply = (configuration: Configuration, ...options: readonly string[]) =>
  succeeds(configuration.run("apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=30", ...options));
const destroy = async (configuration: Configuration): Promise<void> => {
  await apply(configuration, "-destroy");
  expect(await configuration.run("state", "list")).toEqual({ code: 0, output: "" });
};

async function expectNoChanges(planning: Promise<Ran>): Promise<void> {
  const { code, output } = await planning;
  expect(output).toContain("No changes.");
  expect(code).toBe(0);
}

async function expectValid(configuration: Configuration): Promise<void> {
  expect(JSON.parse((await configuration.run("validate", "-json")).output)).toMatchObject({ valid: true, diagnostics: [] });
}

/** What a program says, without its frame and the ends of its lines. */
const said = (output: string): string => output.replace(/[\s│╷╵]+/g, " ");

interface Called {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly healthProbePort: number;
  readonly range: RegExp;
  readonly owner: string;
}

const called: readonly Called[] = [
  { name: "one", arguments: ['name = "one"'], healthProbePort: 50000, range: /^10\.1\./, owner: "netsec" },
  {
    name: "two",
    arguments: ['name = "two"', 'vpc_cidr = "10.8.0.0/16"', "connectors_health_probe_port = 8080", 'tags = { Owner = "apps" }'],
    healthProbePort: 8080,
    range: /^10\.8\./,
    owner: "apps",
  },
];

const callOf = (call: Called, region: string): string =>
  [
    `module "${call.name}" {`,
    '  source = "./modules/egress"',
    `  region = "${region}"`,
    ...call.arguments.map((line) => `  ${line}`),
    "}",
    "",
  ].join("\n");

/** Ports that a connector's security groups let in. */
async function portsInto(vpc: ObservedVpc, region: string): Promise<readonly (number | undefined)[]> {
  const groups = vpc.instances.flatMap(({ NetworkInterfaces = [] }) => NetworkInterfaces.flatMap(({ Groups = [] }) => Groups));
  const client = new EC2Client(clientConfiguration({ endpoint: emulator.endpoint, region }));
  const Filters = [{ Name: "group-id", Values: [...new Set(groups.flatMap(({ GroupId }) => GroupId ?? []))] }];
  const { SecurityGroupRules = [] } = await client.send(new DescribeSecurityGroupRulesCommand({ Filters }));
  client.destroy();
  return SecurityGroupRules.filter(({ IsEgress }) => IsEgress === false).map(({ FromPort }) => FromPort);
}

async function expectCalled({ name, healthProbePort, range, owner }: Called, region: string): Promise<void> {
  const vpc = await observeVpc(emulator.endpoint, region, name);
  const steered = ["resolver", "workload"].flatMap((tier) => ["a", "b"].map((zone) => [`${name}-${tier}-${zone}`, zone] as const));
  expect(steeredSubnets(vpc)).toEqual(steered.map(([subnetName]) => subnetName));
  for (const [subnetName, zone] of steered) {
    const subnet = vpc.subnets.find((each) => nameOf(each) === subnetName);
    expect(wayOut(vpc, subnet?.SubnetId)).toEqual([
      `running ${name}-connector-${zone}-1 by unchecked interface 0 in ${region}${zone}`,
      `available NAT gateway in ${region}${zone}`,
      "internet gateway",
    ]);
  }
  for (const { CidrBlock, Tags = [] } of vpc.subnets) {
    expect(CidrBlock).toMatch(range);
    const tags = Object.fromEntries(Tags.map(({ Key = "", Value }) => [Key, Value]));
    expect(tags).toMatchObject({ Owner: owner, Vendor: "Zscaler", [`zs-edge-connector-cluster/${name}-cluster`]: "shared" });
  }
  const others = called.map((each) => each.healthProbePort).filter((port) => port !== healthProbePort);
  const ports = await portsInto(vpc, region);
  expect(ports).toContain(healthProbePort);
  expect(ports).toEqual(expect.not.arrayContaining(others));
}

interface State {
  readonly values: {
    readonly root_module: {
      readonly child_modules: readonly {
        readonly resources: readonly { readonly mode: string; readonly type: string; readonly values: Readonly<Record<string, unknown>> }[];
      }[];
    };
  };
}

/** What AWS tells the resources of each module by. A permission has its id within a function. */
async function identities(configuration: Configuration): Promise<readonly (readonly string[])[]> {
  const { values } = JSON.parse((await configuration.run("show", "-json")).output) as State;
  return values.root_module.child_modules.map(({ resources }) =>
    resources.filter(({ mode }) => mode === "managed").map(({ type, values }) => [type, values["function_name"], values["id"]].join(" ")),
  );
}

test.concurrent(
  "a module called twice makes two of everything, each with its values, and leaves nothing",
  () =>
    inProject("egress", "eu-north-1", async (project) => {
      const { region } = project;
      await project.writeHcl("modules/egress");
      const calls = called.map((call) => callOf(call, region));
      writeFileSync(join(project.folder, "main.tf"), [`provider "aws" {\n  region = "${region}"\n}\n`, ...calls].join("\n"));
      const caller = project.configuration(".");
      await init(caller);
      await apply(caller);
      for (const call of called) await expectCalled(call, region);
      const [one = [], two = []] = await identities(caller);
      expect(one.length).toBeGreaterThan(100);
      expect(two).toHaveLength(one.length);
      expect(one.filter((identity) => two.includes(identity))).toEqual([]);
      await expectNoChanges(caller.plan());
      await destroy(caller);
    }),
  600_000,
);

test.concurrent(
  "what the root configuration made is what cdktf would make, which removes it",
  () =>
    inProject("taken", "eu-west-3", async (project) => {
      const written = await project.writeHcl("terraform", "--as", "root");
      await init(written);
      await apply(written);
      await succeeds(project.synthesize());
      await succeeds(project.terraform("init", "-input=false", "-no-color"));
      await expectNoChanges(project.plan());
      await succeeds(project.destroy());
      expect(await written.run("state", "list")).toEqual({ code: 0, output: "" });
    }),
  600_000,
);

const programs: readonly (readonly [string, (configuration: Configuration, folder: string) => Configuration])[] = [
  [isTofuThere() ? "Terraform" : "Terraform, OpenTofu left out since there is no tofu,", (configuration) => configuration],
  ...(isTofuThere() ? [["OpenTofu", byTofu] as const] : []),
];

test.concurrent.each(programs)(
  "%s takes the module's example, and refuses a range that the subnets were not planned for",
  (_, by) =>
    inProject("planned", "eu-west-2", async (project) => {
      await project.writeHcl("egress");
      const example = project.configuration("egress/examples/complete");
      await init(example);
      const settings = join(project.folder, "program");
      mkdirSync(settings);
      const chosen = by(example, settings);
      await init(chosen);
      await expectValid(chosen);
      const plan = await chosen.plan();
      expect(plan.output).toMatch(/Plan: \d{3} to add, 0 to change, 0 to destroy/);
      expect(plan.code).toBe(2);
      writeFileSync(join(example.folder, "override.tf"), 'module "planned" {\n  vpc_cidr = "10.1.0.0/20"\n}\n');
      const refused = await chosen.plan();
      expect(said(refused.output)).toContain("The subnets were planned in a /16: give a range of that length");
      expect(refused.code).toBe(1);
    }),
  600_000,
);

test.concurrent(
  "examples/terraform-module is valid, and as terraform fmt writes it",
  () =>
    inProject("example", "us-west-2", async (project) => {
      const example = join(__dirname, "../../examples/terraform-module");
      for (const part of ["main.tf", "modules"]) cpSync(join(example, part), join(project.folder, part), { recursive: true });
      const copy = project.configuration(".");
      await init(copy);
      await expectValid(copy);
      expect(await copy.run("fmt", "-check", "-diff", "-recursive", "main.tf", "modules")).toEqual({ code: 0, output: "" });
    }),
  600_000,
);
