import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MissingTool } from "../../emulator/missing-tool";
import { findAwsProvider, providerEnvironment, type ProviderSearch } from "../../emulator/provider";

const SYSTEM = process.platform === "win32" ? "windows" : process.platform;
const platform = `${SYSTEM}_${process.arch === "x64" ? "amd64" : process.arch}`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "provider-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const mirror = async (path: string, version = "5.100.0", forPlatform = platform): Promise<string> => {
  const made = join(folder, path);
  await mkdir(join(made, "registry.terraform.io/hashicorp/aws", version, forPlatform), { recursive: true });
  return made;
};

/** A machine without a network, environment or home of its own; what it has lies below `folder`. */
const machine = (more: ProviderSearch = {}): ProviderSearch => ({
  environment: {},
  home: join(folder, "home"),
  registryAnswers: () => Promise.resolve(false),
  roots: [folder],
  ...more,
});

describe("finding the AWS provider", () => {
  test("the folder that TF_PLUGIN_DIR names comes first", async () => {
    const named = await mirror("named");
    const registryAnswers = () => Promise.resolve(true);
    expect(await findAwsProvider(machine({ environment: { TF_PLUGIN_DIR: named }, registryAnswers }))).toEqual({
      kind: "mirror",
      folder: named,
    });
  });

  test("a TF_PLUGIN_DIR without the provider is said", async () => {
    await mirror("elsewhere");
    const search = findAwsProvider(machine({ environment: { TF_PLUGIN_DIR: join(folder, "empty") } }));
    await expect(search).rejects.toThrow(/the AWS provider in .*empty, which TF_PLUGIN_DIR names/);
  });

  test("the user's own configuration is kept, and one that does not exist is not", async () => {
    const file = join(folder, "own.rc");
    const registryAnswers = () => Promise.resolve(true);
    const search = machine({ environment: { TF_CLI_CONFIG_FILE: file }, registryAnswers });
    expect(await findAwsProvider(search)).toEqual({ kind: "registry" });
    await writeFile(file, `credentials "app.terraform.io" {}\n`);
    expect(await findAwsProvider(search)).toEqual({ kind: "registry" });
    await writeFile(file, `provider_installation {\n  network_mirror {\n    url = "https://mirror.example.com/"\n  }\n}\n`);
    expect(await findAwsProvider(search)).toEqual({ kind: "configuration", file });
  });

  test("without a network the disk is searched, breadth first, for a version and a platform that serve", async () => {
    await mirror("a/old", "4.67.0");
    await mirror("a/next", "7.0.0");
    await mirror("a/foreign", "5.100.0", "plan9_mips");
    await mirror("node_modules");
    await mirror("a/b/c/d/deep");
    const near = await mirror("z/near", "6.25.0");
    expect(await findAwsProvider(machine())).toEqual({ kind: "mirror", folder: near });
  });

  test("a packed mirror serves", async () => {
    const provider = join(folder, "packed/registry.terraform.io/hashicorp/aws");
    await mkdir(provider, { recursive: true });
    await writeFile(join(provider, `terraform-provider-aws_5.100.0_${platform}.zip`), "");
    expect(await findAwsProvider(machine())).toEqual({ kind: "mirror", folder: join(folder, "packed") });
  });

  test("too deep is not found; behind a proxy the registry is then tried", async () => {
    await mirror("1/2/3/4/5/6/7/8");
    await expect(findAwsProvider(machine())).rejects.toThrow(MissingTool);
    await expect(findAwsProvider(machine())).rejects.toThrow("registry.terraform.io does not answer");
    expect(await findAwsProvider(machine({ environment: { HTTPS_PROXY: "http://proxy:3128" } }))).toEqual({ kind: "registry" });
  });

  test("a registry that cannot be reached in any way is no error", async () => {
    const unreachable = jest.spyOn(globalThis, "fetch").mockRejectedValue(new TypeError("fetch failed"));
    const found = await mirror("found");
    const search = { environment: {}, home: folder, roots: [folder] };
    expect(await findAwsProvider(search)).toEqual({ kind: "mirror", folder: found });
    expect(unreachable).toHaveBeenCalledTimes(1);
    unreachable.mockRestore();
  });
});

describe("the environment of Terraform", () => {
  const folders = (more = {}) => ({ terraform: "terraform", workingFolder: folder, cache: join(folder, "cache"), ...more });

  test("names a configuration with the mirror, one block a line", async () => {
    const environment = await providerEnvironment({ kind: "mirror", folder: `/with "quotes"` }, folders());
    expect(environment).toEqual({ TF_CLI_CONFIG_FILE: join(folder, "terraform.rc") });
    expect(await readFile(join(folder, "terraform.rc"), "utf8")).toBe(
      `provider_installation {\n  filesystem_mirror {\n    path = "/with \\"quotes\\""\n  }\n}\n`,
    );
  });

  test("fills the cache from the registry once, and keeps nothing half-made", async () => {
    const calls = join(folder, "calls");
    const terraform = join(folder, "terraform");
    const downloads = `mkdir -p "$TF_PLUGIN_CACHE_DIR/registry.terraform.io/hashicorp/aws/6.1.0/${platform}"`;
    await writeFile(terraform, `#!/bin/sh\necho "$@" >> ${calls}\n${downloads}\n`);
    await chmod(terraform, 0o755);
    const steps: string[] = [];
    const options = folders({ terraform, onProgress: (step: string) => steps.push(step) });
    const environment = await providerEnvironment({ kind: "registry" }, options);
    expect(await providerEnvironment({ kind: "registry" }, options)).toEqual(environment);
    expect(environment["TF_PLUGIN_CACHE_DIR"]).toBe(join(folder, "cache/terraform"));
    expect(await readFile(calls, "utf8")).toBe("init -no-color -input=false\n");
    expect(await readdir(join(folder, "cache"))).toEqual(["terraform"]);
    expect(steps).toHaveLength(1);

    await rm(join(folder, "cache"), { recursive: true });
    await writeFile(terraform, `#!/bin/sh\n${downloads}\necho no route >&2\nexit 1\n`);
    await expect(providerEnvironment({ kind: "registry" }, options)).rejects.toThrow(/terraform init could not get it\nno route/);
    expect(await readdir(join(folder, "cache"))).toEqual([]);
  });
});
