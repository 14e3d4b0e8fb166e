import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressesOf, blocks, filesOf, found, read, root, type Stack, synthesizedBy } from "./pages";

const page = "docs/app-connectors.md";
const text = read(page);
const files = filesOf(page);
const folder = mkdtempSync(join(tmpdir(), "zscaler-app-connectors-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** The page's deployment of App Connectors, with the part that has this in it. */
const variantWith = (words: string): object =>
  files.map(({ deployments }) => deployments.apps ?? {}).find((each) => JSON.stringify(each).includes(words)) ?? {};

/** Runs the command `zscaler-aws`, and gives what it prints. */
const command = (...words: readonly string[]): string =>
  execFileSync(process.execPath, [join(root, "bin/zscaler-aws.js"), ...words], { cwd: folder, encoding: "utf8", stdio: "pipe" });

// What the page tells of: a fixed number, a group that enrolls by OAuth, and a key that is made.
const deployments = {
  apps: variantWith("addresses"),
  "apps-1": { ...variantWith("oauth"), fleet: { autoScaling: {} } },
  "apps-2": variantWith("keyInState"),
};
let stacks: readonly Stack[] = [];

beforeAll(() => {
  const file = join(folder, "zscaler.yaml");
  writeFileSync(file, JSON.stringify({ deployments }));
  const stack = synthesizedBy("main.ts", { ZSCALER_CONFIG: file });
  stacks = Object.keys(deployments).map((name) => stack(name) as Stack);
}, 60_000);

test("deployments in commands are those of the page", () => {
  const stated = [
    ...found(text, /npx cdktf (?:deploy|destroy|output)((?: [a-z]+)+)/g).flatMap((names) => names.trim().split(" ")),
    ...found(text, /(?:npx zscaler-aws (?:hcl|preflight) |stacks\/)([a-z]+)/g),
  ];
  const named = files.flatMap((file) => Object.keys(file.deployments));
  expect([...new Set(stated)].sort()).toEqual([...new Set(named)].sort());
});

test("outputs are there, and what they have of an App Connector", () => {
  const outputs = stacks.flatMap(({ output }) => Object.keys(output));
  const [appConnector = {}] = Object.values((stacks[0]?.output.app_connectors?.value ?? {}) as Readonly<Record<string, object>>);
  const [, section = ""] = /^## Outputs$(.*?)^## /ms.exec(text) ?? [];
  const told = [
    ...found(section, /`([a-z]+(?:_[a-z]+)+)`/g),
    ...found(text, /<([a-z]+(?:_[a-z]+)+)/g),
    ...found(text, /outputs? `([a-z_]+)`/g),
  ];
  expect(told.length).toBeGreaterThan(8);
  expect(told.filter((name) => ![...outputs, ...Object.keys(appConnector)].includes(name))).toEqual([]);
});

test("Terraform addresses in commands are there", () => {
  const told = found(text, /-(?:replace|target)=([\w.]+)/g);
  expect([...told].sort()).toEqual(["aws_instance.app_connectors_a_1", "aws_launch_template.app_connectors_group"]);
  expect(told.filter((address) => !stacks.flatMap(addressesOf).includes(address))).toEqual([]);
});

const made = (): string => JSON.stringify(stacks).replace(/apps-\d/g, "apps");

test("AWS names are those that are made", () => {
  const told = found(text, /(?<![\w/])apps-[a-z-]+[a-z](?!-?`? *begin)/g);
  expect(told).toContain("apps-app-connectors-removals-dead-letters");
  expect(told.filter((name) => !made().includes(`"${name}"`))).toEqual([]);
});

test("instances may write the parameters that the page names, and no others", () => {
  const [path = "none"] = found(text, /`(\/zscaler\/app-connectors\/apps)\/`/g);
  const written = Object.values(stacks[0]?.resource.aws_iam_role_policy ?? {})
    .map((policy) => JSON.stringify(policy))
    .filter((policy) => policy.includes("ssm:PutParameter"));
  expect(written).toHaveLength(1);
  const parameters = found(written.join(), /parameter(\/[^"\\]*)/g);
  expect(parameters.length).toBeGreaterThan(0);
  expect(parameters.filter((parameter) => !parameter.startsWith(`${path}/`))).toEqual([]);
});

test("each alarm is told of", () => {
  const [, section = ""] = /^## Operate it$(.*?)^## /ms.exec(text) ?? [];
  const told = found(section, /^\| (`.*?) \|/gm).flatMap((cell) => found(cell, /`([a-z0-9-]+)`/g));
  const names = stacks.flatMap(({ resource }) =>
    Object.values(resource.aws_cloudwatch_metric_alarm ?? {}).map((alarm) => (alarm as { alarm_name: string }).alarm_name),
  );
  const alarms = new Set(names.map((name) => name.replace(/^apps(-\d)?-app-connectors-/, "")));
  // Those of the fixed ones are told of by the first.
  alarms.delete("cpu-b-1");
  expect([...told].sort()).toEqual([...alarms].sort());
});

test("the refresh command begins as shown", () => {
  const [shown = "none"] = found(text, /^ *(aws autoscaling start-instance-refresh .*)$/gm);
  expect(made()).toContain(`"${shown} `);
});

test("the module's variables are given outputs of the other deployment's module", () => {
  const [call = ""] = blocks(page, "hcl");
  const [host] = files.filter(({ deployments: { egress } }) => egress !== undefined);
  const [config, out] = [join(folder, "host.yaml"), join(folder, "module")];
  writeFileSync(config, JSON.stringify(host));
  command("hcl", "apps", "--config", config, "--out", out);
  const variables = found(readFileSync(join(out, "variables.tf"), "utf8"), /^variable "(\w+)"/gm);
  const given = found(call, /^ +(\w+) += module\./gm);
  expect(given).toEqual(["network_id", "nat_gateways"]);
  expect(given.filter((name) => !variables.includes(name))).toEqual([]);
  const outputs = Object.keys(stacks[0]?.output ?? {});
  expect(found(call, /module\.egress\.(\w+)/g).filter((name) => !outputs.includes(name))).toEqual([]);
}, 60_000);

test("the sizing command answers with the table's number", () => {
  const [, words = ""] = /^npx zscaler-aws (size .*)$/m.exec(text) ?? [];
  const [, row = ""] = /^\| double encryption for 25 % .*\| (\d+) \|$/m.exec(text) ?? [];
  expect(command(...words.split(" "))).toContain(`${row} App Connectors on `);
}, 60_000);
