import { spawn, spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { zipSync } from "fflate";
import { findPython } from "../../../../emulator";
import { type BootSettings, settingsFile } from "../../../../modules/app-connector/boot/boot-settings";

export const script = join(__dirname, "../../../../modules/app-connector/boot/enroll.sh");
export const goodKey = "1|api.private.zscaler.com|IhQ9C+gJG+x1AFcO3XGlrMW1SDkIuuyRsNwfB4B/cDc2RNNPePNGuI26Nw2K==";
export const signers = { cli: "FB5DB77FD5C118B80511ADA8A6310ACC4672475C", agent: "1C5B395CBE5E74E2F1CA21592784DBF388D19D46" };

/** What the script runs as it is, and what only the stand-ins do, found on this machine. */
const tools = "bash cat mkdir chmod mv rm find grep sed awk tail cut readlink base64 flock".split(" ");
const toolsOfStandIns = "sh cp ln ls wc".split(" ");
const standIn = join(__dirname, "stand-in.sh");
const standIns = "systemctl yum nmcli sysctl update-ca-trust journalctl curl gpgv rpm sleep timeout sync boot".split(" ");

const onPath = (command: string, path = process.env["PATH"] ?? ""): string => {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, command);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  throw new Error(`${command} is not on this machine`);
};

export const settings: BootSettings = {
  parameters: "/zscaler/app-connectors/egress",
  image: "zscaler",
  enrollment: { secretsManager: { secret: "zpa-key" } },
  enrollSeconds: 900,
  updatePackages: false,
  dnsServers: [],
  routes: [],
  certificates: [],
};

export interface Run {
  /** What the script ended with. Undefined if it still followed its group when the machine was stopped, or was killed. */
  readonly code: number | undefined;
  readonly output: string;
  /** Calls of this run, without what was asked of the metadata service. */
  readonly calls: readonly string[];
}

/** What the metadata service answers. */
interface Metadata {
  instance: string;
  region: string;
  domain: string;
  /** Target lifecycle states, one for each time that it is asked for; after the last the machine is stopped. Empty outside of a group. */
  targets: (string | undefined)[];
  /** How many of the next requests get no good answer. */
  failures: number;
}

const install = `#!/bin/sh
while [ $# -gt 0 ]; do case $1 in --bin-dir) bin=$2 ;; --install-dir) folder=$2 ;; esac; shift; done
[ ! -e "$folder" ] || { echo "Found same AWS CLI version: $folder. Skipping install."; exit 0; }
mkdir -p "$bin" "$folder" && ln -s "$AWS_STAND_IN" "$bin/aws"
`;

/** An instance in a folder of its own: the script runs for real, and what it calls are stand-ins that remember. */
export class Instance {
  readonly folder = mkdtempSync(join(tmpdir(), "instance-"));
  readonly root = join(this.folder, "root");
  readonly metadata: Metadata = { instance: "i-0abc", region: "eu-west-1", domain: "amazonaws.com", targets: [], failures: 0 };
  readonly requests: string[] = [];
  private readonly server: Server = createServer((request, response) => this.answer(request, response));
  private readonly outputs: string[] = [];
  private asked = 0;
  private group = 0;

  private commands: string;

  constructor(shared: Commands, wanted: Partial<BootSettings> = {}) {
    this.commands = shared.withAws;
    this.put("root/proc/net/route", "Iface\tDestination\tGateway\neth0\t0000000A\t00000000\neth0\t00000000\t0100000A\n");
    this.put("root/etc/dnf/dnf.conf", "[main]\ngpgcheck=1\nproxy=http://old:1\n");
    symlinkSync("dnf/dnf.conf", join(this.root, "etc/yum.conf"));
    this.put("root/etc/issue", "Red Hat Enterprise Linux\n");
    const world = {
      "next-id": 2172,
      "connects-after": 1,
      count: 0,
      key: goodKey,
      codes: 9,
      registers: "none",
      service: "inactive",
      calls: "",
    };
    for (const [name, value] of Object.entries(world)) this.put(`world/${name}`, `${value}${value === "" ? "" : "\n"}`);
    this.put("world/awscli.zip", zipSync({ "aws/install": [Buffer.from(install), { os: 3, attrs: 0o755 << 16 }] }));
    this.put("world/awscli.signer", `${signers.cli}\n`);
    this.put("world/agent.signer", `${signers.agent}\n`);
    this.put(
      "world/journal-before",
      "-------- App Connector Status:ID=9:Name=x:Ver=1 --------\nControl connection state: fohh_connection_connected\n",
    );
    this.put("world/journal", "");
    this.put("world/secrets/zpa-key", `${goodKey}\n`);
    for (const folder of ["world/fail", "world/hang", "world/parameters"]) mkdirSync(join(this.folder, folder));
    const { image } = { ...settings, ...wanted };
    if (image === "zscaler") {
      for (const name of ["agent", "installed", "enabled"]) this.put(`world/${name}`, "");
      mkdirSync(join(this.root, "opt/zscaler/var"), { recursive: true });
    } else this.commands = shared.withoutAws;
    this.put("root/etc/zscaler-enroll/settings", settingsFile({ ...settings, ...wanted }));
  }

