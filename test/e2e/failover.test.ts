import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { type Server } from "node:http";
import { join } from "node:path";
import { EC2Client, StopInstancesCommand } from "@aws-sdk/client-ec2";
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import { clientConfiguration, type Emulator, startEmulator } from "../../emulator";
import { type FunctionRun } from "../failover/run-function";
import { answerProbes, deployedFunction, endAnswering, runDeployed } from "./deployed-function";
import { nameOf, observeVpc, type ObservedVpc, wayOut } from "./observed-vpc";
import { deploymentFile, Project } from "./project";
import { idsInRegion } from "./region";

interface Scenario {
  readonly name: "ha" | "zpa-ha";
  readonly region: string;
  readonly settings: readonly string[];
  /** Tiers whose subnets are steered. */
  readonly tiers: readonly ("workload" | "resolver")[];
  /** Where the workloads' traffic of a zone goes once no connector lives. */
  readonly withoutConnectors: "a NAT gateway" | "the last connector";
}

const scenarios: readonly Scenario[] = [
  {
    name: "ha",
    region: "us-east-2",
    settings: [
      "network: { create: { cidr: 10.5.0.0/16 } }",
      "failover: { allDead: { bypass: {} }, pinned: { partner: { destination: 198.51.100.0/24, connector: b-1 } } }",
    ],
    tiers: ["workload"],
    withoutConnectors: "a NAT gateway",
  },
  {
    name: "zpa-ha",
    region: "eu-west-2",
    settings: ["network: { create: { cidr: 10.6.0.0/16 } }", "zpa: { domains: { crm: crm.example.com } }"],
    tiers: ["workload", "resolver"],
    withoutConnectors: "the last connector",
  },
];

const config = ({ name, region, settings }: Scenario): string => deploymentFile(name, { template: name, region, settings, connectors: [] });

const zip = join(__dirname, "../../modules/route-failover/dist/function.zip");

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
}, 300_000);

afterAll(async () => {
  await emulator.stop();
  expect(emulator.complaints()).toBe("");
});

/** Where each steered subnet's traffic goes first, by tier and zone: `connector b-1`, `NAT gateway in us-east-2a`. */
function firstSteps(vpc: ObservedVpc, { name, tiers }: Scenario): Readonly<Record<string, string>> {
  const subnets = vpc.subnets.filter((subnet) => tiers.some((tier) => nameOf(subnet).startsWith(`${name}-${tier}-`)));
  return Object.fromEntries(
    subnets.map((subnet) => {
      const [first = ""] = wayOut(vpc, subnet.SubnetId);
      const connector = new RegExp(`${name}-connector-(\\S+)`).exec(first)?.[1];
      return [nameOf(subnet).slice(name.length + 1), connector === undefined ? first : `connector ${connector}`];
    }),
  );
}

const stepsTo = ({ tiers }: Scenario, a: string, b: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    tiers.flatMap((tier) => [
      [`${tier}-a`, a],
      [`${tier}-b`, b],
    ]),
  );

/** Waits until the routes are as expected; fails with what they are. */
async function expectSteps(scenario: Scenario, expected: Readonly<Record<string, string>>, seconds: number): Promise<void> {
  const until = Date.now() + 1000 * seconds;
  for (;;) {
    const steps = firstSteps(await observeVpc(emulator.endpoint, scenario.region, scenario.name), scenario);
    if (JSON.stringify(Object.entries(steps).sort()) === JSON.stringify(Object.entries(expected).sort())) return;
    if (Date.now() > until) expect(steps).toEqual(expected);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Answers the health probes of a connector. */
function listen(vpc: ObservedVpc, name: string): Promise<Server> {
  const address = vpc.instances.find((instance) => nameOf(instance) === name)?.PrivateIpAddress;
  if (address === undefined) throw new Error(`no ${name}`);
  return answerProbes(address);
}

/** The actions that a role's policies allow, and how many of them name their resources. */
async function allowedActions(region: string, roleName: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const client = new IAMClient(clientConfiguration({ endpoint: emulator.endpoint, region }));
  const { PolicyNames = [] } = await client.send(new ListRolePoliciesCommand({ RoleName: roleName }));
  const inline = PolicyNames.map(async (PolicyName) => {
    const { PolicyDocument } = await client.send(new GetRolePolicyCommand({ RoleName: roleName, PolicyName }));
    return PolicyDocument;
  });
  const { AttachedPolicies = [] } = await client.send(new ListAttachedRolePoliciesCommand({ RoleName: roleName }));
  const attached = AttachedPolicies.map(async ({ PolicyArn }) => {
    const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }));
    return PolicyVersion?.Document;
  });
  const documents = await Promise.all([...inline, ...attached]);
  client.destroy();
  const statements = documents.flatMap(
    (document) =>
      (
        JSON.parse(decodeURIComponent(document ?? "")) as {
          Statement: { Effect: string; Action: string | string[]; Resource: string | string[] }[];
        }
      ).Statement,
  );
  const allowed = statements.filter(({ Effect }) => Effect === "Allow");
  return Object.fromEntries(allowed.flatMap(({ Action, Resource }) => [Action].flat().map((action) => [action, [Resource].flat()])));
}

