import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ModuleFiles, NotOurs, writeFolder } from "../../../hcl";

const manifest = ".zscaler-aws.json";
const generated: ModuleFiles = {
  "main.tf": "one\n",
  "assets/code/A1/function.zip": Buffer.from([0, 255, 10]),
  "examples/complete/main.tf": "two\n",
};

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "module-folder-"));
  folder = join(root, "modules", "egress");
});
afterEach(() => rmSync(root, { recursive: true }));

const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};

/** All that is below a folder, folders too: what is in each file, and when it was changed. */
const contents = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, encoding: "utf8" })
      .sort()
      .map((path) => {
        const stats = statSync(join(root, path));
        return [path, stats.isFile() ? `${readFileSync(join(root, path)).toString("hex")} ${stats.mtimeMs}` : "folder"];
      }),
  );

/** Makes all that is there old, so that a change is seen. */
const age = (): void => {
  for (const path of readdirSync(root, { recursive: true, encoding: "utf8" })) utimesSync(join(root, path), 1, 1);
};

/** What a call that must fail throws, having changed nothing. */
function refusal(files: ModuleFiles, force = false): unknown {
  age();
  const before = contents();
  try {
    writeFolder(folder, files, force);
  } catch (error) {
    expect(contents()).toEqual(before);
    return error;
  }
  throw new Error("was written");
}

test("writes a new folder, and only that", () => {
  expect(writeFolder(folder, generated, false)).toEqual({ written: Object.keys(generated).sort(), unchanged: [], removed: [] });
  for (const [path, content] of Object.entries(generated)) expect(readFileSync(join(folder, path))).toEqual(Buffer.from(content));
  expect(Object.keys(contents())).toEqual(
    [
      "modules",
      "modules/egress",
      ...[manifest, "assets", "assets/code", "assets/code/A1", "examples", "examples/complete", ...Object.keys(generated)].map(
        (path) => `modules/egress/${path}`,
      ),
    ].sort(),
  );
});

test("a second time nothing is changed", () => {
  writeFolder(folder, generated, false);
  age();
  const before = contents();
  const folderBefore = statSync(folder).mtimeMs;
  expect(writeFolder(folder, generated, false)).toEqual({ written: [], unchanged: Object.keys(generated).sort(), removed: [] });
  expect(contents()).toEqual(before);
  expect(statSync(folder).mtimeMs).toBe(folderBefore);
});

test("only what differs is written", () => {
  writeFolder(folder, generated, false);
  age();
  expect(writeFolder(folder, { ...generated, "main.tf": "three\n" }, false).written).toEqual(["main.tf"]);
  expect(readFileSync(join(folder, "main.tf"), "utf8")).toBe("three\n");
  expect(statSync(join(folder, "examples/complete/main.tf")).mtimeMs).toBe(1000);
});

test("a file that somebody changed is not overwritten unless forced", () => {
  writeFolder(folder, generated, false);
  put("main.tf", "mine\n");
  const next = { ...generated, "main.tf": "three\n", "new.tf": "new\n" };
  expect(refusal(next)).toEqual(new NotOurs(["main.tf"]));
  expect(writeFolder(folder, next, true).written).toEqual(["main.tf", "new.tf"]);
  expect(readFileSync(join(folder, "main.tf"), "utf8")).toBe("three\n");
  expect(writeFolder(folder, next, false).written).toEqual([]);
});

test("a file that somebody changed to what is written now is as it should be", () => {
  writeFolder(folder, generated, false);
  put("main.tf", "three\n");
  expect(writeFolder(folder, { ...generated, "main.tf": "three\n" }, false).written).toEqual([]);
  // From now on it is ours.
  expect(writeFolder(folder, { ...generated, "main.tf": "four\n" }, false).written).toEqual(["main.tf"]);
});

test("a file that somebody removed is written again", () => {
  writeFolder(folder, generated, false);
  rmSync(join(folder, "main.tf"));
  expect(writeFolder(folder, generated, false).written).toEqual(["main.tf"]);
});

test("a file of an earlier generation goes, with the folders that it leaves empty", () => {
  writeFolder(folder, { ...generated, "old/stale.tf": "stale\n" }, false);
  put("assets/code/theirs.txt", "theirs\n");
  const { "assets/code/A1/function.zip": zip, ...rest } = generated;
  const next = { ...rest, "assets/code/B2/function.zip": zip ?? "" };
  expect(writeFolder(folder, next, false)).toMatchObject({
    written: ["assets/code/B2/function.zip"],
    removed: ["assets/code/A1/function.zip", "old/stale.tf"],
  });
  expect(readdirSync(folder).sort()).toEqual([manifest, "assets", "examples", "main.tf"]);
  expect(readdirSync(join(folder, "assets/code")).sort()).toEqual(["B2", "theirs.txt"]);
});

