import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Compares lines with a committed file. With UPDATE_FIXTURES set the file is written instead: a decision, to be seen in the commit. */
export function expectFixture(path: string, lines: readonly string[]): void {
  const file = join(__dirname, path);
  const text = `${lines.join("\n")}\n`;
  if (process.env["UPDATE_FIXTURES"]) writeFileSync(file, text);
  expect(existsSync(file) ? readFileSync(file, "utf8").split("\n") : "no such file").toEqual(text.split("\n"));
}
