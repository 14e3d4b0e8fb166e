import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfigError, loadConfig, type LoadedDeployment } from "../../config";
import { type GwlbSettings } from "../../config/gwlb";
import { type SpokeSettings } from "../../config/spoke";
import { gwlb, spoke } from "../stacks/samples";

type File = Readonly<Record<string, GwlbSettings | SpokeSettings>>;

function load(deployments: File): readonly LoadedDeployment[] {
  const folder = mkdtempSync(join(tmpdir(), "hubs-"));
  try {
    const file = join(folder, "zscaler.yaml");
    writeFileSync(file, JSON.stringify({ deployments }));
    return loadConfig(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is wrong, each as `path: problem`. */
function problemsOf(deployments: File): readonly string[] {
  try {
    load(deployments);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, problem }) => `${path.replace("deployments.", "")}: ${problem}`);
  }
}

const hubOf = (deployments: File) => {
  const hub = load(deployments).find(({ name }) => name === "hub")?.deployment;
  if (hub?.template !== "gwlb") throw new Error("no hub");
  return hub;
};

const ofHub = (overrides: Parameters<typeof spoke>[0] = {}) => spoke({ endpointService: { deployment: "hub" }, ...overrides });
const account = (...allowedAccountIds: readonly string[]) => ({ provider: { allowedAccountIds } });
const zpa = { zpa: { domains: { crm: "crm.example.com" } } };
const role = { provider: { assumeRole: { roleArn: "arn:aws:iam::333333333333:role/network/deployer" } } };

describe("a loaded spoke", () => {
  test("has the hub of its file beside it, as it is loaded itself", () => {
    const [app, hub] = load({ app: ofHub(account("222222222222")), hub: gwlb() });
    expect(app?.hub?.name).toBe("hub");
    expect(app?.hub?.deployment).toBe(hub?.deployment);
    expect(hub).not.toHaveProperty("hub");
    expect(hub?.deployment.backend.local?.path).toMatch(/zscaler\.hub\.tfstate$/);
  });

  test("of a hub elsewhere has none", () => {
    const [app] = load({ app: spoke(), hub: gwlb() });
    expect(app).not.toHaveProperty("hub");
  });
});

describe("a hub lets in the accounts of its spokes", () => {
  const principals = (deployments: File) => hubOf(deployments).endpointService.allowedPrincipals;

  test("each once, after those that are given, and not its own", () => {
    const given = ["arn:aws:iam::999999999999:role/other", "arn:aws:iam::333333333333:root"];
    const deployments = {
      hub: gwlb({ ...account("111111111111"), endpointService: { allowedPrincipals: given } }),
      own: ofHub(),
      same: ofHub(account("111111111111")),
      two: ofHub(account("222222222222")),
      two2: ofHub(account("222222222222")),
      role: ofHub(role),
      elsewhere: spoke(account("444444444444")),
    };
    expect(principals(deployments)).toEqual([...given, "arn:aws:iam::222222222222:root"]);
  });

  test("by the role that is assumed, before the accounts that are allowed", () => {
    const provider = { ...role.provider, allowedAccountIds: ["555555555555"] };
    expect(principals({ hub: gwlb(), app: ofHub({ provider }) })).toEqual(["arn:aws:iam::333333333333:root"]);
  });

  test.each([
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
    ["eu-central-1", "aws"],
  ])("of %s in the partition %s", (region, partition) => {
    const deployments = { hub: gwlb({ region }), app: ofHub({ region, ...account("222222222222") }) };
    expect(principals(deployments)).toEqual([`arn:${partition}:iam::222222222222:root`]);
  });

  test("and one without spokes nobody", () => {
    expect(principals({ hub: gwlb() })).toEqual([]);
  });
});

describe("a hub shares its Resolver rules", () => {
  const shared = (hub: Parameters<typeof gwlb>[0], ...spokes: readonly SpokeSettings[]) =>
    hubOf({ hub: gwlb({ ...account("111111111111"), ...hub }), ...Object.fromEntries(spokes.map((each, index) => [`app${index}`, each])) })
      .zpa?.shareWith;

  test("with the accounts of spokes that want them", () => {
    const given = { zpa: { ...zpa.zpa, shareWith: ["222222222222"] } };
    const wanting = (id: string) => ofHub({ ...account(id), zpa: true });
    expect(
      shared(given, wanting("222222222222"), wanting("333333333333"), wanting("111111111111"), ofHub(account("444444444444"))),
    ).toEqual(["222222222222", "333333333333"]);
  });

  test("only if it makes one", () => {
    const existing = { domains: {}, systemDomains: {}, existingRules: { crm: "rslvr-rr-0123456789abcdef0" } };
    expect(shared({ zpa: existing }, ofHub({ ...account("222222222222"), zpa: true }))).toEqual([]);
  });

  test("and has no settings of it unless they are given", () => {
    expect(shared({}, ofHub(account("222222222222")))).toBeUndefined();
  });
});

