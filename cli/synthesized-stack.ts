import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A resource as it was synthesized. Its attributes hold references such as `${aws_vpc.network.id}`. */
export interface SynthesizedResource {
  /** Terraform address, such as `aws_subnet.network_a_connector`. */
  readonly address: string;
  readonly type: string;
  /** Construct path below the stack. */
  readonly path: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What cdktf wrote for a stack. */
export interface SynthesizedStack {
  readonly name: string;
  /** Folder in which Terraform runs. */
  readonly folder: string;
  readonly resources: readonly SynthesizedResource[];
}

interface StackFile {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

const constructPath = (attributes: Readonly<Record<string, unknown>>): readonly string[] => {
  const { metadata } = attributes["//"] as { readonly metadata: { readonly path: string } };
  return metadata.path.split("/").slice(1);
};

/** Reads a stack from the folder that an app was synthesized into. */
export function readSynthesizedStack(outdir: string, name: string): SynthesizedStack {
  const folder = join(outdir, "stacks", name);
  const file = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as StackFile;
  const resources = Object.entries(file.resource ?? {}).flatMap(([type, byId]) =>
    Object.entries(byId).map(([id, attributes]) => ({
      address: `${type}.${id}`,
      type,
      path: constructPath(attributes),
      attributes,
    })),
  );
  return { name, folder, resources };
}
