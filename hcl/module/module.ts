import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { App, TerraformElement, type TerraformStack } from "cdktf";
import { type Deployment } from "../../config/deployment";
import { explanationOf } from "../../modules/explanation";
import { steeredTables } from "../../modules/steering/schema";
import { withoutSourceMaps } from "../../stacks";
import { writeStack } from "../write-stack";
import { exampleText, type TakenOver } from "./example";
import { type Hub, withoutHub } from "./hub";
import { signatureOf } from "./inputs";
import { readmeText } from "./readme";
import { moduleStack } from "./stack";

/** A module that another configuration calls, or a configuration that is applied itself: with provider and backend. */
export type ModuleKind = "module" | "root";

/** The files of a Terraform module, by path in its folder. */
export type ModuleFiles = Readonly<Record<string, string | Buffer>>;

export interface ModuleProps {
  /** Name of the deployment. */
  readonly name: string;
  readonly deployment: Deployment;
  /** The hub of a spoke, where it is in the same file. */
  readonly hub?: Hub | undefined;
  readonly kind: ModuleKind;
  /** The folder that it is for. A local state is kept where the deployment has it, and named from there. */
  readonly folder: string;
  /** What generates it again, for the README. */
  readonly command: string;
}

/**
 * A deployment as a Terraform module.
 *
 * It has the Terraform addresses of the deployment's stack. What the deployment gives as a value is a variable with that default; what decides how
 * many of something there are is as the deployment has it.
 *
 * @throws For what HCL cannot express, naming where it stands.
 */
export function moduleFiles({ name, deployment: given, hub, kind, folder, command }: ModuleProps): ModuleFiles {
  const { deployment, fromHub } = withoutHub(given, hub);
  const outdir = mkdtempSync(join(tmpdir(), "zscaler-hcl-"));
  try {
    return withoutSourceMaps(() => {
      const app = new App({ outdir });
      // Where the state is, and which Terraform that asks for, is the caller's to say.
      const own: Deployment = kind === "root" ? deployment : { ...deployment, backend: { local: {} } };
      const stack = moduleStack(app, name, own, kind === "root" ? "provider" : "each", Object.keys(fromHub));
      const state = own.backend.local?.path;
      if (state !== undefined) stack.addOverride("terraform.backend.local.path", relative(folder, state).split(sep).join("/"));
      app.synth();
      const included = kind === "root" ? "included" : "none";
      const { inputs, outputs, versions } = signatureOf(stack, fromHub);
      const takenOver = takenOverBy(stack, deployment);
      const pictured = { routes: stack.routes, network: stack.network, deployment };
      return {
        ...writeStack(stack, { providers: included, backend: included, comments: commentsOf(stack) }),
        ...assetsOf(join(outdir, "stacks", name)),
        "README.md": readmeText({ name, kind, pictured, takenOver: takenOver.length, inputs, outputs, command }),
        ...(kind === "module"
          ? { "examples/complete/main.tf": exampleText(name, deployment.region, { versions, inputs }, takenOver) }
          : {}),
      };
    });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The routes that a stack takes over, each with the table that the deployment names. */
function takenOverBy(stack: ReturnType<typeof moduleStack>, deployment: Deployment): readonly TakenOver[] {
  const tables = "steering" in deployment ? steeredTables(deployment.steering) : [];
  return tables.flatMap(({ route, id }) => {
    const address = stack.steering?.takenOver[route];
    return address === undefined ? [] : [{ name: route, address, routeTableId: id }];
  });
}

/** What the constructs say of their resources, by address. */
const commentsOf = (stack: TerraformStack): Readonly<Record<string, string>> =>
  Object.fromEntries(
    stack.node.findAll().flatMap((node) => {
      const text = explanationOf(node);
      return text !== undefined && TerraformElement.isTerraformElement(node) ? [[addressOf(node), text]] : [];
    }),
  );

const addressOf = (element: TerraformElement): string =>
  `${(element as TerraformElement & { readonly terraformResourceType: string }).terraformResourceType}.${element.friendlyUniqueId}`;

/** Files that the configuration brings to AWS, where cdktf lays them out. */
function assetsOf(stackFolder: string): ModuleFiles {
  const paths = readdirSync(stackFolder, { recursive: true, encoding: "utf8" }).map((path) => path.split(sep).join("/"));
  const assets = paths.filter((path) => path.startsWith("assets/") && statSync(join(stackFolder, path)).isFile()).sort();
  return Object.fromEntries(assets.map((path) => [path, readFileSync(join(stackFolder, path))]));
}
