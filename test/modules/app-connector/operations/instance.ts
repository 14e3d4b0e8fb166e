import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A Command document, as far as an instance runs it. */
export interface CommandDocument {
  readonly parameters?: Readonly<
    Record<string, { readonly default?: string; readonly allowedPattern?: string; readonly allowedValues?: readonly string[] }>
  >;
  readonly mainSteps: readonly { readonly inputs: { readonly runCommand: readonly string[] } }[];
}

/** What a run ended with. */
export interface Run {
  readonly code: number | null;
  readonly output: string;
}

const connected = "Control connection state: fohh_connection_connected, local:[10.1.200.10]:53040";
const disconnected = "Control connection state: fohh_connection_disconnected";

const healthyService = [
  "zpa-connector.service - Zscaler Private Access App Connector",
  "    Active: active (running) since Thu 2016-08-18 00:58:44 UTC; 2h 16min ago",
  "    CGroup: /system.slice/zpa-connector.service",
  "            ├─2696 /opt/zscaler/bin/zpa-connector",
  "            └─2705 zpa-connector-child",
].join("\n");

const cpuinfo = (processors: number, flags: string): string =>
  Array.from({ length: processors }, (_, number) => `processor\t: ${number}\nflags\t\t: ${flags}\n`).join("\n");

/** What stands in for the commands of an instance. Each notes how it was called, and reads what it answers from the folder `$STAGE`. */
const standIns: Readonly<Record<string, string>> = {
  systemctl: `case $1 in
status) /bin/cat "$STAGE/service"; [[ $(<"$STAGE/service") == *"active (running)"* ]] || exit 3 ;;
show) /bin/cat "$STAGE/run" ;;
restart) [[ ! -e $STAGE/restart-fails ]] || exit 1; echo "run-$RANDOM$RANDOM" >"$STAGE/run" ;;
esac`,
  journalctl: `case $1 in
_SYSTEMD_INVOCATION_ID=*) [[ $2 == --reverse ]] || exit 9; touch "$STAGE/log-$(<"$STAGE/run")"; tac "$STAGE/log-\${1#*=}" ;;
*) /bin/cat "$STAGE/journal"; [[ ! -e $STAGE/journal-fails ]] ;;
esac`,
  sleep: `echo z >>"$STAGE/slept"
if [[ -s $STAGE/connects-after && $(wc -l <"$STAGE/slept") -ge $(<"$STAGE/connects-after") ]]; then
  echo "${connected}" >>"$STAGE/log-$(<"$STAGE/run")"
fi`,
  yum: `[[ ! -e $STAGE/mirror-down ]] || { echo "Cannot download repomd.xml" >&2; exit 1; }
if [[ -s $STAGE/updates ]]; then /bin/cat "$STAGE/updates" >"$STAGE/packages"; fi`,
  rpm: `case $2 in
--all) /bin/cat "$STAGE/packages" ;;
*) grep "^$2" "$STAGE/packages" ;;
esac`,
  free: `/bin/cat "$STAGE/free"`,
  cat: `if [[ $1 == /proc/cpuinfo ]]; then exec /bin/cat "$STAGE/cpuinfo"; fi; exec /bin/cat "$@"`,
  aws: `/bin/cat >"$STAGE/uploaded"; [[ ! -e $STAGE/upload-fails ]] || { echo AccessDenied >&2; exit 254; }`,
  "zscaler-enroll": `printf '%s\\n' "instance: i-0123456789abcdef0" "App Connector: 217246525011525974" "version: 24.650.5" "connection: connected"
[[ ! -e $STAGE/$1-fails ]] || exit 1`,
};

/** An instance with a healthy App Connector of the guide's size, until a test says otherwise. */
export class Instance {
  readonly folder = mkdtempSync(join(tmpdir(), "app-connector-"));

  constructor() {
    mkdirSync(join(this.folder, "bin"));
    for (const [name, text] of Object.entries(standIns)) {
      const file = join(this.folder, "bin", name);
      const noted = name === "cat" ? "" : `echo "${name} $*" >>"$STAGE/calls"\n`;
      writeFileSync(file, `#!/bin/bash\n${noted}${text}\n`);
      chmodSync(file, 0o755);
    }
    this.has("service", `${healthyService}\n`)
      .has("run", "run-0\n")
      .has("log-run-0", `${connected}\n`)
      .has("journal", "Certificate will expire in 370 days\n")
      .has("packages", "zpa-connector-24.650.5-1.el9.x86_64\nkernel-5.14.0-1\n")
      .has("calls", "")
      .machine({ processors: 4, mebibytes: 15_700 });
  }

  has(file: string, text = ""): this {
    writeFileSync(join(this.folder, file), text);
    return this;
  }

  machine({ processors, mebibytes, hyperthreads = true }: { processors: number; mebibytes: number; hyperthreads?: boolean }): this {
    // `nonstop_tsc` and `xtopology` have an h and a t apart; `ht` alone is the flag.
    return this.has("cpuinfo", cpuinfo(processors, `fpu sse2${hyperthreads ? " ht" : ""} syscall xtopology htt_other`)).has(
      "free",
      `               total        used        free\nMem:           ${mebibytes}        1000       14000\nSwap:              0           0           0\n`,
    );
  }

  /** The service runs, and what it last said is that it has lost ZPA. */
  disconnected(): this {
    return this.has("log-run-0", `${connected}\n${disconnected}\n`);
  }

  /** After a restart, the service connects once the script has slept so often. */
  connectsAfter(sleeps: number): this {
    return this.has("connects-after", `${sleeps}\n`);
  }

  /** The power goes off and on: all that ran is started anew. */
  reboots(): this {
    return this.has("run", "run-1\n");
  }

  /** The calls of commands that change something or reach out, in order. */
  get calls(): readonly string[] {
    const changing = /^(systemctl restart|yum|aws|zscaler-enroll re-enroll)/;
    return this.text("calls")
      .split("\n")
      .filter((call) => changing.test(call));
  }

  get sleeps(): number {
    return existsSync(join(this.folder, "slept")) ? this.text("slept").length / 2 : 0;
  }

  text(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  bytes(file: string): Buffer {
    return readFileSync(join(this.folder, file));
  }

  /** Runs a document as the agent of Systems Manager does: parameters checked and put in place, the script in a file that `sh -c` starts. */
  run(document: CommandDocument, given: Readonly<Record<string, string>> = {}): Run {
    const [step] = document.mainSteps;
    const script = (step?.inputs.runCommand ?? []).join("\n").replace(/\{\{ (\w+) \}\}/g, (_, name: string) => {
      const declared = document.parameters?.[name];
      const value = given[name] ?? declared?.default;
      if (declared === undefined || value === undefined) throw new Error(`${name} is not declared`);
      if (!new RegExp(declared.allowedPattern ?? "").test(value)) throw new Error(`${name} may not be ${value}`);
      if (declared.allowedValues && !declared.allowedValues.includes(value)) throw new Error(`${name} may not be ${value}`);
      return value;
    });
    const file = join(this.folder, "_script.sh");
    writeFileSync(file, script);
    chmodSync(file, 0o700);
    const { status, stdout, stderr } = spawnSync("sh", ["-c", file], {
      env: {
        PATH: `${join(this.folder, "bin")}:/usr/bin:/bin`,
        STAGE: this.folder,
        AWS_SSM_INSTANCE_ID: "i-0123456789abcdef0",
        AWS_SSM_REGION_NAME: "eu-central-1",
      },
      encoding: "utf8",
      timeout: 20_000,
    });
    return { code: status, output: stdout + stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
