import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AppConnectorsSettings } from "../../../config/app-connectors";
import { type BaseSettings } from "../../../config/base";
import { type GwlbSettings } from "../../../config/gwlb";
import { type HaSettings } from "../../../config/ha";
import { type NetworkSettings } from "../../../config/network";
import { type SpokeSettings } from "../../../config/spoke";
import { loadConfig, type LoadedDeployment } from "../../../config";
import { type ZpaSettings } from "../../../config/zpa";
import { type ZpaHaSettings } from "../../../config/zpa-ha";
import { type ModuleFiles, moduleFiles, type ModuleProps } from "../../../hcl";
import { allSamples, base, zpa, zpaHa } from "../../stacks/samples";

export type Settings =
  BaseSettings | ZpaSettings | HaSettings | ZpaHaSettings | NetworkSettings | GwlbSettings | SpokeSettings | AppConnectorsSettings;

/** Deployments of every template and every shape, as a file gives them. */
export const moduleSamples: Readonly<Record<string, Settings>> = {
  ...allSamples,
  "local-zones": zpaHa({
    zones: ["a", "us-west-2b", "us-west-2-lax-1a"],
    nat: { perZone: { allocations: { "lax-1a": "eipalloc-01234567" } } },
  }),
  "one-nat": base({ zones: ["a", "b"], nat: { single: { zone: "a", allocation: "eipalloc-01234567" } } }),
  "no-nat": base({ zones: ["a", "b"], nat: { none: {} } }),
  "ipv6-only": base({ connectors: { sourceRanges: { six: "2001:db8::/32" } } }),
  "written-ranges": base({
    zones: ["a", "b"],
    network: { create: { cidr: "10.1.0.0/22", secondaryCidrs: { more: "100.64.0.0/16" } } },
    subnets: { ranges: { a: { workload: "100.64.0.0/20" }, b: { connector: "10.1.3.0/28" } } },
  }),
  hyphens: zpa({ zpa: { domains: { "crm-2": "crm.example.com" } }, connectors: { sourceRanges: { "branch-1": "10.2.0.0/16" } } }),
  templates: base({
    network: { create: { cidr: "10.1.0.0/16", namespace: 'a ${b} %{c} $${d} "e" \\' } },
    connectors: { ssh: { keyName: "${key}", allowFrom: {} } },
  }),
};

/** A deployment as a file with these settings gives it. */
export function loaded(settings: Settings, name = "egress"): LoadedDeployment {
  const folder = mkdtempSync(join(tmpdir(), "module-sample-"));
  try {
    const file = join(folder, "zscaler.yaml");
    writeFileSync(file, JSON.stringify({ deployments: { [name]: settings } }));
    const [deployment] = loadConfig(file);
    if (!deployment) throw new Error("no deployment");
    return deployment;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The files of a deployment's module. */
export const filesOf = (settings: Settings, props: Partial<ModuleProps> = {}): ModuleFiles =>
  moduleFiles({ ...loaded(settings), kind: "module", folder: "/modules/egress", command: "npx zscaler-aws hcl egress", ...props });

/** The files of a module's own configuration, without those of its example. */
export const terraformFiles = (files: ModuleFiles): readonly (readonly [string, string])[] =>
  Object.entries(files).flatMap(([path, content]) => (/^[^/]+\.tf$/.test(path) ? [[path, String(content)] as const] : []));
