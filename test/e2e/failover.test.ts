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

const name = "zpa-ha";
const region = "us-east-2";

/** Tiers whose subnets are steered. */
const tiers = ["workload", "resolver"] as const;

const config = deploymentFile(name, {
  template: name,
  region,
  settings: [
    "network: { create: { cidr: 10.5.0.0/16 } }",
    "zpa: { domains: { crm: crm.example.com } }",
    "failover: { allDead: { bypass: {} }, pinned: { partner: { destination: 198.51.100.0/24, connector: b-1 } } }",
  ],
  connectors: [],
});

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
function firstSteps(vpc: ObservedVpc): Readonly<Record<string, string>> {
  const subnets = vpc.subnets.filter((subnet) => tiers.some((tier) => nameOf(subnet).startsWith(`${name}-${tier}-`)));
  return Object.fromEntries(
    subnets.map((subnet) => {
      const [first = ""] = wayOut(vpc, subnet.SubnetId);
      const connector = new RegExp(`${name}-connector-(\\S+)`).exec(first)?.[1];
      return [nameOf(subnet).slice(name.length + 1), connector === undefined ? first : `connector ${connector}`];
    }),
  );
}

/** Where the traffic of zones a and b goes, of workloads and of the resolver. */
const stepsTo = (workload: readonly [a: string, b: string], resolver = workload): Readonly<Record<string, string>> => ({
  "workload-a": workload[0],
  "workload-b": workload[1],
  "resolver-a": resolver[0],
  "resolver-b": resolver[1],
});

/** Waits until the routes are as expected; fails with what they are. */
async function expectSteps(expected: Readonly<Record<string, string>>, seconds: number): Promise<void> {
  const until = Date.now() + 1000 * seconds;
  for (;;) {
    const steps = firstSteps(await observeVpc(emulator.endpoint, region, name));
    if (JSON.stringify(Object.entries(steps).sort()) === JSON.stringify(Object.entries(expected).sort())) return;
    if (Date.now() > until) expect(steps).toEqual(expected);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Answers the health probes of a connector. */
function listen(vpc: ObservedVpc, connector: string): Promise<Server> {
  const address = vpc.instances.find((instance) => nameOf(instance) === connector)?.PrivateIpAddress;
  if (address === undefined) throw new Error(`no ${connector}`);
  return answerProbes(address);
}

/** The actions that a role's policies allow, and how many of them name their resources. */
async function allowedActions(roleName: string): Promise<Readonly<Record<string, readonly string[]>>> {
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

test("deployed, the very function moves its routes, Terraform leaves them, and nothing is left", async () => {
  const account = { endpoint: emulator.endpoint, region };
  const before = await idsInRegion(emulator.endpoint, region);
  const project = await Project.create(emulator, name, region, config);
  const servers: Server[] = [];
  let run: FunctionRun | undefined;
  try {
    const deployed = await project.deploy();
    expect(deployed.output).toContain("Apply complete!");
    expect(deployed.code).toBe(0);
    const vpc = await observeVpc(emulator.endpoint, region, name);
    await expectSteps(stepsTo(["connector a-1", "connector b-1"]), 0);
    expect((await project.plan()).output).toContain("No changes.");

    const configuration = await deployedFunction(emulator, region, name);
    expect(configuration.CodeSha256).toBe(createHash("sha256").update(readFileSync(zip)).digest("base64"));
    expect(configuration).toMatchObject({ Runtime: "nodejs22.x", Architectures: ["arm64"], Handler: "index.handler", Timeout: 130 });
    const inConnectorSubnets = vpc.subnets.filter((subnet) => nameOf(subnet).startsWith(`${name}-connector-`)).map((s) => s.SubnetId);
    expect([...(configuration.VpcConfig?.SubnetIds ?? [])].sort()).toEqual(inConnectorSubnets.sort());

    const allowed = await allowedActions(configuration.Role?.split("/").at(-1) ?? "");
    const steered = vpc.routeTables.filter((table) => tiers.some((tier) => nameOf(table).startsWith(`${name}-${tier}-`)));
    expect(allowed["ec2:ReplaceRoute"]?.map((arn) => arn.split("/")[1]).sort()).toEqual(steered.map((t) => t.RouteTableId).sort());
    expect(Object.entries(allowed).flatMap(([action, resources]) => (resources.includes("*") ? [action] : []))).toEqual(
      expect.not.arrayContaining(["ec2:ReplaceRoute", "ssm:PutParameter", "ssm:GetParameter", "logs:PutLogEvents", "sqs:SendMessage"]),
    );

    servers.push(await listen(vpc, `${name}-connector-b-1`));
    run = runDeployed(emulator, region, configuration);
    await expectSteps(stepsTo(["connector b-1", "connector b-1"]), 60);
    expect((await project.plan()).output).toContain("No changes.");

    const ec2 = new EC2Client(clientConfiguration(account));
    await ec2.send(new StopInstancesCommand({ InstanceIds: vpc.instances.flatMap(({ InstanceId }) => InstanceId ?? []) }));
    ec2.destroy();
    servers.splice(0).forEach(endAnswering);
    await run.stop();
    run = runDeployed(emulator, region, configuration);
    const lost = Date.now();
    // Workloads are bypassed; queries for ZPA applications never are.
    const steps = stepsTo(
      [`available NAT gateway in ${region}a`, `available NAT gateway in ${region}b`],
      ["connector b-1", "connector b-1"],
    );
    await expectSteps(steps, 110);
    expect(Date.now() - lost).toBeGreaterThan(60_000);
    await expectSteps(steps, 0);
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
}, 900_000);
