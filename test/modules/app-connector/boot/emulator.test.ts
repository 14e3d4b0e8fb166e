import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder } from "../../../../emulator";
import { pythonEnvironment } from "../../../../emulator/python";
import { userData } from "../../../../modules/app-connector/boot/user-data";
import { script, settings } from "./instance";

const shellcheck = async (text: string): Promise<string> => {
  const requirements = join(__dirname, "../../../../emulator/requirements.txt");
  const interpreter = await pythonEnvironment({ requirements, cache: join(cacheFolder, "emulator") });
  const { stdout, error } = spawnSync(join(dirname(interpreter), "shellcheck"), ["-"], { input: text, encoding: "utf8" });
  if (error) throw error;
  return stdout;
};

test.each([
  ["the boot script", readFileSync(script, "utf8")],
  ["user data", userData(settings)],
  ["what stands for an instance's commands", readFileSync(join(__dirname, "stand-in.sh"), "utf8")],
])("ShellCheck finds nothing in %s", async (_, text) => {
  expect(await shellcheck(text)).toBe("");
  // It finds what is there to be found.
  expect(await shellcheck(`${text}\ncat $unquoted/*.txt\n`)).toContain("SC2086");
});
