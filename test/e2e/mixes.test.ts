import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coverPairs, describeMix, generateMixes, type Mix, synthesizeMix } from "../stacks/mixes";
import { faultsOf, type NamedStack, readStack, terraformValidation, type Validate, without, writeJson } from "./validation";

const folder = mkdtempSync(join(tmpdir(), "mixes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let validate: Validate;
beforeAll(async () => {
  validate = await terraformValidation(folder);
});

interface Mixed extends NamedStack {
  readonly mix: Mix;
}

const mixes = coverPairs(generateMixes().accepted).map((accepted, index): Mixed => {
  const name = `mix-${index}`;
  const stack = synthesizeMix(accepted, name, join(folder, "synthesized"));
  return { mix: accepted.mix, name, file: readStack(stack) };
});

/** What is wrong with mixes, each in words. */
async function faults(into: string, mixed: readonly Mixed[]): Promise<readonly string[]> {
  const found = await faultsOf(validate, join(folder, into), mixed);
  return found.map((fault) => {
    const mix = mixed.find(({ name }) => fault.startsWith(`${name}: `));
    return mix ? fault.replace(mix.name, describeMix(mix.mix)) : fault;
  });
}

test("each pair of variants is valid to Terraform and the AWS provider", async () => {
  expect(mixes.length).toBeGreaterThan(25);
  expect(await faults("all", mixes)).toEqual([]);
}, 400_000);

test("one that is not is named", async () => {
  const [broken, ...others] = mixes.filter(({ file }) => file.resource?.["aws_subnet"]).slice(0, 2);
  if (!broken) throw new Error("no mix makes a subnet");
  const subnets = Object.entries(broken.file.resource?.["aws_subnet"] ?? {});
  const lacking = Object.fromEntries(subnets.map(([id, subnet], index) => [id, index === 0 ? without(subnet, "vpc_id") : subnet]));
  const file = { ...broken.file, resource: { ...broken.file.resource, aws_subnet: lacking } };
  expect(await faults("broken", [{ ...broken, file }, ...others])).toEqual([
    `${describeMix(broken.mix)}: Missing required argument: The argument "vpc_id" is required, but no definition was found.`,
  ]);
});

/** A mix of each template that takes routes over: only a root configuration may import. */
const roots = (["base", "zpa", "ha", "zpa-ha"] as const).flatMap((template) =>
  mixes.filter(({ mix }) => mix.template === template && mix.workloadTables === "takeOver").slice(0, 1),
);

test("what takes routes over is valid with its imports", async () => {
  expect(roots.filter(({ file }) => (file.import?.length ?? 0) >= 2)).toHaveLength(4);
  const root = join(folder, "root");
  const found: string[] = [];
  for (const { mix, file } of roots) {
    writeJson(root, "cdk.tf.json", file);
    const { diagnostics } = await validate(root);
    found.push(...diagnostics.map(({ summary, detail }) => `${describeMix(mix)}: ${summary}: ${detail}`));
  }
  expect(found).toEqual([]);
});
