import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { type AppConnectorsSettings } from "../../config/app-connectors";
import { type BaseSettings } from "../../config/base";
import { type Deployment } from "../../config/deployment";
import { type GwlbSettings } from "../../config/gwlb";
import { type HaSettings } from "../../config/ha";
import { type NetworkSettings } from "../../config/network";
import { type SpokeSettings } from "../../config/spoke";
import { type ZpaSettings } from "../../config/zpa";
import { type ZpaHaSettings } from "../../config/zpa-ha";
import { makeStack } from "../../stacks";
import { type ZscalerStack } from "../../stacks/zscaler-stack";

/** A value of Terraform's JSON. */
export type Value = string | number | boolean | null | readonly Value[] | Block;
export interface Block {
  readonly [attribute: string]: Value;
}

/** A value in a text: nothing where there is none. */
export const asText = (value: Value | undefined): string =>
  typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value);

type ByType = Readonly<Record<string, Readonly<Record<string, Block>>>>;

interface StackFile {
  readonly resource?: ByType;
  readonly data?: ByType;
  readonly output?: Readonly<Record<string, Block>>;
  readonly variable?: Readonly<Record<string, Block>>;
  readonly provider?: Readonly<Record<string, readonly Block[]>>;
  readonly terraform: Block;
}

const elements = (byType: ByType = {}, prefix = ""): [string, Block][] =>
  Object.entries(byType).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, block]): [string, Block] => [
      `${prefix}${type}.${id}`,
      Object.fromEntries(Object.entries(block).filter(([attribute]) => attribute !== "//")),
    ]),
  );

/** What cdktf wrote for a stack. Elements go by their Terraform address: `aws_vpc.network`, `data.aws_ami.connectors`. */
export class SynthesizedStack {
  readonly file: StackFile;
  readonly elements: Readonly<Record<string, Block>>;

  constructor(
    readonly text: string,
    /** Where Terraform would run. */
    readonly folder: string,
  ) {
    this.file = JSON.parse(text) as StackFile;
    this.elements = Object.fromEntries([...elements(this.file.resource), ...elements(this.file.data, "data.")]);
  }

  /** The resource or data source at an address. */
  at(address: string): Block {
    const block = this.elements[address];
    if (!block) throw new Error(`no ${address} among ${this.addresses.join(" ")}`);
    return block;
  }

  /** The resources of a type (or data sources: `data.aws_ami`), by address. */
  ofType(type: string): Readonly<Record<string, Block>> {
    return Object.fromEntries(Object.entries(this.elements).filter(([address]) => address.startsWith(`${type}.`)));
  }

  /** The values of the outputs. */
  get outputs(): Readonly<Record<string, Value>> {
    return Object.fromEntries(Object.entries(this.file.output ?? {}).map(([name, { value }]) => [name, value ?? null]));
  }

  /** The addresses of all resources, data sources and outputs, in order. */
  get addresses(): readonly string[] {
    return [...Object.keys(this.elements), ...Object.keys(this.outputs).map((name) => `output.${name}`)].sort();
  }
}

/** Synthesizes what `build` puts into an app, with cdktf's validations, and reads the stacks by name. */
export function synthesizeApp(build: (app: App) => void): (stack: string) => SynthesizedStack {
  const outdir = mkdtempSync(join(tmpdir(), "synthesis-"));
  try {
    const app = new App({ outdir });
    build(app);
    app.synth();
    const stacks = new Map(
      app.node.children.map(({ node: { id } }) => {
        const folder = join(outdir, "stacks", id);
        return [id, new SynthesizedStack(readFileSync(join(folder, "cdk.tf.json"), "utf8"), folder)];
      }),
    );
    return (name) => {
      const stack = stacks.get(name);
      if (!stack) throw new Error(`no stack ${name}`);
      return stack;
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

type Settings =
  NetworkSettings | BaseSettings | ZpaSettings | HaSettings | ZpaHaSettings | GwlbSettings | SpokeSettings | AppConnectorsSettings;

/** Synthesizes a stack: of the settings' template, or where settings need the stack, of the one given. */
export const synthesize = (
  settings: Settings | ((stack: ZscalerStack) => Settings),
  name = "egress",
  template = typeof settings === "function" ? "base" : settings.template,
): SynthesizedStack =>
  // A stack fills the defaults of its settings itself.
  synthesizeApp((app) =>
    makeStack(app, name, template, (stack) => (typeof settings === "function" ? settings(stack) : settings) as Deployment),
  )(name);

/** Synthesizes a stack of cdktf's own, as a user of the modules has it. */
export const synthesizePlain = (build: (stack: TerraformStack) => void): SynthesizedStack =>
  synthesizeApp((app) => {
    const stack = new TerraformStack(app, "theirs");
    new AwsProvider(stack, "aws", { region: "us-west-2" });
    build(stack);
  })("theirs");
