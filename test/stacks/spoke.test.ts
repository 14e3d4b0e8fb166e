import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { type Deployment } from "../../config/deployment";
import { synthesize as synthesizeAll } from "../../stacks";
import { GwlbStack } from "../../stacks/gwlb";
import { SpokeStack } from "../../stacks/spoke";
import { madeBefore, reference } from "./graph";
import { gwlb, spoke, spokeSamples } from "./samples";
import { asText, type Block, synthesize, synthesizeApp, type SynthesizedStack } from "./synthesize";

const addressesOf = (stack: SynthesizedStack, type: string, id = ""): readonly string[] =>
  Object.keys(stack.ofType(type)).filter((address) => address.startsWith(`${type}.${id}`));

const hubSettings = gwlb({ zpa: { domains: { crm: "crm.example.com" } } });
const spokeSettings = spoke({ endpointService: { deployment: "hub" }, zpa: true });

describe.each(Object.entries(spokeSamples).map(([name, settings]) => ({ name, stack: synthesize(settings) })))("$name", ({ stack }) => {
  test("each table is led to the endpoint of its own zone", () => {
    const routes = addressesOf(stack, "aws_route", "steering_");
    expect(routes.length).toBeGreaterThan(0);
    for (const route of routes) {
      const zone = /steering_([^_]+)_/.exec(route)?.[1] ?? "";
      const { vpc_endpoint_id } = stack.at(route);
      // One that is restored leads to what it led to before.
      if (!asText(vpc_endpoint_id).includes("terraform_data."))
        expect(reference(vpc_endpoint_id)).toBe(`aws_vpc_endpoint.endpoints_${zone}`);
    }
  });

  test("there are no connectors and no NAT gateways", () => {
    for (const type of ["aws_nat_gateway", "aws_lb", "aws_autoscaling_group"]) expect(stack.ofType(type)).toEqual({});
    expect(addressesOf(stack, "aws_instance", "connectors")).toEqual([]);
  });
});

test("zones that are given by their ids are looked up", () => {
  const stack = synthesize(spokeSamples["spoke-everything"]);
  expect(stack.at("data.aws_availability_zone.zone_az1")).toEqual({ zone_id: "usw2-az1" });
  expect(stack.at("aws_subnet.network_az1_workload")["availability_zone"]).toBe("${data.aws_availability_zone.zone_az1.name}");
});

test("traffic from the internet passes the endpoints only where that is asked for", () => {
  expect(synthesize(spokeSamples.spoke).ofType("aws_route_table_association")).not.toHaveProperty("aws_route_table_association.edge");
  const stack = synthesize(spokeSamples["spoke-everything"]);
  expect(stack.at("aws_route_table_association.edge")["gateway_id"]).toBe("${aws_internet_gateway.network.id}");
  for (const zone of ["az1", "az3"]) {
    expect(stack.at(`aws_route.edge_inward_${zone}`)).toMatchObject({
      route_table_id: "${aws_route_table.edge.id}",
      destination_cidr_block: stack.at(`aws_subnet.network_${zone}_workload`)["cidr_block"],
      vpc_endpoint_id: `\${aws_vpc_endpoint.endpoints_${zone}.id}`,
    });
    expect(stack.at(`aws_route.edge_outward_${zone}`)["route_table_id"]).toBe(`\${aws_route_table.network_${zone}_endpoint.id}`);
  }
});

describe("a spoke of a hub in the same app", () => {
  let after: readonly string[] = [];
  const stack = synthesizeApp((app) => {
    new GwlbStack(app, "hub", () => hubSettings);
    const spoke = new SpokeStack(app, "shop", () => spokeSettings);
    after = spoke.dependencies.map(({ node }) => node.id);
  });

  test("reads the hub's outputs from its state, and is deployed after it", () => {
    expect(after).toEqual(["hub"]);
    const { config } = stack("shop").at("data.terraform_remote_state.hub");
    const backend = (stack("hub").file.terraform as { readonly backend: { readonly local: Block } }).backend.local;
    expect(config).toEqual(backend);
    const service = "${data.terraform_remote_state.hub.outputs.endpoint_service_name}";
    expect(stack("hub").outputs["endpoint_service_name"]).toBe("${aws_vpc_endpoint_service.balancer.service_name}");
    for (const zone of ["a", "b"]) expect(stack("shop").at(`aws_vpc_endpoint.endpoints_${zone}`)["service_name"]).toBe(service);
  });

  test("has no output of the hub's that cdktf made by itself", () => {
    for (const name of ["hub", "shop"]) expect(stack(name).text).not.toMatch(/cross-stack|TfToken/);
    expect(Object.keys(stack("hub").outputs)).toEqual(Object.keys(synthesize(hubSettings, "hub").outputs));
  });

  test("associates the hub's rules of both kinds, once its routes are there", () => {
    const rules = Object.keys(stack("hub").outputs["resolver_rule_ids"] as Block);
    expect(rules.length).toBeGreaterThan(10);
    const associations = addressesOf(stack("shop"), "aws_route53_resolver_rule_association");
    expect(associations).toEqual(rules.map((rule) => `aws_route53_resolver_rule_association.zpa_dns_${rule}`));
    for (const association of associations) {
      const rule = association.replace("aws_route53_resolver_rule_association.zpa_dns_", "");
      expect(stack("shop").at(association)["resolver_rule_id"]).toBe(
        `\${data.terraform_remote_state.hub.outputs.resolver_rule_ids.${rule}}`,
      );
      for (const route of addressesOf(stack("shop"), "aws_route", "steering_"))
        expect(madeBefore(stack("shop"), association)).toContain(route);
    }
  });
});

test("a spoke of a state in S3 reads it there", () => {
  const s3 = { bucket: "states", region: "us-east-1" };
  const stack = synthesizeApp((app) => {
    new GwlbStack(app, "hub", () => ({ ...hubSettings, backend: { s3 } }));
    new SpokeStack(app, "shop", () => spokeSettings);
  })("shop");
  expect(stack.at("data.terraform_remote_state.hub")).toMatchObject({
    backend: "s3",
    config: { bucket: "states", key: "hub.tfstate", region: "us-east-1", encrypt: true },
  });
});

test("a spoke whose hub is not in its app says so", () => {
  expect(() => synthesize(spokeSettings)).toThrow("egress.endpointService.deployment: the app has no GwlbStack hub yet: make it first");
});

test("a hub is made before its spokes, wherever the file has it", () => {
  const outdir = mkdtempSync(join(tmpdir(), "spokes-"));
  try {
    const named = (name: string, deployment: object) => ({ name, deployment: deployment as Deployment });
    synthesizeAll(new App({ outdir }), [named("shop", spokeSettings), named("hub", hubSettings)]);
    const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
      readonly stacks: Readonly<Record<string, { readonly dependencies: readonly string[] }>>;
    };
    expect(stacks["shop"]?.dependencies).toEqual(["hub"]);
  } finally {
    rmSync(outdir, { recursive: true });
  }
});
