import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, loadConfig } from "../../config";
import { appConnectors, base, network, spoke, zpaHa } from "../stacks/samples";

type Overrides = Parameters<typeof appConnectors>[0];

const written = (a: string, b: string) => ({ subnets: { ranges: { a: { connector: a }, b: { connector: b } } } });

/** What is wrong in a file with App Connectors in the VPC of `egress`, each as `path: problem`, and how it is to be mended. */
function findingsOf(egress: object | undefined, guest: Overrides = {}) {
  const folder = mkdtempSync(join(tmpdir(), "hosts-"));
  const apps = appConnectors({ network: { deployment: "egress" }, ...written("10.1.146.0/24", "10.1.147.0/24"), ...guest });
  try {
    const file = join(folder, "zscaler.yaml");
    writeFileSync(file, JSON.stringify({ deployments: { ...(egress === undefined ? {} : { egress }), apps } }));
    loadConfig(file);
    return { problems: [], fixes: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return {
      problems: error.problems.map(({ path, problem }) => `${path.replace("deployments.", "")}: ${problem}`),
      fixes: error.problems.map(({ fix }) => fix),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const zones = ["a", "b"];
const existing = { id: "vpc-0123456789abcdef0", cidr: "10.1.0.0/16", internetGateway: { create: {} }, taken: ["10.1.160.0/19"] };
const gateways = { a: "nat-0123456789abcdef0", b: "nat-0123456789abcdef0" };

test.each([
  ["has no connectors", network({ zones }), {}],
  ["has connectors", base({ zones }), {}],
  ["has one gateway for all zones", base({ zones, nat: { single: { zone: "a" } } }), {}],
  ["stands in a VPC that exists", base({ zones, network: { existing } }), {}],
  ["has gateways that exist", base({ zones, network: { existing }, nat: { existing: { gateways } } }), {}],
  ["forwards queries, past which theirs go", zpaHa(), { appConnectors: { dns: { servers: ["10.9.0.2"] } } }],
  ["has no gateways, of which they need none", spoke({ network: { create: { cidr: "10.1.0.0/16" } } }), { nat: { none: {} } }],
] satisfies readonly (readonly [string, object, Overrides])[])(
  "App Connectors may stand in the VPC of a deployment that %s",
  (_, egress, guest) => {
    expect(findingsOf(egress, guest).problems).toEqual([]);
  },
);

test.each([
  ["of no such deployment", undefined, {}, "apps.network.deployment: the file has no deployment egress"],
  ["of other App Connectors", appConnectors(), {}, "apps.network.deployment: egress is a deployment of App Connectors itself"],
  [
    "in another region",
    base({ zones, region: "eu-west-1" }),
    {},
    "apps.network.deployment: egress stands in eu-west-1, and apps in us-west-2",
  ],
  [
    "of another account",
    base({ zones, provider: { allowedAccountIds: ["111111111111"] } }),
    { provider: { allowedAccountIds: ["222222222222"] } },
    "apps.network.deployment: egress is of another account, or one that is not known",
  ],
  [
    "whose queries go to ZPA",
    zpaHa(),
    {},
    "apps.network.deployment: the VPC of egress forwards DNS queries for ZPA applications to ZPA, which the App Connectors would ask for the applications that they serve",
  ],
  ["without a gateway in a zone", base({ zones: ["a"] }), {}, "apps.zones: egress has no NAT gateway that serves zone b"],
  [
    "with gateways of their own",
    base({ zones }),
    { nat: { single: { zone: "a" } } },
    "apps.nat: NAT gateways would be made in the VPC of egress",
  ],
  [
    "with a range that is used",
    base({ zones }),
    written("10.1.0.0/24", "10.1.147.0/24"),
    "apps.subnets.ranges.a.connector: 10.1.0.0/24 overlaps 10.1.0.0/19, the workload subnet of zone a of egress",
  ],
  [
    "with a range that others use",
    base({ zones, network: { existing } }),
    written("10.1.160.0/24", "10.1.147.0/24"),
    "apps.subnets.ranges.a.connector: 10.1.160.0/24 overlaps 10.1.160.0/19, the range that others use in the VPC of egress",
  ],
  [
    "with a range outside it",
    base({ zones }),
    written("10.9.0.0/24", "10.1.147.0/24"),
    "apps.subnets.ranges.a.connector: 10.9.0.0/24 lies outside the VPC",
  ],
] satisfies readonly (readonly [string, object | undefined, Overrides, string])[])(
  "App Connectors may not stand in a VPC %s",
  (_, egress, guest, problem) => {
    expect(findingsOf(egress, guest).problems).toEqual([problem]);
  },
);

test("a range that nobody has written is proposed, and it is free", () => {
  const { problems, fixes } = findingsOf(base({ zones }), { subnets: {} });
  expect(problems).toHaveLength(2);
  const [a = "", b = ""] = fixes.map((fix) => /such as (\S+)$/.exec(fix)?.[1]);
  expect(findingsOf(base({ zones }), written(a, b)).problems).toEqual([]);
});
