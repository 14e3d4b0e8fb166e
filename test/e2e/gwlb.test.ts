import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator";
import { ledToEndpoints, observeEndpoints, observePrincipals, observeTargets } from "./observed-balancer";
import { nameOf, observeVpc } from "./observed-vpc";
import { type Configuration, Project, type Ran } from "./project";
import { idsInRegion } from "./region";

const connectors = "connectors: { provisioningUrl: connector.zscaler.net/api/v1/provUrl?name=aws-prod, secret: ZS/CC/credentials }";

/** A hub and its spoke of another account, in one file. */
const hubAndSpoke = (region: string): string =>
  [
    "defaults:",
    `  region: ${region}`,
    "deployments:",
    "  shop:",
    "    template: spoke",
    "    network: { create: { cidr: 10.12.0.0/16, namespace: shop } }",
    "    endpointService: { deployment: hub }",
    "    zpa: true",
    "    ingress: { edgeRoutes: true }",
    "  hub:",
    "    template: gwlb",
    "    network: { create: { cidr: 10.11.0.0/16 } }",
    `    ${connectors}`,
    "    zpa: { domains: { crm: crm.example.com }, systemDomains: { zscaler_net: zscaler.net }, shareWith: ['210987654321'] }",
    "    failover: { pinned: { partner: { destination: 203.0.113.0/24, connector: b-2 } } }",
    "    endpointService: { allowedPrincipals: ['arn:aws:iam::210987654321:root'] }",
    "",
  ].join("\n");

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
}, 300_000);

afterAll(async () => {
  await emulator.stop();
  expect(emulator.complaints()).toBe("");
});

async function succeeds(running: Promise<Ran>): Promise<string> {
  const { code, output } = await running;
  if (code !== 0) throw new Error(output);
  return output;
}

async function expectNoChanges(configuration: Pick<Configuration, "plan">): Promise<void> {
  const { code, output } = await configuration.plan();
  expect(output).toContain("No changes.");
  expect(code).toBe(0);
}

/** What leads where in the hub's VPC and in the spoke's. */
async function expectWays(region: string): Promise<void> {
  const { endpoint } = emulator;
  const [hub, shop] = await Promise.all([observeVpc(endpoint, region, "hub"), observeVpc(endpoint, region, "shop")]);
  const [hubEndpoints, shopEndpoints] = await Promise.all([
    observeEndpoints(endpoint, region, hub),
    observeEndpoints(endpoint, region, shop),
  ]);
  const zones = ["a", "b"];
  const led = (name: string, tiers: readonly string[]) =>
    Object.fromEntries(tiers.flatMap((tier) => zones.map((zone) => [`${name}-${tier}-${zone}`, `${region}${zone}`])));
  expect(ledToEndpoints(hub, hubEndpoints)).toEqual(led("hub", ["resolver", "workload"]));
  expect(ledToEndpoints(shop, shopEndpoints)).toEqual(led("shop", ["workload"]));

  const services = new Set([...hubEndpoints, ...shopEndpoints].map(({ serviceName }) => serviceName));
  expect(services.size).toBe(1);
  const [service = ""] = services;
  expect(await observePrincipals(endpoint, region, service)).toEqual(["arn:aws:iam::123456789012:root", "arn:aws:iam::210987654321:root"]);

  const connectors = hub.instances.filter((instance) => nameOf(instance).startsWith("hub-connector-"));
  expect(connectors.map(nameOf).sort()).toEqual(["a-1", "a-2", "b-1", "b-2"].map((key) => `hub-connector-${key}`));
  const services0 = hub.interfaces.filter(({ Attachment, SourceDestCheck }) => Attachment?.DeviceIndex === 0 && SourceDestCheck === false);
  const { targetType, targets } = await observeTargets(endpoint, region, "hub-ip");
  expect(targetType).toBe("ip");
  expect(targets).toEqual(services0.map(({ PrivateIpAddress }) => PrivateIpAddress).sort());
  expect(targets).toHaveLength(4);

  const pinned = hub.routeTables.flatMap(({ Routes = [] }) =>
    Routes.filter(({ DestinationCidrBlock }) => DestinationCidrBlock === "203.0.113.0/24"),
  );
  const home = services0.find(
    ({ Attachment }) => Attachment?.InstanceId === connectors.find((each) => nameOf(each) === "hub-connector-b-2")?.InstanceId,
  );
  expect(pinned.map(({ NetworkInterfaceId }) => NetworkInterfaceId)).toEqual([home?.NetworkInterfaceId, home?.NetworkInterfaceId]);
}

test.concurrent(
  "a hub and its spoke, deployed by cdktf: every route leads to the endpoint of its zone, a second plan is empty, and nothing is left",
  async () => {
    const region = "eu-west-1";
    const before = await idsInRegion(emulator.endpoint, region);
    const project = await Project.create(emulator, "hub", region, hubAndSpoke(region));
    try {
      await succeeds(project.deployByCdktf("hub", "shop"));
      await expectWays(region);
      for (const name of ["hub", "shop"]) await expectNoChanges(project.configuration(join("cdktf.out/stacks", name)));
      await succeeds(project.destroyByCdktf("hub", "shop"));
      expect(await idsInRegion(emulator.endpoint, region)).toEqual(before);
    } finally {
      rmSync(project.folder, { recursive: true, force: true });
    }
  },
  600_000,
);

