import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ConfigError, loadConfig } from "../../config";

const folder = join(__dirname, "../corpus");
const files = readdirSync(folder).sort();
const yamlFiles = files.filter((file) => file.endsWith(".yaml"));

const messageOf = (file: string): string => {
  try {
    loadConfig(file);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return "";
};

test("every file has its expected message, and the other way round", () => {
  const expected = yamlFiles.flatMap((file) => [file.replace(/yaml$/, "expected"), file]);
  expect(files).toEqual(expected.sort());
});

test.each(yamlFiles)("%s", (file) => {
  const path = join(folder, file);
  const expected = readFileSync(path.replace(/yaml$/, "expected"), "utf8");
  expect(`${messageOf(path).replaceAll(path, basename(path))}\n`).toBe(expected);
});

test("a file that is not there", () => {
  const path = join(folder, "nowhere.yaml");
  expect(messageOf(path).replaceAll(path, basename(path))).toBe(
    [
      "nowhere.yaml:1:1",
      "    the file does not exist",
      "    write it (examples/starter/zscaler.yaml is a start), or name another in ZSCALER_CONFIG",
      "",
      "1 problem",
    ].join("\n"),
  );
});
