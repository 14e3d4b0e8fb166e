import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { coverPairs, describeMix, generateMixes, type Mix, synthesizeMix } from "../stacks/mixes";
import { terraformValidation } from "./validation";

const folder = mkdtempSync(join(tmpdir(), "mixes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let validate: Awaited<ReturnType<typeof terraformValidation>>;
beforeAll(async () => {
  validate = await terraformValidation(folder);
});

type Attributes = Readonly<Record<string, unknown>>;

interface StackFile extends Attributes {
  readonly terraform: Attributes;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly import?: readonly unknown[];
}

/** A synthesized mix, and the name of its module. */
interface Mixed {
  readonly mix: Mix;
  readonly name: string;
  readonly file: StackFile;
}

const mixes = coverPairs(generateMixes().accepted).map((accepted, index): Mixed => {
  const name = `mix-${index}`;
  const stack = synthesizeMix(accepted, name, join(folder, "synthesized"));
  return { mix: accepted.mix, name, file: JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8")) as StackFile };
});

const without = (block: Attributes, ...names: readonly string[]): Attributes =>
  Object.fromEntries(Object.entries(block).filter(([name]) => !names.includes(name)));

/** A stack as a module that another configuration calls: without what only a root may have. */
const asModule = (file: StackFile): Attributes => ({
  ...without(file, "import", "provider"),
  terraform: without(file.terraform, "backend"),
});

const write = (into: string, name: string, file: object): void => {
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, name), JSON.stringify(file));
};

/** What Terraform and the AWS provider find wrong with mixes, each a module of one configuration. */
async function faults(root: string, modules: readonly Mixed[]): Promise<readonly string[]> {
  for (const { name, file } of modules) write(join(root, name), "cdk.tf.json", asModule(file));
  const module = Object.fromEntries(modules.map(({ name }) => [name, { source: `./${name}` }]));
  write(root, "main.tf.json", { module, provider: { aws: { region: "us-west-2" } } });
  const { diagnostics } = await validate(root);
  return diagnostics.map(({ summary, detail, range }) => {
    const faulty = modules.find(({ name }) => range?.filename.startsWith(`${name}/`));
    return `${faulty ? describeMix(faulty.mix) : (range?.filename ?? "main.tf.json")}: ${summary}: ${detail}`;
  });
}

test("each pair of variants is valid to Terraform and the AWS provider", async () => {
  expect(mixes.length).toBeGreaterThan(25);
  expect(await faults(join(folder, "all"), mixes)).toEqual([]);
}, 400_000);

test("one that is not is named", async () => {
  const [broken, ...others] = mixes.filter(({ file }) => file.resource?.["aws_subnet"]).slice(0, 2);
  if (!broken) throw new Error("no mix makes a subnet");
  const subnets = Object.entries(broken.file.resource?.["aws_subnet"] ?? {});
  const lacking = Object.fromEntries(subnets.map(([id, subnet], index) => [id, index === 0 ? without(subnet, "vpc_id") : subnet]));
  const file = { ...broken.file, resource: { ...broken.file.resource, aws_subnet: lacking } };
  expect(await faults(join(folder, "broken"), [{ ...broken, file }, ...others])).toEqual([
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
    write(root, "cdk.tf.json", file);
    const { diagnostics } = await validate(root);
    found.push(...diagnostics.map(({ summary, detail }) => `${describeMix(mix)}: ${summary}: ${detail}`));
  }
  expect(found).toEqual([]);
});
