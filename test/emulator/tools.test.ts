import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { MissingTool } from "../../emulator/missing-tool";
import { findPython, pythonEnvironment } from "../../emulator/python";
import { findTerraform } from "../../emulator/terraform";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tools-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const command = async (name: string, script: string): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
};

const terraform = async (version: string): Promise<NodeJS.ProcessEnv> => {
  await command("terraform", `echo '{"terraform_version": "${version}"}'`);
  return { PATH: `${folder}${delimiter}${process.env["PATH"]}` };
};

test("Terraform is found with its version, or under another name as cdktf does", async () => {
  expect(await findTerraform(await terraform("1.7.0"))).toEqual({ command: "terraform", version: "1.7.0" });
  const other = await command("other", `echo '{"terraform_version": "2.0.1"}'`);
  expect(await findTerraform({ PATH: process.env["PATH"], TERRAFORM_BINARY_NAME: other })).toEqual({ command: other, version: "2.0.1" });
});

test("Terraform that is missing or too old is said with what was found and where to get it", async () => {
  await expect(findTerraform(await terraform("1.6.6"))).rejects.toMatchObject({ what: "Terraform 1.7 or later (found 1.6.6)" });
  const missing = findTerraform({ PATH: folder, TERRAFORM_BINARY_NAME: "no-such-terraform" });
  await expect(missing).rejects.toThrow(/^Terraform 1\.7 or later: get it from https:/);
});

test("the first Python that is new enough is taken", async () => {
  const old = await command("old", `echo /old; echo 3.9.18`);
  const two = await command("two", `echo /two; echo 2.7.18`);
  const good = await command("good", `echo /good; echo 3.10.2`);
  expect(await findPython([join(folder, "none"), old, good])).toEqual({ executable: "/good", version: "3.10.2" });
  await expect(findPython([old, two])).rejects.toMatchObject({ what: "Python 3.10 or later (found 3.9.18, 2.7.18)" });
  await expect(findPython([])).rejects.toMatchObject({ what: "Python 3.10 or later" });
});

describe("the Python environment", () => {
  /** Makes an environment, and installs anything but `unknown`. */
  const python = `for last; do :; done
case "$*" in
  *venv*) mkdir -p "$last/bin" && cp "$0" "$last/bin/python" ;;
  *pip*) grep -q unknown "$last" && echo "no matching distribution" >&2 && exit 1 ; echo "Collecting something" ;;
  *) echo "$0"; echo 3.12.0 ;;
esac`;
  const cache = (): string => join(folder, "cache");
  const make = (onProgress: (step: string) => void = () => {}): Promise<string> =>
    pythonEnvironment({ requirements: join(folder, "requirements.txt"), cache: cache(), candidates: [join(folder, "python")], onProgress });
  const requirePackage = (name: string): Promise<void> => writeFile(join(folder, "requirements.txt"), name);
  beforeEach(() => command("python", python));

  test("is made once for a list of packages, and says what it does", async () => {
    const steps: string[] = [];
    await requirePackage("one==1.0");
    const first = await make((step) => steps.push(step));
    expect(first).toMatch(/cache\/[0-9a-f]{16}\/bin\/python$/);
    expect(steps).toEqual(["making a virtual environment of Python 3.12.0", "Collecting something"]);
    expect(await make((step) => steps.push(step))).toBe(first);
    expect(steps).toHaveLength(2);
    await requirePackage("one==1.1");
    expect(await make()).not.toBe(first);
  });

  test("two that make it at once get the same one, and what a dead process left is removed", async () => {
    await requirePackage("one==1.0");
    await mkdir(join(cache(), "building-999999999-x"), { recursive: true });
    await mkdir(join(cache(), `building-${process.pid}-x`));
    const [first, second] = await Promise.all([make(), make()]);
    expect(second).toBe(first);
    expect((await readdir(cache())).sort()).toEqual([basename(dirname(dirname(first))), `building-${process.pid}-x`].sort());
  });

  test("packages that cannot be had are a missing tool, and leave nothing half-made", async () => {
    await requirePackage("unknown==1.0");
    const failure = make();
    await expect(failure).rejects.toThrow(MissingTool);
    await expect(failure).rejects.toThrow(/no matching distribution: pip needs .*PIP_INDEX_URL/);
    expect(await readdir(cache())).toEqual([]);
  });
});
