import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findAwsProvider, findTerraform, providerEnvironment } from "../../emulator";

/** The oldest provider that the stacks allow. The newest that they are written for is the one whose classes `tsc` checks them against. */
export const oldestProvider = "5.100.0";

/** What may be set in a block, and what may only be read of it. */
interface BlockSchema {
  readonly settable: readonly string[];
  readonly computed: readonly string[];
}

/** By path: `provider`, `aws_instance`, `aws_instance.root_block_device`, `data.aws_ami.filter`. */
export type ProviderSchema = ReadonlyMap<string, BlockSchema>;

interface TerraformBlock {
  readonly attributes?: Readonly<Record<string, { readonly optional?: boolean; readonly required?: boolean }>>;
  readonly block_types?: Readonly<Record<string, { readonly block: TerraformBlock }>>;
}

interface TerraformSchemas {
  readonly provider_schemas: Readonly<
    Record<
      string,
      {
        readonly provider: { readonly block: TerraformBlock };
        readonly resource_schemas: Readonly<Record<string, { readonly block: TerraformBlock }>>;
        readonly data_source_schemas: Readonly<Record<string, { readonly block: TerraformBlock }>>;
      }
    >
  >;
}

const flat = (path: string, { attributes = {}, block_types = {} }: TerraformBlock): (readonly [string, BlockSchema])[] => {
  const settable = (name: string) => attributes[name]?.optional === true || attributes[name]?.required === true;
  const names = Object.keys(attributes).sort();
  return [
    [path, { settable: names.filter(settable), computed: names.filter((name) => !settable(name)) }],
    ...Object.entries(block_types).flatMap(([name, { block }]) => flat(`${path}.${name}`, block)),
  ];
};

/** What Terraform says of the provider. Throws where this machine has not both: nothing is downloaded. */
export async function schemaFromTerraform(): Promise<ProviderSchema> {
  const folder = mkdtempSync(join(tmpdir(), "provider-schema-"));
  try {
    const { command } = await findTerraform();
    const source = await findAwsProvider({ registryAnswers: () => Promise.resolve(false) });
    if (source.kind === "registry") throw new Error("the provider is on no disk of this machine");
    const environment = await providerEnvironment(source, { terraform: command, workingFolder: folder, cache: folder });
    const terraform = (...options: readonly string[]) =>
      execFileSync(command, [...options], {
        cwd: folder,
        encoding: "utf8",
        maxBuffer: 2 ** 26,
        env: { ...process.env, ...environment, CHECKPOINT_DISABLE: "1" },
        stdio: ["ignore", "pipe", "pipe"],
      });
    const aws = { source: "hashicorp/aws", version: oldestProvider };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers: { aws } } }));
    terraform("init");
    const { provider_schemas } = JSON.parse(terraform("providers", "schema", "-json")) as TerraformSchemas;
    const [schemas] = Object.values(provider_schemas);
    if (!schemas) throw new Error("terraform names no provider");
    return new Map([
      ...flat("provider", schemas.provider.block),
      ...Object.entries(schemas.resource_schemas).flatMap(([type, { block }]) => flat(type, block)),
      ...Object.entries(schemas.data_source_schemas).flatMap(([type, { block }]) => flat(`data.${type}`, block)),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A schema as lines of text: path, what may be set, and after a bar what may only be read. */
export const schemaLines = (schema: ProviderSchema): readonly string[] =>
  [...schema].map(([path, { settable, computed }]) => `${path}: ${settable.join(" ")} | ${computed.join(" ")}`).sort();

const schemaFromLines = (lines: readonly string[]): ProviderSchema =>
  new Map(
    lines.map((line) => {
      const [path = "", rest = ""] = line.split(": ");
      const [settable = [], computed = []] = rest.split("|").map((names) => names.split(" ").filter((name) => name !== ""));
      return [path, { settable, computed }];
    }),
  );

/** The part of the provider's schema that the stacks use, as committed. */
export const committedSchema = (): ProviderSchema =>
  schemaFromLines(
    readFileSync(join(__dirname, `provider-${oldestProvider}.txt`), "utf8")
      .trim()
      .split("\n"),
  );
