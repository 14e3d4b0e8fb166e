import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { type Server } from "node:http";
import { join } from "node:path";
import { EC2 } from "@aws-sdk/client-ec2";
import { clientConfiguration, type Emulator, startEmulator } from "../../emulator";
import { type FunctionRun } from "../failover/run-function";
import { answerProbes, deployedFunction, endAnswering, runDeployed } from "./deployed-function";
import { defaultRouteOf, type ExistingVpc, makeExistingVpc } from "./existing-vpc";
import { type Configuration, Project, type Ran } from "./project";
import { differences, snapshotOf } from "./vpc-snapshot";

/** Works in an account of its own, since the names of roles are those of all regions. */
async function inAccount(region: string, work: (emulator: Emulator, account: Steered["account"]) => Promise<void>): Promise<void> {
  const emulator = await startEmulator();
  try {
    await work(emulator, { endpoint: emulator.endpoint, region });
    expect(emulator.complaints()).toBe("");
  } finally {
    await emulator.stop();
  }
}

/** The file of an example, with what exists in place of the ids in it. */
function exampleFor(example: string, region: string, ids: Readonly<Record<string, string>>): string {
  const text = readFileSync(join(__dirname, "../../examples", example, "zscaler.yaml"), "utf8").replace("us-west-2", region);
  return Object.entries(ids).reduce((result, [placeholder, id]) => {
    if (!result.includes(placeholder)) throw new Error(`the example has no ${placeholder}`);
    return result.replaceAll(placeholder, id);
  }, text);
}

const zoneOf = ({ zones }: ExistingVpc, key: string) => {
  const zone = zones[key];
  if (!zone) throw new Error(`there is no zone ${key}`);
  return zone;
};

interface Steered {
  readonly emulator: Emulator;
  readonly project: Project;
  readonly account: { readonly endpoint: string; readonly region: string };
  /** The route tables by the names of their routes, such as `a_app`. */
  readonly tables: Readonly<Record<string, string>>;
}

/** What each table's default route leads to: the connector by its key, or an id. Connectors go by their service interfaces. */
async function targetsOf(
  { account, tables }: Steered,
  keys: ReadonlyMap<string, string>,
): Promise<Readonly<Record<string, string | undefined>>> {
  const targets = Object.entries(tables).map(async ([name, table]) => {
    const target = await defaultRouteOf(account, table);
    return [name, keys.get(target ?? "") ?? target] as const;
  });
  return Object.fromEntries(await Promise.all(targets));
}

