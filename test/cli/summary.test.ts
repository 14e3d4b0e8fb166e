import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { summarize } from "../../cli/summary";
import { readSynthesizedStack, type SynthesizedStack } from "../../cli/synthesized-stack";
import { HaStack } from "../../stacks/ha";
import { ZpaHaStack } from "../../stacks/zpa-ha";
import { ha, zpaHa } from "../stacks/samples";

const synthesized = (build: (app: App) => void): SynthesizedStack => {
  const outdir = mkdtempSync(join(tmpdir(), "summary-"));
  try {
    const app = new App({ outdir });
    build(app);
    app.synth();
    return readSynthesizedStack(outdir, "egress");
  } finally {
    rmSync(outdir, { recursive: true });
  }
};

const pinned = { partner: { destination: "203.0.113.0/24", connector: "b-1" } };

/** The lines below a title. */
const section = (text: string, title: string): readonly string[] =>
  (text.split("\n\n").find((part) => part.startsWith(title)) ?? "")
    .split("\n")
    .slice(1)
    .map((line) => line.trim());

describe("zpa-ha", () => {
  const stack = synthesized((app) => new ZpaHaStack(app, "egress", () => zpaHa({ failover: { pinned } })));

  test("shows where each tier's default route leads, not where a pinned destination does, in whatever order they are", () => {
    for (const resources of [stack.resources, [...stack.resources].reverse()]) {
      expect(section(summarize({ ...stack, resources }), "Zone a")).toEqual([
        "public     10.1.32.0/22    -> internet gateway",
        "connector  10.1.36.0/22    -> NAT gateway of zone a",
        "workload   10.1.0.0/19     -> connector a-1",
        "resolver   10.1.40.0/22    -> connector a-1",
      ]);
    }
  });

  test("shows what moves routes and who hears of it", () => {
    expect(section(summarize(stack), "Route failover")).toEqual([
      "function   egress-route-failover",
      "may move   6 routes",
      "alarms to  egress-route-failover",
    ]);
  });

  test("shows the endpoint and the domains that it forwards", () => {
    const deployed = new Map([["aws_route53_resolver_endpoint.zpa_dns", { id: "rslvr-out-0" }]]);
    expect(section(summarize(stack, deployed), "ZPA DNS")).toEqual(["endpoint  egress-zpa       rslvr-out-0", "crm       crm.example.com"]);
  });
});

test("a stack without DNS of ZPA does not speak of it, and a topic that exists is shown as it was named", () => {
  const arn = "arn:aws:sns:us-west-2:123456789012:alarms";
  const text = summarize(synthesized((app) => new HaStack(app, "egress", () => ha({ failover: { alarms: { topic: { arn } } } }))));
  expect(section(text, "Route failover")).toContain(`alarms to  ${arn}`);
  expect(text).not.toContain("ZPA");
});
