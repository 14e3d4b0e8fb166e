import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { cacheFolder } from "../../../../emulator";
import { pythonEnvironment } from "../../../../emulator/python";
import { contentOf, synthesizeOperations } from "./documents";
import { type CommandDocument } from "./instance";

const stack = synthesizeOperations({ logBucket: "apps-logs" });

let shellcheck = "";
beforeAll(async () => {
  const requirements = join(__dirname, "../../../../emulator/requirements.txt");
  shellcheck = join(dirname(await pythonEnvironment({ requirements, cache: join(cacheFolder, "emulator") })), "shellcheck");
});

test.each(["status", "check-size", "restart", "update-packages", "collect-logs", "re-enroll"])(
  "shellcheck has nothing to say of %s",
  (procedure) => {
    const [step] = (contentOf(stack, procedure) as CommandDocument).mainSteps;
    const { error, status, stdout, stderr } = spawnSync(shellcheck, ["--severity=style", "-"], {
      input: `${step?.inputs.runCommand.join("\n") ?? ""}\n`,
      encoding: "utf8",
    });
    expect(error).toBeUndefined();
    expect(stdout + stderr).toBe("");
    expect(status).toBe(0);
  },
);
