import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { CommandError } from "./command-error";
import { type DeployedAttributes, type Outputs } from "./summary";

/** One line of `terraform apply -json`, as far as it is looked at here. */
interface Message {
  readonly type: string;
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail?: string; readonly address?: string };
  readonly hook?: { readonly action: string };
  readonly changes?: { readonly add: number; readonly remove: number; readonly operation: string };
}

interface State {
  readonly values?: {
    readonly outputs?: Readonly<Record<string, { readonly value: unknown }>>;
    readonly root_module?: {
      readonly resources?: readonly {
        readonly address: string;
        readonly mode: string;
        readonly values: Readonly<Record<string, unknown>>;
      }[];
    };
  };
}

/** Terraform in the folder of one stack. */
export class Terraform {
  /** @param environment Of the Terraform processes, whole: nothing is inherited. */
  constructor(
    private readonly program: string,
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  async init(): Promise<void> {
    await this.run(["init", "-input=false", "-no-color"]);
  }

  /** Makes everything. `tell` shows how many of the resources are there. */
  async apply(tell: (status: string) => void): Promise<void> {
    await this.change("apply", (done, total) => tell(`${done} of ${total} resources`));
  }

  /** Removes everything. */
  async destroy(tell: (status: string) => void): Promise<void> {
    await this.change("destroy", (done, total) => tell(`${done} of ${total} resources`));
  }

  /** What the state says. */
  async show(): Promise<{ readonly deployed: DeployedAttributes; readonly outputs: Outputs }> {
    const { values } = JSON.parse(await this.run(["show", "-json"])) as State;
    const resources = (values?.root_module?.resources ?? []).filter(({ mode }) => mode === "managed");
    return {
      deployed: new Map(resources.map((resource) => [resource.address, resource.values])),
      outputs: Object.fromEntries(Object.entries(values?.outputs ?? {}).map(([name, { value }]) => [name, value])),
    };
  }

  private async change(command: "apply" | "destroy", tell: (done: number, total: number) => void): Promise<void> {
    let done = 0;
    let total = 0;
    const errors: string[] = [];
    // The emulator answers at once, and Terraform's own ten at a time would wait for themselves.
    await this.run([command, "-auto-approve", "-input=false", "-json", "-parallelism=30"], {
      onLine: (line) => {
        const message = JSON.parse(line) as Message;
        if (message.type === "change_summary" && message.changes?.operation === "plan")
          total = message.changes.add + message.changes.remove;
        if (message.type === "apply_complete" && message.hook?.action !== "read") tell(++done, total);
        if (message.diagnostic?.severity === "error") {
          const { address, summary, detail } = message.diagnostic;
          errors.push([address, summary, detail].filter((text) => text !== undefined && text !== "").join("\n  "));
        }
      },
      failure: () => errors.join("\n"),
    });
  }

  private run(
    args: readonly string[],
    { onLine, failure }: { readonly onLine?: (line: string) => void; readonly failure?: () => string } = {},
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.program, [...args], { cwd: this.folder, env: this.environment, stdio: ["ignore", "pipe", "pipe"] });
      const printed: string[] = [];
      const complaints: string[] = [];
      createInterface(child.stdout).on("line", (line) => {
        if (onLine) onLine(line);
        else printed.push(line);
      });
      child.stderr.on("data", (chunk: Buffer) => complaints.push(chunk.toString()));
      child.on("error", reject);
      child.on("close", (code) => {
        if (code === 0) resolve(printed.join("\n"));
        else reject(new CommandError(`terraform ${args[0] ?? ""} failed:\n${failure?.() ?? ""}${complaints.join("")}`.trimEnd()));
      });
    });
  }
}