const moduleCalls = (region: string): string => `provider "aws" {
  region = "${region}"
}

module "hub" {
  source = "./hub"
  region = "${region}"
}

module "shop" {
  source                = "./shop"
  region                = "${region}"
  endpoint_service_name = module.hub.endpoint_service_name
  resolver_rules        = module.hub.resolver_rule_ids
}
`;

test.concurrent(
  "the modules of a hub and its spoke, called by one configuration, make the same, and leave nothing",
  async () => {
    const region = "eu-central-1";
    const before = await idsInRegion(emulator.endpoint, region);
    const project = await Project.create(emulator, "hub", region, hubAndSpoke(region));
    try {
      await project.writeHcl("hub");
      await project.writeHclOf("shop", "shop");
      writeFileSync(join(project.folder, "main.tf"), moduleCalls(region));
      const caller = project.configuration(".");
      await succeeds(caller.run("init", "-input=false", "-no-color"));
      await succeeds(caller.run("apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=30"));
      await expectWays(region);
      await expectNoChanges(caller);
      await succeeds(caller.run("apply", "-destroy", "-auto-approve", "-input=false", "-no-color", "-parallelism=30"));
      expect(await idsInRegion(emulator.endpoint, region)).toEqual(before);
    } finally {
      rmSync(project.folder, { recursive: true, force: true });
    }
  },
  600_000,
);

const scaled = (region: string, hookSeconds: number): string =>
  [
    "deployments:",
    "  fleet:",
    "    template: gwlb",
    `    region: ${region}`,
    "    network: { create: { cidr: 10.13.0.0/16 } }",
    "    endpointTier: separate",
    `    fleet: { autoScaling: { min: 2, max: 4, terminateHookSeconds: ${hookSeconds}, notifications: { create: {} }, warmPool: {} } }`,
    `    ${connectors}`,
    "    tags: { Owner: netsec }",
    "",
  ].join("\n");

interface Change {
  readonly address: string;
  readonly change: { readonly actions: readonly string[] };
}

/** What a plan would do, by address. */
async function planned(configuration: Configuration): Promise<Readonly<Record<string, readonly string[]>>> {
  await succeeds(configuration.run("plan", "-input=false", "-no-color", "-out=plan"));
  const { resource_changes } = JSON.parse(await succeeds(configuration.run("show", "-json", "plan"))) as {
    readonly resource_changes: readonly Change[];
  };
  const changes = resource_changes.filter(({ change }) => change.actions.some((action) => action !== "no-op" && action !== "read"));
  return Object.fromEntries(changes.map(({ address, change }) => [address, change.actions]));
}

test.concurrent(
  "an Auto Scaling group: its instances are targets, a hook's new time replaces nothing, and the root configuration in HCL takes it on",
  async () => {
    const region = "us-east-2";
    const before = await idsInRegion(emulator.endpoint, region);
    const project = await Project.create(emulator, "fleet", region, scaled(region, 900));
    try {
      await succeeds(project.deploy());
      const vpc = await observeVpc(emulator.endpoint, region, "fleet");
      const instances = vpc.instances.filter((instance) => nameOf(instance) === "fleet-connector");
      expect(instances).toHaveLength(2);
      expect(new Set(instances.map(({ Placement }) => Placement?.AvailabilityZone))).toEqual(new Set([`${region}a`, `${region}b`]));
      for (const { Tags = [] } of instances) expect(Tags).toContainEqual({ Key: "Owner", Value: "netsec" });
      expect(await observeTargets(emulator.endpoint, region, "fleet-id")).toEqual({
        targetType: "instance",
        targets: instances.map(({ InstanceId }) => InstanceId).sort(),
      });
      const zones = ["a", "b"];
      expect(ledToEndpoints(vpc, await observeEndpoints(emulator.endpoint, region, vpc))).toEqual(
        Object.fromEntries(zones.map((zone) => [`fleet-workload-${zone}`, `${region}${zone}`])),
      );
      await expectNoChanges(project);

      const written = await project.writeHcl("terraform", "--as", "root");
      await succeeds(written.run("init", "-input=false", "-no-color"));
      await expectNoChanges(written);

      writeFileSync(project.configFile, scaled(region, 1200));
      await project.writeHcl("terraform", "--as", "root");
      expect(await planned(written)).toEqual({
        "aws_autoscaling_lifecycle_hook.connectors_all_terminate": ["update"],
        "aws_cloudwatch_event_target.connectors_fleet_terminated": ["update"],
        "aws_cloudwatch_event_target.connectors_fleet_terminating": ["update"],
        "aws_lambda_function_event_invoke_config.connectors_fleet": ["update"],
      });
      await succeeds(written.run("apply", "-destroy", "-auto-approve", "-input=false", "-no-color", "-parallelism=30"));
      expect(await idsInRegion(emulator.endpoint, region)).toEqual(before);
    } finally {
      rmSync(project.folder, { recursive: true, force: true });
    }
  },
  600_000,
);