async function expectTargets(steered: Steered, expected: Readonly<Record<string, string | undefined>>, seconds = 0): Promise<void> {
  const { output } = await steered.project.terraform("output", "-json", "connectors");
  const connectors = Object.entries(JSON.parse(output) as Record<string, { readonly service_interface_id: string }>);
  const keys = new Map(connectors.map(([key, { service_interface_id }]) => [service_interface_id, key]));
  const until = Date.now() + 1000 * seconds;
  for (;;) {
    const targets = await targetsOf(steered, keys);
    if (Object.entries(expected).every(([name, target]) => targets[name] === target)) return;
    if (Date.now() > until) expect(targets).toEqual(expected);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** What a run says, without colours, frames and the stack's name before its lines, as one line. */
const words = ({ output }: Ran): string =>
  output
    .replace(/\u001b\[[0-9;]*m/g, "")
    .replace(/^egress /gm, "")
    .replace(/[│╷╵├─\s]+/g, " ");

function expectDone(ran: Ran, said: string): void {
  expect(ran.output).toContain(said);
}

function expectRefused(ran: Ran, ...why: readonly string[]): void {
  for (const reason of why) expect(words(ran)).toContain(reason);
  expect(ran.code).toBe(1);
}

/** Plans what the file says now. By Terraform itself: cdktf can end before it has printed all that Terraform complains about. */
async function planned(project: Project): Promise<Ran> {
  expect(await project.synthesize()).toMatchObject({ code: 0 });
  expectDone(await project.terraform("init", "-input=false", "-no-color"), "Terraform has been successfully initialized!");
  return project.plan();
}

/** Synthesizes what the file says now, and applies it where Terraform was at work before. */
async function redeployed(project: Project): Promise<Ran> {
  expect(await project.synthesize()).toMatchObject({ code: 0 });
  return project.apply();
}

const change = ({ configFile }: Project, edit: (text: string) => string): void =>
  writeFileSync(configFile, edit(readFileSync(configFile, "utf8")));

/** Answers for the service interfaces of the connectors, by key. */
async function answerForAll(project: Project): Promise<Readonly<Record<string, Server>>> {
  const { output } = await project.terraform("output", "-json", "connectors");
  const connectors = Object.entries(JSON.parse(output) as Record<string, { readonly service_address: string }>);
  return Object.fromEntries(
    await Promise.all(connectors.map(async ([key, { service_address }]) => [key, await answerProbes(service_address)] as const)),
  );
}

const runOf = async ({ emulator, account: { region } }: Steered): Promise<FunctionRun> =>
  runDeployed(emulator, region, await deployedFunction(emulator, region, "egress"));

/** What of a VPC's own AWS shows otherwise than before: routes by table and destination, and anything else by its kind. */
async function ownChanges(account: Steered["account"], before: Awaited<ReturnType<typeof snapshotOf>>) {
  const { added, removed, changed } = differences(before, await snapshotOf(account));
  const theirs = new Set(Object.keys(before["routeTable"] ?? {}));
  // Connectors take addresses of the subnets in which they stand.
  const { subnet = {}, ...others } = changed;
  const subnets = Object.values(subnet).flatMap(Object.keys);
  expect(subnets.filter((path) => path !== "AvailableIpAddressCount")).toEqual([]);
  return { addedRoutes: (added["route"] ?? []).filter((id) => theirs.has(id.split(" ")[0] ?? "")), removed, changed: others };
}

test.concurrent(
  "an existing VPC with failover: routes are taken over, moved, given back, and nothing else of the VPC changes",
  () =>
    inAccount("us-west-2", async (emulator, account) => {
      const vpc = await makeExistingVpc(account, { zones: ["a", "b"] });
      const [a, b] = [zoneOf(vpc, "a"), zoneOf(vpc, "b")];
      const text = exampleFor("brownfield-vpc", account.region, {
        "vpc-0a1b2c3d4e5f60718": vpc.id,
        "nat-0a1b2c3d4e5f6071a": a.natGatewayId,
        "nat-0a1b2c3d4e5f6071b": b.natGatewayId,
        "rtb-0a1b2c3d4e5f6071a": a.subnets.app.routeTableId,
        "rtb-0a1b2c3d4e5f6071b": b.subnets.app.routeTableId,
        "rtb-0a1b2c3d4e5f6071c": a.subnets.data.routeTableId,
        "rtb-0a1b2c3d4e5f6071d": b.subnets.data.routeTableId,
      });
      const project = await Project.create(emulator, "egress", account.region, text);
      const tables = {
        a_app: a.subnets.app.routeTableId,
        a_data: a.subnets.data.routeTableId,
        b_app: b.subnets.app.routeTableId,
        b_data: b.subnets.data.routeTableId,
      };
      const steered = { emulator, project, account, tables };
      const former = { a_app: a.natGatewayId, a_data: vpc.internetGatewayId, b_app: b.natGatewayId };
      const before = await snapshotOf(account);
      let servers: Readonly<Record<string, Server>> = {};
      let run: FunctionRun | undefined;
      try {
        expectDone(await project.deployByCdktf(), "Apply complete!");
        // Terraform takes the routes over as they are: the first to move them is the function.
        await expectTargets(steered, { ...former, b_data: "b-1" });
        expect(await ownChanges(account, before)).toEqual({ addedRoutes: [`${tables.b_data} 0.0.0.0/0`], removed: {}, changed: {} });
        expectDone(await project.plan(), "No changes.");

        servers = await answerForAll(project);
        run = await runOf(steered);
        await expectTargets(steered, { a_app: "a-1", a_data: "a-1", b_app: "b-1", b_data: "b-1" }, 60);
        if (servers["a-1"]) endAnswering(servers["a-1"]);
        await expectTargets(steered, { a_app: "b-1", a_data: "b-1", b_app: "b-1", b_data: "b-1" }, 60);
        const { addedRoutes, removed, changed } = await ownChanges(account, before);
        expect(addedRoutes).toEqual([`${tables.b_data} 0.0.0.0/0`]);
        expect(removed).toEqual({});
        expect(Object.keys(changed)).toEqual(["route"]);
        expect(Object.keys(changed["route"] ?? {}).sort()).toEqual(
          Object.keys(former)
            .map((name) => `${tables[name as keyof typeof former]} 0.0.0.0/0`)
            .sort(),
        );
        expectDone(await project.plan(), "No changes.");
        await run.stop();

        expectRefused(await project.terraform("destroy", "-auto-approve", "-input=false", "-no-color"), "Instance cannot be destroyed");
        await expectTargets(steered, { a_app: "b-1", a_data: "b-1", b_app: "b-1", b_data: "b-1" });

        change(project, (file) => file.replaceAll("takeOver", "restore"));
        expectDone(await redeployed(project), "Apply complete!");
        await expectTargets(steered, { ...former, b_data: "b-1" });
        run = await runOf(steered);
        expectDone(await project.plan(), "No changes.");
        await new Promise((resolve) => setTimeout(resolve, 8_000));
        await expectTargets(steered, { ...former, b_data: "b-1" });
        await run.stop();

        change(project, (file) => file.replaceAll("restore", "forget"));
        expectDone(await redeployed(project), "Apply complete!");
        expect((await project.terraform("state", "list")).output).not.toMatch(/steering_[ab]_app|steering_a_data/);
        expectDone(await project.destroyByCdktf(), "Destroy complete!");
        expect(differences(before, await snapshotOf(account))).toEqual({ added: {}, removed: {}, changed: {} });
      } finally {
        await run?.stop();
        Object.values(servers).forEach(endAnswering);
        rmSync(project.folder, { recursive: true });
      }
    }),
  900_000,
);

test.concurrent(
  "routes only: Terraform moves what it takes over and gives it back, from cdktf and from a module in HCL",
  () =>
    inAccount("eu-central-1", async (emulator, account) => {
      const vpc = await makeExistingVpc(account, { zones: ["a", "b"], appRoutes: { b: "none" } });
      const [a, b] = [zoneOf(vpc, "a"), zoneOf(vpc, "b")];
      const text = exampleFor("brownfield-routes-only", account.region, {
        "vpc-0a1b2c3d4e5f60718": vpc.id,
        "subnet-0a1b2c3d4e5f6071a": a.subnets.connector.id,
        "subnet-0a1b2c3d4e5f6071b": b.subnets.connector.id,
        "rtb-0a1b2c3d4e5f6071a": a.subnets.app.routeTableId,
        "rtb-0a1b2c3d4e5f6071b": b.subnets.app.routeTableId,
        "sg-0a1b2c3d4e5f6071a": vpc.securityGroups.service,
        "sg-0a1b2c3d4e5f6071b": vpc.securityGroups.management,
        "zscaler-connectors": vpc.instanceProfile,
      });
      const project = await Project.create(emulator, "egress", account.region, text);
      const tables = { a_app: a.subnets.app.routeTableId, b_app: b.subnets.app.routeTableId };
      const steered = { emulator, project, account, tables };
      const before = await snapshotOf(account);
      const routes = { a_app: "a-1", b_app: "b-1" };
      const kindsMade = async (): Promise<readonly string[]> =>
        Object.keys(differences(before, await snapshotOf(account)).added)
          .filter((kind) => kind !== "tag")
          .sort();
      try {
        expectDone(await project.deploy(), "Apply complete!");
        await expectTargets(steered, routes);
        expect(await kindsMade()).toEqual(["instance", "networkInterface", "route", "volume"]);
        const { addedRoutes, removed, changed } = await ownChanges(account, before);
        expect({ addedRoutes, removed }).toEqual({ addedRoutes: [`${tables.b_app} 0.0.0.0/0`], removed: {} });
        expect(Object.keys(changed)).toEqual(["route"]);
        expect(Object.keys(changed["route"] ?? {})).toEqual([`${tables.a_app} 0.0.0.0/0`]);
        expectDone(await project.plan(), "No changes.");

        change(project, (file) => file.replaceAll("takeOver", "restore"));
        expectRefused(await planned(project), `Route table ${tables.b_app} had no default route before it was steered`);
        change(project, (file) => file.replace(/(b: .*)restore/, "$1create"));
        expectDone(await redeployed(project), "Apply complete!");
        await expectTargets(steered, { a_app: a.natGatewayId, b_app: "b-1" });
        change(project, (file) => file.replace("restore", "forget"));
        expectDone(await redeployed(project), "Apply complete!");
        expectDone(await project.destroy(), "Destroy complete!");
        expect(differences(before, await snapshotOf(account))).toEqual({ added: {}, removed: {}, changed: {} });

        // A table that has a default route is not taken by mistake.
        change(project, (file) => file.replace("forget", "create"));
        expectRefused(await planned(project), `Route table ${tables.a_app} has a default route already, to ${a.natGatewayId}.`);
        expect(differences(before, await snapshotOf(account))).toEqual({ added: {}, removed: {}, changed: {} });

        change(project, (file) => file.replaceAll("create }", "takeOver }"));
        await project.writeHcl("module");
        const caller = project.configuration("module/examples/complete");
        expectDone(await caller.run("init", "-input=false", "-no-color"), "Terraform has been successfully initialized!");
        await applyCaller(caller);
        const shown = JSON.parse((await caller.run("output", "-json", "egress")).output) as {
          readonly connectors: Readonly<Record<string, { readonly service_interface_id: string }>>;
          readonly former_route_targets: Readonly<Record<string, string>>;
        };
        expect(await defaultRouteOf(account, tables.a_app)).toBe(shown.connectors["a-1"]?.service_interface_id);
        expect(await defaultRouteOf(account, tables.b_app)).toBe(shown.connectors["b-1"]?.service_interface_id);
        expect(shown.former_route_targets).toEqual({ a_app: a.natGatewayId, b_app: "" });
        expectDone(await caller.plan(), "No changes.");
        for (const step of ["restore", "forget"]) {
          change(project, (file) => file.replace(/(a: .*)(takeOver|restore)/, `$1${step}`).replace(/(b: .*)takeOver/, "$1create"));
          await project.writeHcl("module", "--force");
          await applyCaller(caller);
          expect(await defaultRouteOf(account, tables.a_app)).toBe(a.natGatewayId);
        }
        expectDone(await caller.run("destroy", "-auto-approve", "-input=false", "-no-color", "-parallelism=30"), "Destroy complete!");
        expect(differences(before, await snapshotOf(account))).toEqual({ added: {}, removed: {}, changed: {} });
      } finally {
        rmSync(project.folder, { recursive: true });
      }
    }),
  900_000,
);

async function applyCaller(caller: Configuration): Promise<void> {
  expectDone(await caller.run("apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=30"), "Apply complete!");
}

test.concurrent(
  "what exists and is not as said fails the plan: all of it, with what was found and the fix",
  () =>
    inAccount("us-east-2", async (emulator, account) => {
      const vpc = await makeExistingVpc(account, { zones: ["a", "b"] });
      const other = await makeExistingVpc(account, { name: "other", cidr: "10.30.0.0/16", zones: ["a"] });
      const [a, b, elsewhere] = [zoneOf(vpc, "a"), zoneOf(vpc, "b"), zoneOf(other, "a")];
      const secluded = await makeNatGatewayIn(account, b.subnets.data.id);
      const text = `
deployments:
  egress:
    template: base
    region: ${account.region}
    zones: [a, b, c, d]
    network:
      existing:
        id: ${vpc.id}
        cidr: 10.21.0.0/16
        secondaryCidrs: { more: 100.64.0.0/16 }
        internetGateway: { existing: { id: ${other.internetGatewayId} } }
    nat: { existing: { gateways: { a: ${b.natGatewayId}, b: ${secluded}, c: ${elsewhere.natGatewayId}, d: ${b.natGatewayId} } } }
    subnets:
      existing:
        a: { connector: ${b.subnets.connector.id} }
        b: { connector: ${elsewhere.subnets.connector.id} }
    steering:
      routeTables:
        a: { app: { id: ${elsewhere.subnets.app.routeTableId}, defaultRoute: takeOver }, own: { id: ${b.subnets.connector.routeTableId}, defaultRoute: takeOver } }
    connectors:
      provisioningUrl: connector.zscaler.net/api/v1/provUrl?name=aws-prod
      secret: ZS/CC/credentials
      securityGroups: { existing: { service: ${other.securityGroups.service}, management: ${vpc.securityGroups.management} } }
`;
      const project = await Project.create(emulator, "egress", account.region, text);
      const before = await snapshotOf(account);
      try {
        const refused = await planned(project);
        const said = [
          `The first range of VPC ${vpc.id} is 10.20.0.0/16, not 10.21.0.0/16.`,
          `VPC ${vpc.id} has the ranges 10.20.0.0/16, and 100.64.0.0/16 is not among them.`,
          `Internet gateway ${other.internetGatewayId} is not attached to VPC ${vpc.id}.`,
          `Subnet ${b.subnets.connector.id} (connector of zone a) is in ${b.name}, not in ${a.name}.`,
          `Subnet ${elsewhere.subnets.connector.id} (connector of zone b) is in VPC ${other.id}, not in ${vpc.id}.`,
          `NAT gateway ${b.natGatewayId} (zone a) is in ${b.name}, and traffic would cross zones.`,
          `NAT gateway ${elsewhere.natGatewayId} (zone c) is in VPC ${other.id}, not in ${vpc.id}.`,
          `Route table ${elsewhere.subnets.app.routeTableId} is in VPC ${other.id}, not in ${vpc.id}.`,
          `Route table ${b.subnets.connector.routeTableId} is that of ${b.subnets.connector.id}, in which connectors or endpoints stand`,
          `Security group ${other.securityGroups.service} of the service interfaces is of VPC ${other.id}, not of ${vpc.id}.`,
        ];
        expectRefused(refused, ...said);

        // The main route table is read of the VPC once that is as said.
        change(project, (file) => file.replace("10.21.0.0/16", "10.20.0.0/16").replace(/\n *secondaryCidrs:.*/, ""));
        expectRefused(
          await planned(project),
          `NAT gateway ${secluded} (zone b) is in subnet ${b.subnets.data.id}, whose route table ${b.subnets.data.routeTableId} has no default route to an internet gateway.`,
        );
        expect(differences(before, await snapshotOf(account))).toEqual({ added: {}, removed: {}, changed: {} });
      } finally {
        rmSync(project.folder, { recursive: true });
      }
    }),
  300_000,
);

/** Makes a NAT gateway in a subnet that leads nowhere. */
async function makeNatGatewayIn(account: Steered["account"], SubnetId: string): Promise<string> {
  const ec2 = new EC2(clientConfiguration(account));
  const { AllocationId } = await ec2.allocateAddress({ Domain: "vpc" });
  const { NatGateway } = await ec2.createNatGateway({ SubnetId, AllocationId });
  ec2.destroy();
  return NatGateway?.NatGatewayId ?? "";
}
