import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join, relative } from "node:path";
import { unzipSync } from "fflate";
import { accountEnvironment } from "../../../emulator/account";
import { functionBundles, functionZip } from "../../../modules/build-functions";
import { nodeVersions } from "../../failover/node-versions";
import { runFunction } from "../../failover/run-function";

const root = join(__dirname, "../../..");
const path = "modules/route-failover/dist/function.zip";

/** Each function's bundle, and what its sources make. */
const bundles = functionBundles().map((bundle) => ({ ...bundle, made: functionZip(bundle.entry) }));

test("the zip of each function is what its sources make", () => {
  expect(bundles.map((bundle) => relative(root, bundle.zip))).toEqual([
    "modules/app-connector/dist/function.zip",
    "modules/fleet-lifecycle/dist/function.zip",
    path,
  ]);
  const stale = bundles.filter((bundle) => !existsSync(bundle.zip) || !readFileSync(bundle.zip).equals(bundle.made));
  expect(stale.map((bundle) => `${bundle.zip} is stale: run npm run build`)).toEqual([]);
});

test.each([
  { TZ: "Asia/Tokyo", LC_ALL: "ja_JP.UTF-8" },
  { TZ: "America/Los_Angeles", LC_ALL: "tr_TR.UTF-8" },
])("they are the same built in another folder with %j", (environment) => {
  const copy = mkdtempSync(join(tmpdir(), "somewhere else-"));
  for (const name of ["modules", "package.json", "tsconfig.json"])
    cpSync(join(root, name), join(copy, name), { recursive: true, filter: (file) => !file.endsWith("dist") });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly scripts: { readonly build: string } };
  execFileSync(scripts.build, { shell: true, cwd: copy, env: { ...process.env, ...environment } });
  for (const { zip, made } of bundles) expect(readFileSync(join(copy, relative(root, zip))).equals(made)).toBe(true);
});

test.each(bundles.map((bundle) => [relative(root, bundle.zip), bundle.zip]))(
  "%s holds one file, is under 1 MB and names no folder of the machine",
  (_, file) => {
    const zip = readFileSync(file);
    const files = unzipSync(zip);
    expect(Object.keys(files)).toEqual(["index.js"]);
    expect(zip.length).toBeLessThan(1_000_000);
    const code = Buffer.from(files["index.js"] ?? []).toString();
    expect([root, homedir(), "node_modules/"].filter((folder) => code.includes(folder))).toEqual([]);
  },
);

describe.each(nodeVersions().found)("under Node $major", ({ command }) => {
  const start = (endpoint: string, variables: Readonly<Record<string, string>>) =>
    runFunction({ environment: { ...accountEnvironment({ endpoint, region: "eu-west-1" }), ...variables }, node: command });

  test("a document that is wrong fails it at once, loudly", async () => {
    const run = start("http://127.0.0.1:9", { FAILOVER_DOCUMENT: "{}" });
    const { error } = await run.finished;
    await run.stop();
    expect(error?.message).toContain("the document.connectors");
    expect(run.logs).toEqual([expect.objectContaining({ level: "error", why: error?.message })]);
    expect(run.complaints()).toBe("");
  });

  test("it asks AWS for its document, and reads the answer", async () => {
    const asked: unknown[] = [];
    const server = createServer((request, response) => {
      asked.push(request.headers["x-amz-target"]);
      response.end(JSON.stringify({ Parameters: [{ Name: "/failover/settings", Value: "[]" }] }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const run = start(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { FAILOVER_DOCUMENT_PATH: "/failover" });
    const { error } = await run.finished;
    await run.stop();
    server.close();
    expect(asked).toEqual(["AmazonSSM.GetParametersByPath"]);
    expect(error?.message).toMatch(/^\/failover\/settings: /);
    expect(run.complaints()).toBe("");
  });
});