  /** Writes a file below the instance's folder: `root/` is what the instance has, `world/` what the stand-ins know. */
  put(file: string, text: string | Uint8Array): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  /** A file below the instance's folder, without the line break at its end. Undefined if there is none. */
  read(file: string): string | undefined {
    const path = join(this.folder, file);
    return existsSync(path) ? readFileSync(path, "utf8").replace(/\n$/, "") : undefined;
  }

  lines(file: string): readonly string[] {
    return this.read(file)?.split("\n").filter(Boolean) ?? [];
  }

  /** Lets the next calls fail, or hang until they are cut off. */
  let(call: string, how: "fail" | "hang", times: number): void {
    this.put(`world/${how}/${call}`, `${times}\n`);
  }

  /** Takes over what another instance has on its disk, and what the world knows of it. */
  copy(other: Instance): void {
    for (const part of ["root", "world"])
      cpSync(join(other.folder, part), join(this.folder, part), { recursive: true, verbatimSymlinks: true });
  }

  /** Turns the machine on, with what runs at every boot. */
  async boot(environment: NodeJS.ProcessEnv = {}): Promise<Run> {
    this.put("root/proc/uptime", "20.00 1.00\n");
    this.put("world/journal-before", `${this.read("world/journal-before") ?? ""}\n${this.read("world/journal") ?? ""}\n`);
    this.put("world/journal", "");
    this.put("world/service", "inactive\n");
    spawnSync(onPath("boot", this.commands), { env: this.environment({}) });
    return this.run([], environment);
  }

  /** Runs the script, as somebody who is logged in. */
  async run(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Run> {
    const before = this.lines("world/calls").length;
    this.put("world/count", "0\n");
    this.asked = 0;
    const child = spawn(onPath("bash"), [script, ...words], { env: this.environment(environment), detached: true });
    this.group = child.pid ?? 0;
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    const output = chunks.join("");
    this.outputs.push(output);
    return { code: code ?? undefined, output, calls: this.lines("world/calls").slice(before) };
  }

  /** All that the script ever said. */
  said(): string {
    return this.outputs.join("\n");
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  async remove(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
    rmSync(this.folder, { recursive: true });
  }

  private environment(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    return {
      PATH: this.commands,
      ROOT: this.root,
      WORLD: join(this.folder, "world"),
      IMDS: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      CURL: onPath("curl"),
      SLEEP: onPath("sleep"),
      AWS_STAND_IN: standIn,
      ...more,
    };
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { method, url = "", headers } = request;
    this.requests.push(`${method} ${url}`);
    if (this.metadata.failures > 0) {
      this.metadata.failures--;
      response.writeHead(503).end("busy");
    } else if (method === "PUT" && url === "/latest/api/token" && headers["x-aws-ec2-metadata-token-ttl-seconds"]) response.end("TOKEN");
    else if (headers["x-aws-ec2-metadata-token"] !== "TOKEN") response.writeHead(401).end();
    else {
      const value = this.value(url.replace("/latest/meta-data/", ""));
      response.writeHead(value === undefined ? 404 : 200).end(value ?? "<html>404 - Not Found</html>");
    }
  }

  private value(name: string): string | undefined {
    const { instance, region, domain, targets } = this.metadata;
    if (name !== "autoscaling/target-lifecycle-state")
      return { "instance-id": instance, "placement/region": region, "services/domain": domain }[name];
    if (targets.length > 0 && this.asked >= targets.length) process.kill(-this.group, "SIGTERM");
    return targets[this.asked++];
  }
}

/** The only commands that the script finds, as paths to search. */
interface Commands {
  readonly folder: string;
  readonly withAws: string;
  readonly withoutAws: string;
}

async function makeCommands(): Promise<Commands> {
  const { executable: python } = await findPython();
  const folder = mkdtempSync(join(tmpdir(), "commands-"));
  const link = (below: string, name: string, target: string): void => {
    mkdirSync(join(folder, below), { recursive: true });
    symlinkSync(target, join(folder, below, name));
  };
  for (const name of standIns) link("all", name, standIn);
  for (const name of [...tools, ...toolsOfStandIns]) link("all", name, onPath(name));
  link("all", "python3", python);
  link("aws", "aws", standIn);
  const withoutAws = join(folder, "all");
  return { folder, withoutAws, withAws: `${join(folder, "aws")}${delimiter}${withoutAws}` };
}

let commands: Promise<Commands> | undefined;

export const newInstance = async (wanted: Partial<BootSettings> = {}): Promise<Instance> =>
  new Instance(await (commands ??= makeCommands()), wanted).listen();

/** Removes what all instances of a test file share. */
export const removeCommands = async (): Promise<void> => {
  if (commands) rmSync((await commands).folder, { recursive: true });
};
