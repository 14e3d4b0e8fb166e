import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { alignColumns } from "../cli/table";

const root = join(__dirname, "..");
const runs = 5;

interface Measure {
  readonly seconds: number;
  readonly mebibytes: number;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** The medians of five runs of a command as a whole process, after one that is not counted. */
function measure(command: readonly string[], options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv }): Measure {
  const once = (): Measure => {
    const printed = execFileSync("python3", [join(root, "bench/measure.py"), ...command], {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      encoding: "utf8",
    });
    const { exit, ...measured } = JSON.parse(printed) as Measure & { readonly exit: number };
    if (exit !== 0) throw new Error(`${command.join(" ")} ended with ${exit}`);
    return measured;
  };
  once();
  const measured = Array.from({ length: runs }, once);
  return { seconds: median(measured.map(({ seconds }) => seconds)), mebibytes: median(measured.map(({ mebibytes }) => mebibytes)) };
}

const deployment = (name: string, zones: string, template = "base"): string => `  ${name}:
    template: ${template}
    region: us-west-2
    zones: ${zones}
    network: { create: { cidr: 10.1.0.0/16 } }
    connectors:
      provisioningUrl: connector.zscaler.net/api/v1/provUrl?name=aws-prod
      secret: ZS/CC/credentials
    testHosts: {}
${template === "zpa-ha" ? "    zpa: { domains: { crm: crm.example.com } }\n" : ""}`;

const file = (count: number, zones: string): string =>
  `deployments:\n${Array.from({ length: count }, (_, index) => deployment(`egress-${index}`, zones)).join("")}`;

const hub = (fleet: string): string => `${deployment("hub", "[a, b]", "gwlb")}    fleet: ${fleet}\n`;

const spoke = (name: string): string => `  ${name}:
    template: spoke
    region: us-west-2
    zones: [a, b]
    network: { create: { cidr: 10.2.0.0/16 } }
    endpointService: { deployment: hub }
`;

const hubAndSpokes = (count: number): string =>
  `deployments:\n${hub("{ autoScaling: {} }")}${Array.from({ length: count }, (_, index) => spoke(`spoke-${index}`)).join("")}`;

const appConnectors = (fleet: string): string => `deployments:
  apps:
    template: app-connectors
    region: us-west-2
    zones: [a, b]
    network: { create: { cidr: 10.1.0.0/16 } }
    appConnectors:
      enrollment: { key: { secretsManager: { secret: ZS/AC/provisioning-key } } }
      applications: { ranges: { crm: { range: 10.20.0.0/16, tcp: [443] } } }
    fleet: ${fleet}
    portal: { vanityDomain: acme, customerId: "72058304855015424", secret: ZS/ZPA/api }
`;

const folder = mkdtempSync(join(tmpdir(), "zscaler-bench-"));
try {
  const synthesis = (name: string, text?: string): Measure => {
    const config = text === undefined ? join(root, "examples/starter/zscaler.yaml") : join(folder, `${name}.yaml`);
    if (text !== undefined) writeFileSync(config, text);
    return measure(["node", "--max-semi-space-size=2", "-r", "ts-node/register", "main.ts"], {
      cwd: root,
      env: { ZSCALER_CONFIG: config, CDKTF_OUTDIR: join(folder, name) },
    });
  };
  const peer = measure(["npx", "ts-node", "main.ts"], { cwd: join(root, "bench/peer"), env: { CDKTF_OUTDIR: join(folder, "peer") } });
  const everything = join(folder, "zpa-ha.yaml");
  const hcl = (): Measure =>
    measure(["node", "bin/zscaler-aws.js", "hcl", "egress", "--config", everything, "--out", join(folder, "hcl")], { cwd: root });
  const results: [string, Measure][] = [
    ["cdktf init's own way, 3 resources (peer)", peer],
    ["starter", synthesis("starter")],
    ["base in three zones", synthesis("three", file(1, "[a, b, c]"))],
    ["zpa-ha in two zones", synthesis("zpa-ha", `deployments:\n${deployment("egress", "[a, b]", "zpa-ha")}`)],
    ["zpa-ha in two zones, as HCL", hcl()],
    ["gwlb in two zones, fixed", synthesis("gwlb", `deployments:\n${hub("{ fixed: {} }")}`)],
    ["gwlb in two zones, Auto Scaling", synthesis("gwlb-auto-scaling", `deployments:\n${hub("{ autoScaling: {} }")}`)],
    ["app-connectors in two zones, fixed", synthesis("app-connectors", appConnectors("{ fixed: {} }"))],
    ["app-connectors in two zones, Auto Scaling", synthesis("app-connectors-auto-scaling", appConnectors("{ autoScaling: {} }"))],
    ["1 hub and 100 spokes", synthesis("spokes", hubAndSpokes(100))],
    ...[25, 50, 100].map((count): [string, Measure] => [`${count} deployments`, synthesis(`many-${count}`, file(count, "[a]"))]),
  ];
  const stack = join(folder, "starter/stacks/egress");
  const ready = spawnSync("terraform", ["init", "-backend=false", "-input=false"], { cwd: stack }).status === 0;
  if (ready) results.push(["terraform validate of the starter", measure(["terraform", "validate"], { cwd: stack })]);
  else console.log("left out: terraform validate (terraform or the AWS provider is not to be had)\n");

  const row = ([name, { seconds, mebibytes }]: [string, Measure]) => [
    name,
    `${seconds.toFixed(2)} s`,
    `${(seconds / peer.seconds).toFixed(2)} of the peer`,
    `${mebibytes.toFixed(0)} MiB`,
    `${(mebibytes / peer.mebibytes).toFixed(2)} of the peer`,
  ];
  console.log(
    `Whole processes, medians of ${runs} runs; targets: starter 0.35 and 0.85 of the peer, 100 deployments 5 s, hub and 100 spokes 3 s, HCL twice its synthesis\n`,
  );
  console.log(alignColumns(results.map(row)).join("\n"));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