describe("refused", () => {
  test("a spoke whose account nobody knows", () => {
    const provider = { profile: "shop" };
    expect(problemsOf({ hub: gwlb(), app: ofHub({ provider }) })).toEqual([
      "app.provider: the account of app is not known: its profile is not that of hub",
    ]);
    expect(problemsOf({ hub: gwlb({ provider }), app: ofHub({ provider }) })).toEqual([]);
    expect(problemsOf({ hub: gwlb(), app: ofHub({ provider: { ...provider, ...account("222222222222").provider } }) })).toEqual([]);
    expect(
      problemsOf({ hub: gwlb(), app: ofHub({ provider: { ...provider, allowedAccountIds: ["222222222222", "333333333333"] } }) }),
    ).toHaveLength(1);
  });

  test("a hub whose account nobody knows, if rules would be shared", () => {
    const app = account("222222222222");
    expect(problemsOf({ hub: gwlb(zpa), app: ofHub({ ...app, zpa: true }) })).toEqual([
      "hub.provider: the account of hub is not known, and so not whether its Resolver rules are shared with 222222222222",
    ]);
    expect(problemsOf({ hub: gwlb(zpa), app: ofHub(app) })).toEqual([]);
    expect(problemsOf({ hub: gwlb({ ...zpa, ...account("111111111111") }), app: ofHub({ ...app, zpa: true }) })).toEqual([]);
  });

  test("a zone in which the hub has no connectors, if names mean the same", () => {
    const hub = gwlb({ zones: ["a", "b", "c"], connectors: { servedBy: { c: "a" } }, ...account("111111111111") });
    const problem = "app.zones[1]: hub has no connectors in zone c, and so no service for an endpoint there";
    expect(problemsOf({ hub, app: ofHub({ zones: ["b", "c"] }) })).toEqual([problem]);
    expect(problemsOf({ hub, app: ofHub({ zones: ["b", "us-west-2c"], ...account("111111111111") }) })).toEqual([problem]);
    expect(problemsOf({ hub, app: ofHub({ zones: ["b", "c"], ...account("222222222222") }) })).toEqual([]);
    expect(problemsOf({ hub, app: ofHub({ zones: ["usw2-az3"] }) })).toEqual([]);
  });

  test("a hub that is none, of another region, or without DNS", () => {
    const deployments = {
      hub: gwlb({ region: "eu-west-1" }),
      west: gwlb(),
      app: ofHub(),
      nowhere: ofHub({ endpointService: { deployment: "hub2" } }),
      proto: ofHub({ endpointService: { deployment: "constructor" } }),
      chain: ofHub({ endpointService: { deployment: "app" } }),
      dns: ofHub({ endpointService: { deployment: "west" }, zpa: true }),
    };
    expect(problemsOf(deployments)).toEqual([
      "app.endpointService.deployment: hub stands in eu-west-1, and app in us-west-2",
      "nowhere.endpointService.deployment: the file has no deployment hub2",
      "proto.endpointService.deployment: the file has no deployment constructor",
      "chain.endpointService.deployment: app is no hub, but a deployment of the template spoke",
      "dns.zpa: west forwards no DNS queries",
    ]);
  });

  test("spokes of a hub that is wrong itself, with what is wrong with both", () => {
    const hub = { ...gwlb(), balancer: { stickiness: "none" as never } };
    expect(
      problemsOf({ hub, app: ofHub({ zones: ["a", "c"], zpa: true, ingress: { edgeRoutes: 1 as never } }) }).map(
        (problem) => problem.split(":")[0],
      ),
    ).toEqual(["hub.balancer.stickiness", "app.ingress.edgeRoutes", "app.zones[1]", "app.zpa"]);
  });

  test("more accounts than rules are shared with", () => {
    const spokes = Array.from({ length: 21 }, (_, index) => [
      `app${index}`,
      ofHub({ ...account(String(200000000000 + index)), zpa: true }),
    ]);
    const hub = gwlb({ ...zpa, ...account("111111111111") });
    expect(problemsOf({ hub, ...(Object.fromEntries(spokes) as File) })).toEqual([
      "hub.zpa.shareWith: with the accounts of its spokes, hub would share its rules with 21",
    ]);
    expect(problemsOf({ hub, ...(Object.fromEntries(spokes.slice(1)) as File) })).toEqual([]);
  });
});

test("a hundred spokes have one hub", () => {
  const spokes = Array.from({ length: 100 }, (_, index): [string, SpokeSettings] => [
    `app${index}`,
    ofHub({ ...account(String(200000000000 + index)), network: { create: { cidr: `10.${index + 2}.0.0/16` } } }),
  ]);
  const loaded = load({ hub: gwlb(), ...Object.fromEntries(spokes) });
  const [hub] = loaded;
  expect(new Set(loaded.slice(1).map((each) => each.hub?.deployment))).toEqual(new Set([hub?.deployment]));
  expect(hub?.deployment).toMatchObject({ endpointService: { allowedPrincipals: { length: 100 } } });
});
