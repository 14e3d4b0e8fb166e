import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressesOf, blocks, filesOf, found, read, type Stack, synthesizedBy } from "./pages";

const [shown = { deployments: {} }] = filesOf("docs/spoke.md");
const { hub = {}, ...spokes } = shown.deployments as Readonly<Record<string, object>>;

// What the pages tell of: fixed connectors, one Auto Scaling group and one in each zone, and private applications.
const fleets = { hub: { fixed: {} }, "hub-1": { autoScaling: {} }, "hub-2": { autoScaling: { groups: "perZone" } } };
let stacks: readonly Stack[] = [];

beforeAll(() => {
  const file = join(mkdtempSync(join(tmpdir(), "zscaler-names-")), "zscaler.yaml");
  const zpa = { domains: { crm: "crm.example.com" } };
  const hubs = Object.fromEntries(Object.entries(fleets).map(([name, fleet]) => [name, { ...hub, fleet, zpa }]));
  writeFileSync(file, JSON.stringify({ deployments: { ...hubs, ...spokes } }));
  const stack = synthesizedBy("main.ts", { ZSCALER_CONFIG: file });
  stacks = Object.keys({ ...hubs, ...spokes }).map((name) => stack(name) as Stack);
}, 60_000);

const addresses = (): readonly string[] => stacks.flatMap(addressesOf);

describe.each(["docs/gwlb.md", "docs/fleet.md", "docs/spoke.md"])("%s names what is there:", (page) => {
  const text = read(page);

  test("deployments in commands", () => {
    const stated = [
      ...found(text, /npx cdktf (?:deploy|destroy|output)((?: [a-z]+)+)/g).flatMap((names) => names.trim().split(" ")),
      ...found(text, /(?:npx zscaler-aws (?:hcl|preflight) |stacks\/)([a-z]+)/g),
    ];
    expect(stated).not.toEqual([]);
    expect(stated.filter((name) => !(name in shown.deployments))).toEqual([]);
  });

  test("outputs, and what they have of a connector", () => {
    const outputs = stacks.flatMap(({ output }) => Object.keys(output));
    const [connector = {}] = Object.values((stacks[0]?.output.connectors?.value ?? {}) as Readonly<Record<string, object>>);
    const [, section = ""] = /^## Outputs$(.*?)^## /ms.exec(text) ?? [];
    const told = [
      ...found(section, /`([a-z]+(?:_[a-z]+)+|connectors)`/g),
      ...found(text, /<([a-z]+(?:_[a-z]+)+)/g),
      ...found(text, /outputs? `([a-z_]+)`/g),
    ];
    expect(told).not.toEqual([]);
    expect(told.filter((name) => ![...outputs, ...Object.keys(connector)].includes(name))).toEqual([]);
  });

  test("Terraform addresses", () => {
    const told = [
      ...found(text, /-(?:replace|target)=([\w.]+)/g),
      ...found(text, /\(`(connectors_[a-z]+)`/g).map((id) => `aws_launch_template.${id}`),
    ];
    expect(told.filter((address) => !addresses().includes(address))).toEqual([]);
  });

  test("AWS names", () => {
    const made = JSON.stringify(stacks).replace(/hub-\d/g, "hub");
    const told = found(text, /(?<![\w/])(?:\/aws\/lambda\/)?hub-[a-z-]+[a-z](?:\.fifo)?/g);
    expect(told.filter((name) => !made.includes(`"${name}"`))).toEqual([]);
  });
});

test("docs/fleet.md tells of each alarm", () => {
  const [, section = ""] = /^## When an alarm rings$(.*?)^## /ms.exec(read("docs/fleet.md")) ?? [];
  const told = found(section, /^\| (`.*?`) \|/gm).flatMap((cell) => cell.replaceAll("`", "").split(", "));
  const alarms = Object.keys(stacks[1]?.resource.aws_cloudwatch_metric_alarm ?? {}).map((id) => id.replace("connectors_fleet_alarms_", ""));
  expect([...told].sort()).toEqual(alarms.map((id) => id.replaceAll("_", "-")).sort());
});

test("docs/fleet.md has the beginning of the refresh command", () => {
  const commands = JSON.stringify(stacks[1]?.output.instance_refresh_commands).replace(/hub-\d/g, "hub");
  const [command = "none"] = found(read("docs/fleet.md"), /^ *(aws autoscaling start-instance-refresh .*)$/gm);
  expect(commands).toContain(command);
});

test("docs/spoke.md gives the module's variables the hub's outputs", () => {
  const [call = ""] = blocks("docs/spoke.md", "hcl");
  const given = found(call, /module\.hub\.(\w+)/g);
  expect(given).toEqual(["endpoint_service_name", "resolver_rule_ids"]);
  expect(given.filter((name) => !(name in (stacks[0]?.output ?? {})))).toEqual([]);
});