test.concurrent.each(scenarios)(
  "$name: deployed by cdktf, the very function moves its routes, Terraform leaves them, and nothing is left",
  async (scenario) => {
    const { name, region } = scenario;
    const account = { endpoint: emulator.endpoint, region };
    const before = await idsInRegion(emulator.endpoint, region);
    const project = await Project.create(emulator, name, region, config(scenario));
    const servers: Server[] = [];
    let run: FunctionRun | undefined;
    try {
      const deployed = await project.deploy();
      expect(deployed.output).toContain("Apply complete!");
      expect(deployed.code).toBe(0);
      const vpc = await observeVpc(emulator.endpoint, region, name);
      await expectSteps(scenario, stepsTo(scenario, "connector a-1", "connector b-1"), 0);
      expect((await project.plan()).output).toContain("No changes.");

      const configuration = await deployedFunction(emulator, region, name);
      expect(configuration.CodeSha256).toBe(createHash("sha256").update(readFileSync(zip)).digest("base64"));
      expect(configuration).toMatchObject({ Runtime: "nodejs22.x", Architectures: ["arm64"], Handler: "index.handler", Timeout: 130 });
      const inConnectorSubnets = vpc.subnets.filter((subnet) => nameOf(subnet).startsWith(`${name}-connector-`)).map((s) => s.SubnetId);
      expect([...(configuration.VpcConfig?.SubnetIds ?? [])].sort()).toEqual(inConnectorSubnets.sort());

      const allowed = await allowedActions(region, configuration.Role?.split("/").at(-1) ?? "");
      const steered = vpc.routeTables.filter((table) => scenario.tiers.some((tier) => nameOf(table).startsWith(`${name}-${tier}-`)));
      expect(allowed["ec2:ReplaceRoute"]?.map((arn) => arn.split("/")[1]).sort()).toEqual(steered.map((t) => t.RouteTableId).sort());
      expect(Object.entries(allowed).flatMap(([action, resources]) => (resources.includes("*") ? [action] : []))).toEqual(
        expect.not.arrayContaining(["ec2:ReplaceRoute", "ssm:PutParameter", "ssm:GetParameter", "logs:PutLogEvents", "sqs:SendMessage"]),
      );

      servers.push(await listen(vpc, `${name}-connector-b-1`));
      run = runDeployed(emulator, region, configuration);
      await expectSteps(scenario, stepsTo(scenario, "connector b-1", "connector b-1"), 60);
      expect((await project.plan()).output).toContain("No changes.");

      const ec2 = new EC2Client(clientConfiguration(account));
      await ec2.send(new StopInstancesCommand({ InstanceIds: vpc.instances.flatMap(({ InstanceId }) => InstanceId ?? []) }));
      ec2.destroy();
      servers.splice(0).forEach(endAnswering);
      await run.stop();
      run = runDeployed(emulator, region, configuration);
      const lost = Date.now();
      const last = scenario.withoutConnectors === "a NAT gateway";
      const steps = last
        ? stepsTo(scenario, `available NAT gateway in ${region}a`, `available NAT gateway in ${region}b`)
        : stepsTo(scenario, "connector b-1", "connector b-1");
      await expectSteps(scenario, steps, 110);
      if (last) expect(Date.now() - lost).toBeGreaterThan(60_000);
      else await run.finished;
      await expectSteps(scenario, steps, 0);
      expect((await project.plan()).output).toContain("No changes.");
    } finally {
      servers.forEach(endAnswering);
      await run?.stop();
      const destroyed = await project.destroy();
      expect(destroyed.output).toContain("Destroy complete!");
      expect(await idsInRegion(emulator.endpoint, region)).toEqual(before);
      expect(await project.terraform("state", "list")).toEqual({ code: 0, output: "" });
      rmSync(project.folder, { recursive: true, force: true });
    }
  },
  900_000,
);
