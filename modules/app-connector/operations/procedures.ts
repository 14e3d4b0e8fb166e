import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Fn, Token } from "cdktf";
import { asText, isToken } from "../../validation";

/** A parameter of a Command document. It becomes part of a shell script, so what it may be is bounded. */
export type Parameter = {
  readonly type: "String";
  readonly description: string;
  readonly default: string;
} & ({ readonly allowedPattern: string } | { readonly allowedValues: readonly string[] });

/** Something that an App Connector's instance does when Systems Manager asks it to. */
export interface Procedure {
  readonly description: string;
  /** One that reads harms nothing: it runs on several at once, and on all of them even if some fail. */
  readonly effect: "reads" | "changes";
  readonly parameters?: Readonly<Record<string, Parameter>>;
  /** Seconds after which Systems Manager ends it. */
  readonly seconds: number;
  readonly shell: string;
}

export interface ProcedureSettings {
  readonly name: string;
  readonly enrollSeconds: number;
  readonly logBucket: string | undefined;
}

/** The sum of times, of which some may be known only at deployment. */
export const total = (...seconds: readonly number[]): number =>
  seconds.some(isToken) ? Token.asNumber(Fn.sum([...seconds])) : seconds.reduce((sum, each) => sum + each, 0);

/**
 * The shell text of a procedure: what all share, its settings, and its own file.
 *
 * The files do without `${` and `%{`, which Terraform would take for its own.
 */
function shell(file: string, settings: Readonly<Record<string, string>> = {}): string {
  const text = (name: string): string => readFileSync(join(__dirname, "shell", `${name}.sh`), "utf8");
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`);
  return [text("service"), "\n", ...lines, text(file)].join("");
}

const waitSeconds = (seconds: string): Parameter => ({
  type: "String",
  description: "Seconds that the App Connector has to be connected to ZPA again.",
  default: seconds,
  allowedPattern: "^[1-9][0-9]{1,3}$",
});
const longestWaitSeconds = 9999;

/** What is done on App Connectors in operation (Zscaler help, "Managing Deployed App Connectors"), by name. */
export const procedures = ({ name, enrollSeconds, logBucket = "" }: ProcedureSettings): Readonly<Record<string, Procedure>> => ({
  status: {
    description: "Shows the service, its processes, version, id and connection to ZPA. Fails if the App Connector is not healthy.",
    effect: "reads",
    seconds: 120,
    shell: shell("status"),
  },
  "check-size": {
    description: "Compares processors and memory with what Zscaler asks for. Fails if the instance is too small.",
    effect: "reads",
    parameters: {
      AppProtection: {
        type: "String",
        description: "Whether ZPA inspects the applications' traffic by AppProtection, which needs more.",
        default: "no",
        allowedValues: ["no", "yes"],
      },
    },
    seconds: 120,
    shell: shell("check-size"),
  },
  restart: {
    description: "Restarts the service, and waits until it is connected to ZPA again. Ends the sessions that go through it.",
    effect: "changes",
    parameters: { WaitSeconds: waitSeconds("300") },
    seconds: longestWaitSeconds + 300,
    shell: shell("restart"),
  },
  "update-packages": {
    description:
      "Updates the packages of the system and then reboots it, or only zpa-connector and then restarts it, and waits until it is connected to ZPA again.",
    effect: "changes",
    parameters: {
      Packages: { type: "String", description: "What is updated.", default: "all", allowedValues: ["all", "zpa-connector"] },
      WaitSeconds: waitSeconds("600"),
    },
    seconds: longestWaitSeconds + 3600,
    shell: shell("update-packages"),
  },
  "collect-logs": {
    description: "Collects the log of the App Connector and of its enrollment, into the bucket of the deployment's settings or shown.",
    effect: "reads",
    parameters: {
      Since: {
        type: "String",
        description: "Since when, in journalctl's words, such as 2 hours ago or 2025-01-31 10:00.",
        default: "1 hour ago",
        allowedPattern: "^[A-Za-z0-9][A-Za-z0-9 :+-]{0,39}$",
      },
      Lines: {
        type: "String",
        description: "The most lines, of which the newest are taken.",
        default: "10000",
        allowedPattern: "^[1-9][0-9]{0,6}$",
      },
    },
    seconds: 900,
    shell: shell("collect-logs", { bucket: logBucket, folder: name }),
  },
  "re-enroll": {
    description: "Enrolls the App Connector anew with the key that its secret now holds. Keeps the proxy and its bypass list.",
    effect: "changes",
    // Another run of zscaler-enroll may have to end first, which has as long.
    seconds: total(enrollSeconds, enrollSeconds, 600),
    shell: shell("re-enroll"),
  },
});

/** The content of a Command document: schema 2.2, in which times are texts. */
export const commandContent = (id: string, { description, parameters, seconds, shell: text }: Procedure) => ({
  schemaVersion: "2.2",
  description,
  parameters,
  mainSteps: [
    {
      action: "aws:runShellScript",
      name: id,
      inputs: { timeoutSeconds: asText(seconds), runCommand: text.trimEnd().split("\n") },
    },
  ],
});