test("one that somebody changed or removed is theirs", () => {
  writeFolder(folder, { ...generated, "stale.tf": "stale\n", "gone.tf": "gone\n" }, false);
  put("stale.tf", "mine\n");
  rmSync(join(folder, "gone.tf"));
  expect(refusal(generated)).toEqual(new NotOurs(["stale.tf"]));
  expect(writeFolder(folder, generated, true).removed).toEqual(["stale.tf"]);
});

test("a file that was there before the first generation is not overwritten, the same one is taken over", () => {
  put("main.tf", "theirs\n");
  put("examples/complete/main.tf", "two\n");
  expect(refusal(generated)).toEqual(new NotOurs(["main.tf"]));
  expect(writeFolder(folder, generated, true)).toMatchObject({ unchanged: ["examples/complete/main.tf"] });
});

test("what else is in the folder stays", () => {
  writeFolder(folder, generated, false);
  put("terraform.tfvars", "a = 1\n");
  put(".terraform/providers/x", "x");
  put("empty/of/theirs/file", "");
  writeFolder(folder, { "main.tf": "three\n" }, true);
  expect(readdirSync(folder).sort()).toEqual([".terraform", manifest, "empty", "main.tf", "terraform.tfvars"]);
  expect(readFileSync(join(folder, ".terraform/providers/x"), "utf8")).toBe("x");
});

test("a folder in the place of a file is never lost", () => {
  put("main.tf/theirs.txt", "theirs\n");
  expect(refusal(generated)).toEqual(new NotOurs(["main.tf"]));
  expect(refusal(generated, true)).toEqual(new NotOurs(["main.tf"]));
});

test("what fails midway leaves everything as it was", () => {
  writeFolder(folder, { "main.tf": "one\n", "stale.tf": "stale\n" }, false);
  // main.tf and stale.tf are moved before the folder of the last file cannot be made.
  put("zz", "a file\n");
  expect(refusal({ "main.tf": "three\n", "examples/complete/main.tf": "two\n", "zz/function.zip": "zip" })).toMatchObject({
    syscall: "mkdir",
  });
});

test("so does a failure in a folder that was not there", () => {
  expect(refusal({ "main.tf": "one\n", "main.tf/inner": "" })).toMatchObject({ syscall: "mkdir" });
  expect(readdirSync(root)).toEqual([]);
});

test("a folder that is a link is written where it leads", () => {
  const elsewhere = join(root, "elsewhere");
  mkdirSync(elsewhere);
  mkdirSync(dirname(folder));
  symlinkSync(elsewhere, folder);
  writeFolder(folder, { "main.tf": "one\n" }, false);
  expect(readdirSync(elsewhere)).toEqual([manifest, "main.tf"]);
});

test.each([
  ["is no JSON, as after a merge with conflicts", "<<<<<<< ours\n"],
  ["is something else", "null"],
])("with a manifest that %s, files that differ are not ours", (_, text) => {
  writeFolder(folder, { ...generated, "stale.tf": "stale\n" }, false);
  put(manifest, text);
  expect(refusal({ ...generated, "main.tf": "three\n" })).toEqual(new NotOurs(["main.tf"]));
  expect(writeFolder(folder, generated, false)).toMatchObject({ written: [], removed: [] });
  expect(writeFolder(folder, { ...generated, "main.tf": "three\n" }, false).written).toEqual(["main.tf"]);
});

test("a manifest cannot make it remove a file that is not in the folder", () => {
  writeFolder(folder, generated, false);
  const hashes = JSON.parse(readFileSync(join(folder, manifest), "utf8")) as Record<string, string>;
  for (const path of ["../main.tf", "assets/../../main.tf"]) {
    writeFileSync(join(folder, "../main.tf"), "one\n");
    put(manifest, JSON.stringify({ ...hashes, [path]: hashes["main.tf"] }));
    expect(writeFolder(folder, generated, true).removed).toEqual([]);
    expect(readFileSync(join(folder, "../main.tf"), "utf8")).toBe("one\n");
  }
});
