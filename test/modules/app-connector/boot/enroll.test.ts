import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { type BootSettings } from "../../../../modules/app-connector/boot/boot-settings";
import { goodKey, type Instance, newInstance, removeCommands, type Run, signers } from "./instance";

const parameters = "world/parameters/zscaler/app-connectors/egress";
const keyFile = "root/opt/zscaler/var/provision_key";
const stateFolder = "root/var/lib/zscaler-enroll";
const password = "p4ss word$1";
const code = /ABCDE-1234\d/;

const made: Instance[] = [];
const instance = async (wanted: Partial<BootSettings> = {}): Promise<Instance> => {
  const machine = await newInstance(wanted);
  made.push(machine);
  return machine;
};

const expectEnd = ({ code, output }: Pick<Run, "code" | "output">, wanted: number, said: string): void => {
  expect(output).toContain(said);
  expect(code).toBe(wanted);
};

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

const filesWith = (machine: Instance, text: string): readonly string[] =>
  filesBelow(machine.root)
    .filter((file) => readFileSync(file, "utf8").includes(text))
    .map((file) => relative(machine.folder, file));

const mode = (machine: Instance, file: string): string => (statSync(join(machine.folder, file)).mode & 0o777).toString(8);

afterAll(removeCommands);

// Whatever a test does, no secret may be seen: not in arguments, not in what is said, not in another file.
afterEach(async () => {
  for (const machine of made.splice(0)) {
    const seen = `${machine.read("world/calls")}\n${machine.said()}`;
    expect(seen).not.toContain(goodKey.slice(-40));
    expect(seen).not.toContain(password);
    expect(seen).not.toMatch(code);
    expect(filesWith(machine, goodKey.slice(-40)).filter((file) => file !== keyFile)).toEqual([]);
    await machine.remove();
  }
});

test("an instance with Zscaler's image enrolls with the key of its secret", async () => {
  const machine = await instance();
  const { code, calls, output } = await machine.boot({ https_proxy: "http://somewhere:1", HTTP_PROXY: "http://somewhere:1" });
  expectEnd({ code, output }, 0, "the App Connector 2172 is connected");
  expect(readFileSync(join(machine.folder, keyFile), "utf8")).toBe(`${goodKey}\n`);
  expect(mode(machine, keyFile)).toBe("644");
  expect(machine.lines("world/published")).toEqual(["/zscaler/app-connectors/egress/ids/i-0abc String 2172"]);
  // The key is written while the service is stopped; a minute after its first start it starts again, with its latest build.
  const steps = calls.filter((call) => /^systemctl (stop|start)|provision_key.new$|^sleep 60|put-parameter/.test(call));
  expect(steps.map((call) => call.replace(/^sync .*/, "the key is written").replace(/^aws .*(put-parameter).*/, "$1"))).toEqual([
    "systemctl stop zpa-connector",
    "the key is written",
    "systemctl start zpa-connector",
    "sleep 60",
    "systemctl stop zpa-connector",
    "systemctl start zpa-connector",
    "put-parameter",
  ]);
  expect(machine.read("world/aws-environment")).toBe("region eu-west-1 eu-west-1 proxy ");
  expect(machine.requests[0]).toBe("PUT /latest/api/token");
  expect(mode(machine, stateFolder)).toBe("700");
});

test("a boot of an instance that is enrolled changes nothing and asks AWS for nothing", async () => {
  const machine = await instance({
    updatePackages: true,
    proxy: { host: "proxy.corp", port: 3128, bypass: ["10.0.0.0/8"] },
    dnsServers: ["10.1.0.2"],
    tcpKeepalive: { timeSeconds: 60, intervalSeconds: 10, probes: 6 },
    certificates: [{ parameter: { name: "root-ca" } }],
  });
  machine.put("world/parameters/root-ca", "-----BEGIN CERTIFICATE-----\nx");
  await machine.boot();
  const before = filesBelow(machine.root).map((file) => `${file} ${statSync(file).mtimeMs}`);
  const { code, calls } = await machine.boot();
  expect(code).toBe(0);
  expect(calls.filter((call) => !/^(journalctl|sleep|systemctl (is-active|cat)) ?/.test(call))).toEqual([]);
  const after = filesBelow(machine.root).map((file) => `${file} ${statSync(file).mtimeMs}`);
  expect(after.filter((line) => !/proc\/uptime|\/lock /.test(line))).toEqual(before.filter((line) => !/proc\/uptime|\/lock /.test(line)));
});

test("an older App Connector, whose status has other words, is understood, and only its newest status of this boot counts", async () => {
  const machine = await instance();
  machine.put("world/connects-after", "12\n");
  const { code, calls } = await machine.boot({ STATUS_WORDS: "Connector" });
  expect(code).toBe(0);
  expect(calls.filter((call) => call === "sleep 5").length).toBeGreaterThan(5);
  expect(machine.read(`${parameters}/ids/i-0abc`)).toBe("String 2172");
});

test("what the App Connector said before it was restarted for its latest build does not count", async () => {
  const machine = await instance({ enrollSeconds: 120 });
  machine.put("world/connects-after", "0\n");
  machine.put("world/good-starts", "1\n");
  expectEnd(await machine.boot(), 1, "failed: the App Connector is not connected to ZPA after 120 s");
  expect(machine.read("world/journal")).toContain("fohh_connection_connected");
});

describe("what the image lacks", () => {
  test("Red Hat's gets the AWS CLI, the App Connector and the agent, with signatures checked", async () => {
    const machine = await instance({ image: "rhel" });
    machine.metadata.region = "cn-north-1";
    machine.metadata.domain = "amazonaws.com.cn";
    const { code, calls } = await machine.boot();
    expect(code).toBe(0);
    expect(calls.filter((call) => call.startsWith("curl")).map((call) => call.split(" ").at(-1))).toEqual([
      "https://awscli.amazonaws.com/awscli-exe-linux-x86_64.zip",
      "https://awscli.amazonaws.com/awscli-exe-linux-x86_64.zip.sig",
      "https://s3.cn-north-1.amazonaws.com.cn/amazon-ssm-cn-north-1/latest/linux_amd64/amazon-ssm-agent.rpm",
      "https://s3.cn-north-1.amazonaws.com.cn/amazon-ssm-cn-north-1/latest/linux_amd64/amazon-ssm-agent.rpm.sig",
    ]);
    expect(machine.lines("root/etc/yum.repos.d/zscaler.repo")).toEqual([
      "[zscaler]",
      "name=Zscaler Private Access Repository",
      "baseurl=https://yum.private.zscaler.com/yum/el9",
      "enabled=1",
      "gpgcheck=1",
      "gpgkey=https://yum.private.zscaler.com/yum/el9/gpg",
    ]);
    expect(calls).toContain("yum install -y zpa-connector");
    expect(calls).toContain("systemctl enable -q --now amazon-ssm-agent");
    expect(machine.read("world/agent")).toBe("");
    expect(readdirSync(join(machine.folder, stateFolder))).not.toContain("download");
    expect(machine.read(`${parameters}/ids/i-0abc`)).toBe("String 2172");
  });

  test.each([
    ["another key", signers.agent],
    ["nobody", "nobody"],
  ])("an AWS CLI that is signed by %s is not installed, and the boot fails", async (_, signer) => {
    const machine = await instance({ image: "rhel", enrollSeconds: 60 });
    machine.put("world/awscli.signer", `${signer}\n`);
    const { code, output } = await machine.boot();
    expect(code).toBe(1);
    expect(output).toContain(`.zip is not signed by the key ${signers.cli}`);
    expect(output).toContain("failed: the AWS CLI: not done after 60 s");
    expect(machine.read("root/usr/local/bin/aws")).toBeUndefined();
    expect(machine.read(keyFile)).toBeUndefined();
  });

  test("an agent that is signed by another key is not installed, and the App Connector enrolls all the same", async () => {
    const machine = await instance({ image: "rhel" });
    machine.put("world/agent.signer", `${signers.cli}\n`);
    const { code, output } = await machine.boot();
    expect(code).toBe(0);
    expect(output).toContain("the agent of Systems Manager is not installed: the next boot tries again");
    expect(machine.read("world/agent")).toBeUndefined();
  });

  test("half an installation of the AWS CLI is replaced", async () => {
    const machine = await instance({ image: "rhel" });
    mkdirSync(join(machine.root, "usr/local/aws-cli/v2"), { recursive: true });
    expect((await machine.boot()).code).toBe(0);
  });

  test("a repository that is down is waited for, and told when the time is over", async () => {
    const machine = await instance({ image: "rhel" });
    machine.let("yum install", "fail", 3);
    expect((await machine.boot()).code).toBe(0);
    const other = await instance({ image: "rhel", enrollSeconds: 700 });
    other.let("yum install", "hang", 99);
    expectEnd(await other.boot(), 1, "failed: the App Connector's package: not done after 700 s");
  });

  test("packages are updated once before the first start, and an update that fails is only told", async () => {
    const machine = await instance({ updatePackages: true });
    const { calls } = await machine.boot();
    expect(calls.indexOf("yum update -y")).toBeLessThan(calls.indexOf("systemctl start zpa-connector"));
    expect(machine.lines("world/updates")).toEqual(["updated"]);
    const late = await instance({ updatePackages: true, enrollSeconds: 100 });
    late.put("world/secrets-at", "200\n");
    expect((await late.boot()).code).toBe(1);
    late.put("world/secrets-at", "0\n");
    expect((await late.boot()).code).toBe(0);
    expect(late.lines("world/updates")).toEqual(["updated"]);
    for (const how of ["fail", "hang"] as const) {
      const other = await instance({ updatePackages: true });
      other.let("yum update", how, 1);
      expectEnd(await other.boot(), 0, "the packages are not updated");
    }
  });
});

describe("network options", () => {
  test("DNS servers, routes and keepalive are set, once", async () => {
    const machine = await instance({
      dnsServers: ["10.1.0.2", "10.1.0.3"],
      routes: [
        { range: "192.168.0.0/16", gateway: "10.1.0.1" },
        { range: "172.16.0.0/12", gateway: "10.1.0.1" },
      ],
      tcpKeepalive: { timeSeconds: 60, intervalSeconds: 10, probes: 6 },
    });
    const { calls } = await machine.boot();
    expect(calls).toContain("nmcli -g GENERAL.CONNECTION device show eth0");
    expect(machine.lines("world/network")).toEqual([
      "connection modify System eth0 ipv4.ignore-auto-dns yes ipv4.dns 10.1.0.2,10.1.0.3 ipv4.routes 192.168.0.0/16 10.1.0.1,172.16.0.0/12 10.1.0.1",
      "connection up System eth0",
    ]);
    expect(machine.lines("root/etc/sysctl.d/90-zscaler-enroll.conf")).toEqual([
      "net.ipv4.tcp_keepalive_time = 60",
      "net.ipv4.tcp_keepalive_intvl = 10",
      "net.ipv4.tcp_keepalive_probes = 6",
    ]);
    expect(calls).toContain(`sysctl -q -p ${machine.root}/etc/sysctl.d/90-zscaler-enroll.conf`);
    await machine.boot();
    expect(machine.lines("world/network")).toHaveLength(2);
  });

  test("a proxy is given to the App Connector and, with its password, to yum alone", async () => {
    const machine = await instance({ proxy: { host: "proxy.corp", port: 3128, bypass: ["10.0.0.0/8", "*.corp"], secret: "proxy-login" } });
    machine.put("world/secrets/proxy-login", JSON.stringify({ username: "packages", password }));
    expect((await machine.boot()).code).toBe(0);
    expect(machine.read("root/opt/zscaler/var/proxy")).toBe("proxy.corp:3128");
    expect(machine.lines("root/opt/zscaler/var/proxy-bypass")).toEqual(["10.0.0.0/8", "*.corp"]);
    expect(machine.lines("root/etc/yum.conf")).toEqual([
      "[main]",
      "proxy=http://proxy.corp:3128",
      "proxy_username=packages",
      `proxy_password=${password}`,
      "gpgcheck=1",
    ]);
    expect(mode(machine, "root/etc/dnf/dnf.conf")).toBe("600");
    expect(filesWith(machine, password)).toEqual(["root/etc/dnf/dnf.conf"]);
  });

  test("certificates are taken from Parameter Store and S3, and what is none is waited for", async () => {
    const machine = await instance({
      certificates: [{ parameter: { name: "/ca/root" } }, { s3: { bucket: "trust", key: "ca/second.pem" } }],
      enrollSeconds: 100,
    });
    machine.put("world/parameters//ca/root", "-----BEGIN CERTIFICATE-----\none");
    machine.put("world/objects/trust/ca/second.pem", "not yet");
    expectEnd(await machine.boot(), 1, "s3://trust/ca/second.pem is no certificate in PEM");
    machine.put("world/objects/trust/ca/second.pem", "-----BEGIN CERTIFICATE-----\ntwo");
    expect((await machine.boot()).code).toBe(0);
    expect(machine.lines("world/trusted")).toEqual(["zscaler-enroll-1.pem", "zscaler-enroll-2.pem"]);
    expect(machine.read("root/etc/pki/ca-trust/source/anchors/zscaler-enroll-2.pem")).toContain("two");
  });
});

describe("the provisioning key", () => {
  test.each([
    ["in double quotes", `"${goodKey}"`],
    ["in single quotes with a line break of Windows", `'${goodKey}'\r\n`],
  ])("%s is taken without them", async (_, text) => {
    const machine = await instance();
    machine.put("world/secrets/zpa-key", `${text}\n`);
    expect((await machine.boot()).code).toBe(0);
    expect(machine.read(keyFile)).toBe(goodKey);
  });

  test("is a field of a JSON secret, or a parameter", async () => {
    const machine = await instance({ enrollment: { secretsManager: { secret: "both", field: "provisioning-key" } } });
    machine.put("world/secrets/both", JSON.stringify({ other: 1, "provisioning-key": goodKey }));
    expect((await machine.boot()).code).toBe(0);
    const other = await instance({ enrollment: { parameterStore: { parameter: "/zpa/key" } } });
    other.put("world/parameters//zpa/key", `${goodKey}\n`);
    const { code, calls } = await other.boot();
    expect(code).toBe(0);
    expect(calls.join("\n")).toContain("ssm get-parameter --name /zpa/key --with-decryption");
  });

  const half = goodKey.slice(-40);
  test.each([
    ["typographic quotation marks", `“${goodKey}”`, "has quotation marks, dashes or blanks that are not plain ones"],
    ["a typographic dash", goodKey.replace("+", "–"), "has quotation marks, dashes or blanks that are not plain ones"],
    ["white space", goodKey.replace(half, ` ${half}`), "has white space or a line break in it"],
    ["a line break", goodKey.replace(half, `\n${half}`), "has white space or a line break in it"],
    ["no host", goodKey.replace("|api.private.zscaler.com", ""), "has not the form number|host|text"],
    ["a quotation mark at one end", `"${goodKey}`, "has not the form number|host|text"],
    ["nothing in it", "", "has not the form number|host|text"],
  ])("with %s is refused", async (_, text, problem) => {
    const machine = await instance({ group: "g" });
    machine.metadata.targets = ["InService"];
    machine.put("world/hook-at", "0\n");
    machine.put("world/secrets/zpa-key", `${text}\n`);
    expectEnd(await machine.boot(), 1, `failed: the provisioning key of zpa-key ${problem}`);
    expect(machine.read(keyFile)).toBeUndefined();
    expect(machine.lines("world/completed")).toEqual(["ABANDON"]);
  });

  test("that appears late is waited for", async () => {
    const machine = await instance();
    machine.put("world/secrets-at", "600\n");
    const { code, calls } = await machine.boot();
    expect(code).toBe(0);
    const waits = calls.filter((call) => /^sleep/.test(call)).map((call) => Number(call.split(" ")[1]));
    expect(waits.slice(0, 6)).toEqual([2, 4, 8, 16, 30, 30]);
  });

  test("that never appears fails the launch, and the next start of the unit begins anew", async () => {
    const machine = await instance({ group: "g", enrollSeconds: 120 });
    machine.metadata.targets = ["InService"];
    machine.put("world/hook-at", "0\n");
    rmSync(join(machine.folder, "world/secrets/zpa-key"));
    expectEnd(await machine.boot(), 1, "failed: the provisioning key of zpa-key: not done after 120 s");
    expect(machine.lines("world/completed")).toEqual(["ABANDON"]);
    machine.put("world/secrets/zpa-key", `${goodKey}\n`);
    await machine.run([]);
    expect(machine.read(`${parameters}/ids/i-0abc`)).toBe("String 2172");
  });

  test("that is in place already leaves the service alone", async () => {
    const machine = await instance();
    machine.put(keyFile, `${goodKey}\n`);
    const { code, calls } = await machine.boot();
    expect(code).toBe(0);
    expect(calls.filter((call) => /^systemctl (stop|start)/.test(call))).toEqual([]);
    expect(machine.read(`${parameters}/ids/i-0abc`)).toBe("String 2172");
  });

  test("that ZPA does not take fails the launch", async () => {
    const machine = await instance({ group: "g", enrollSeconds: 120 });
    machine.metadata.targets = ["InService"];
    machine.put("world/hook-at", "0\n");
    machine.put("world/key", "2|another.host|key\n");
    expectEnd(await machine.boot(), 1, "failed: the App Connector is not connected to ZPA after 120 s");
    expect(machine.lines("world/completed")).toEqual(["ABANDON"]);
  });
});

test.each([
  ["fail", "aws get-secret-value"],
  ["hang", "aws get-secret-value"],
  ["fail", "aws put-parameter"],
  ["hang", "aws put-parameter"],
  ["fail", "systemctl start"],
] as const)("what lets a call %s for a while is outlived: %s", async (how, call) => {
  const machine = await instance();
  machine.let(call, how, 3);
  expect((await machine.boot()).code).toBe(0);
  expect(machine.read(`${parameters}/ids/i-0abc`)).toBe("String 2172");
});

test("metadata that comes late is waited for, and asked for with a token alone", async () => {
  const machine = await instance();
  machine.metadata.failures = 5;
  expect((await machine.boot()).code).toBe(0);
});

test("an image that lacks the App Connector fails clearly", async () => {
  const machine = await instance({ enrollSeconds: 100 });
  machine.let("systemctl stop", "fail", 99);
  expectEnd(await machine.boot(), 1, "failed: what the App Connector reads at its start: not done");
});

describe("with a code", () => {
  const oauth: Partial<BootSettings> = { enrollment: { oauth: {} } };

  test("the code is published as a secret until the App Connector is registered", async () => {
    const machine = await instance(oauth);
    machine.put("world/registers", "ABCDE-12349\n");
    const { code, calls } = await machine.boot();
    expect(code).toBe(0);
    expect(machine.lines("world/published")).toEqual([
      "/zscaler/app-connectors/egress/codes/i-0abc SecureString ABCDE-12349",
      "/zscaler/app-connectors/egress/ids/i-0abc String 2172",
    ]);
    expect(calls.filter((call) => /get-secret-value|get-parameter|sleep 60/.test(call))).toEqual([]);
    expect(mode(machine, `${stateFolder}/code`)).toBe("600");
    expect(readdirSync(join(machine.folder, stateFolder))).not.toContain("value");
    await machine.boot();
    expect(machine.lines("world/published")).toHaveLength(2);
  });

  test("another code, after another boot, is published in its place", async () => {
    const machine = await instance({ ...oauth, enrollSeconds: 100 });
    expect((await machine.boot()).code).toBe(1);
    machine.put("world/registers", "ABCDE-12348\n");
    expect((await machine.boot()).code).toBe(0);
    expect(machine.lines("world/published").map((line) => line.split(" ").at(-1))).toEqual(["ABCDE-12349", "ABCDE-12348", "2172"]);
  });

  test("a code that cannot be published is tried again, and fails the boot in the end", async () => {
    const machine = await instance({ ...oauth, enrollSeconds: 100 });
    machine.put("world/registers", "ABCDE-12349\n");
    machine.let("aws put-parameter", "fail", 2);
    expect((await machine.boot()).code).toBe(0);
    const other = await instance({ ...oauth, enrollSeconds: 100 });
    other.let("aws put-parameter", "fail", 99);
    expectEnd(await other.boot(), 1, "the code is not published yet");
  });
});

describe("in an Auto Scaling group", () => {
  const grouped = async (...targets: string[]): Promise<Instance> => {
    const machine = await instance({ group: "egress" });
    machine.metadata.targets = targets;
    machine.put("world/hook-at", "0\n");
    return machine;
  };
  const completions = (calls: readonly string[]): readonly string[] => calls.filter((call) => call.includes("complete-lifecycle-action"));

  test("the launch is completed once the App Connector is connected and its id is known", async () => {
    const machine = await grouped("InService", "InService", "InService");
    const { calls } = await machine.boot();
    expect(machine.lines("world/completed")).toEqual(["CONTINUE"]);
    expect(completions(calls)).toEqual([
      "aws --cli-connect-timeout 5 --cli-read-timeout 20 autoscaling complete-lifecycle-action --lifecycle-hook-name launch " +
        "--auto-scaling-group-name egress --instance-id i-0abc --lifecycle-action-result CONTINUE",
    ]);
    expect(calls.findIndex((call) => call.includes("put-parameter"))).toBeLessThan(
      calls.findIndex((call) => call.includes("complete-lifecycle")),
    );
  });

  test("a hook that comes later than the instance is ready is waited for two minutes", async () => {
    const machine = await grouped("InService");
    machine.put("world/hook-at", "150\n");
    await machine.boot();
    expect(machine.lines("world/completed")).toEqual(["CONTINUE"]);
    const other = await grouped("InService");
    rmSync(join(other.folder, "world/hook-at"));
    const { calls } = await other.boot();
    expect(completions(calls)).toHaveLength(13);
  });

  test("a call that is throttled or hangs is made again", async () => {
    for (const how of ["fail", "hang"] as const) {
      const machine = await grouped("InService");
      machine.let("aws complete-lifecycle-action", how, 4);
      await machine.boot();
      expect(machine.lines("world/completed")).toEqual(["CONTINUE"]);
    }
  });

  test("a call that is never answered does not abandon an App Connector that serves: the unit tries again", async () => {
    const machine = await instance({ group: "egress", enrollSeconds: 150 });
    machine.metadata.targets = ["InService"];
    machine.let("aws complete-lifecycle-action", "fail", 999);
    const { code, calls } = await machine.boot();
    expect(code).toBe(1);
    expect(calls.join("\n")).not.toContain("ABANDON");
  });

  test("an instance that is in no group, though made for one, completes nothing", async () => {
    const machine = await grouped();
    const { code, calls, output } = await machine.boot();
    expect(code).toBe(0);
    expect(output).toContain("in no Auto Scaling group");
    expect(completions(calls)).toEqual([]);
  });

  test("a stopped warm pool meets the hook in the boot that enrolls and in the boot that serves", async () => {
    const machine = await grouped("Warmed:Stopped", "Warmed:Stopped");
    await machine.boot();
    expect(machine.lines("world/completed")).toEqual(["CONTINUE"]);
    machine.metadata.targets = ["InService"];
    machine.put("world/hook-at", "0\n");
    await machine.boot();
    expect(machine.lines("world/completed")).toEqual(["CONTINUE", "CONTINUE"]);
    expect(machine.lines("world/published")).toHaveLength(1);
  });

  test("a running warm pool meets the hook twice without a boot, and again after a return to the pool", async () => {
    const machine = await grouped(
      "Warmed:Running",
      "Warmed:Running",
      "Warmed:Running",
      "InService",
      "InService",
      "Warmed:Running",
      "InService",
    );
    // The hook is active again each time that the one before was completed.
    machine.put("world/hook-again", "3\n");
    const { calls } = await machine.boot();
    expect(machine.lines("world/completed")).toEqual(["CONTINUE", "CONTINUE", "CONTINUE", "CONTINUE"]);
    const first = calls.findIndex((call) => call.includes("complete-lifecycle"));
    const second = calls.findIndex((call, index) => index > first && call.includes("complete-lifecycle"));
    expect(calls.slice(first, second).filter((call) => call === "sleep 10")).toHaveLength(3);
  });

  test("metadata that fails while the group is followed is outlived", async () => {
    const machine = await grouped("Warmed:Running", "Warmed:Running", "InService");
    machine.put("world/hook-again", "3\n");
    const boot = machine.boot();
    machine.metadata.failures = 2;
    await boot;
    expect(machine.lines("world/completed")).toEqual(["CONTINUE", "CONTINUE"]);
  });
});

describe("an image of an instance that enrolled", () => {
  const clone = async (): Promise<Instance> => {
    const machine = await instance({ group: "g" });
    machine.metadata.targets = ["InService"];
    await machine.boot();
    machine.metadata.instance = "i-0new";
    machine.put("world/hook-at", "0\n");
    machine.put("world/published", "");
    return machine;
  };

  test("is refused, and its App Connector is stopped", async () => {
    const machine = await clone();
    expectEnd(await machine.boot(), 1, "failed: this disk enrolled as i-0abc");
    expect(machine.read("world/service")).toBe("inactive");
    expect(machine.lines("world/completed")).toEqual(["ABANDON"]);
    expect(machine.lines("world/published")).toEqual([]);
  });

  test("gives up nothing that is another's", async () => {
    const machine = await clone();
    expect((await machine.run(["re-enroll"])).code).toBe(1);
    expect(machine.lines("world/published")).toEqual([]);
    expect(machine.lines("world/completed")).toEqual([]);
  });
});

const newKey = `3|api.private.zscaler.com|${goodKey.slice(-40)}`;

/** An instance that is enrolled, and whose secret has a new key. */
const enrolled = async (wanted: Partial<BootSettings> = {}): Promise<Instance> => {
  const machine = await instance({ proxy: { host: "proxy.corp", port: 3128, bypass: ["10.0.0.0/8"] }, ...wanted });
  await machine.boot();
  machine.put("root/opt/zscaler/var/proxy-bypass", "written by hand\n");
  machine.put("root/opt/zscaler/var/cache/file", "");
  machine.put("world/key", `${newKey}\n`);
  machine.put("world/secrets/zpa-key", `${newKey}\n`);
  return machine;
};

describe("re-enrollment", () => {
  test("gives the App Connector up, wipes what it kept but for the proxy, and enrolls anew", async () => {
    const machine = await enrolled({ proxy: { host: "proxy.corp", port: 3128, bypass: [] } });
    expectEnd(await machine.run(["re-enroll"]), 0, "the App Connector 2173 is connected");
    expect(machine.lines("world/published").slice(1)).toEqual([
      "/zscaler/app-connectors/egress/retired/2172 String i-0abc",
      "/zscaler/app-connectors/egress/ids/i-0abc String 2173",
    ]);
    expect(readdirSync(join(machine.root, "opt/zscaler/var")).sort()).toEqual(["identity", "provision_key", "proxy", "proxy-bypass"]);
    expect(machine.read("root/opt/zscaler/var/proxy-bypass")).toBe("written by hand");
    expect(machine.read(keyFile)).toBe(newKey);
    expect(readdirSync(join(machine.folder, stateFolder))).not.toContain("re-enroll");
  });

  test("of an App Connector whose id was never published finds it in the journal", async () => {
    const machine = await enrolled();
    rmSync(join(machine.folder, stateFolder, "id"));
    expect((await machine.run(["re-enroll"])).code).toBe(0);
    expect(machine.read(`${parameters}/retired/2172`)).toBe("String i-0abc");
  });

  test("does not take the status of the App Connector that was given up for the new one's", async () => {
    const machine = await enrolled({ enrollSeconds: 80 });
    machine.put("world/key", "4|other.host|key\n");
    expect((await machine.run(["re-enroll"])).code).toBe(1);
    // The unit starts again in the same boot, with the old status still in the journal.
    expect((await machine.run([])).code).toBe(1);
    expect(machine.read(`${parameters}/ids/i-0abc`)).toBe("String 2172");
    machine.put("world/key", `${newKey}\n`);
    expect((await machine.boot()).code).toBe(0);
    expect(machine.read(`${parameters}/ids/i-0abc`)).toBe("String 2173");
  });
});

test("the status is what the App Connector last said", async () => {
  const machine = await instance();
  expect((await machine.run(["status"])).output).toBe("instance: i-0abc\nApp Connector: unknown\nversion: unknown\nconnection: unknown\n");
  await machine.boot();
  expect((await machine.run(["status"])).output).toBe("instance: i-0abc\nApp Connector: 2172\nversion: 18.42.1\nconnection: connected\n");
  machine.put(
    "world/journal",
    `${machine.read("world/journal")}\nApp Connector Status:ID=2172:Name=x:Ver=19.1 -----\nControl connection state: fohh_connection_backoff\n`,
  );
  expect((await machine.run(["status"])).output).toContain("version: 19.1\nconnection: disconnected\n");
  expect((await machine.run(["other"])).code).toBe(2);
});

describe("power that is lost after any step", () => {
  // Another boot shows another code.
  const contentOf = (file: string): string => readFileSync(file, "utf8").replace(code, "a code");

  /** All that counts in the end: which code was published last does not, once the App Connector is connected. */
  const outcome = (machine: Instance): unknown => ({
    files: filesBelow(machine.root)
      .filter((file) => !/\/proc\/|\/lock$|\/zscaler-enroll\/code(\.new)?$/.test(file))
      .map((file) => `${mode(machine, relative(machine.folder, file))} ${relative(machine.root, file)} ${contentOf(file)}`)
      .sort(),
    parameters: filesBelow(join(machine.folder, "world/parameters"))
      .map((file) => `${relative(machine.folder, file)} ${contentOf(file)}`)
      .sort(),
    completed: machine.lines("world/completed"),
    service: machine.read("world/service"),
  });

  /** The instance before the run that is disturbed, what is run if it is no boot, and how many of its calls change something, at least. */
  interface Scenario {
    readonly prepare: () => Promise<Instance>;
    readonly words?: readonly string[];
    readonly leastSteps: number;
  }
  const scenarios: Readonly<Record<string, Scenario>> = {
    "of a boot that enrolls by a key": {
      prepare: async () => {
        const machine = await instance({ group: "g" });
        machine.metadata.targets = ["InService"];
        machine.put("world/hook-at", "0\n");
        return machine;
      },
      leastSteps: 13,
    },
    "of a boot that enrolls by a code": {
      prepare: async () => {
        const machine = await instance({ enrollment: { oauth: {} } });
        machine.put("world/registers", "ABCDE\n");
        return machine;
      },
      leastSteps: 8,
    },
    "of a re-enrollment": { prepare: () => enrolled({ proxy: undefined }), words: ["re-enroll"], leastSteps: 17 },
  };

  test.each(Object.entries(scenarios))("%s ends as if it had not been lost", async (_, { prepare, words, leastSteps }) => {
    const start = (machine: Instance, environment: NodeJS.ProcessEnv) =>
      words === undefined ? machine.boot(environment) : machine.run(words, environment);
    const before = await prepare();
    const again = async (): Promise<Instance> => {
      const machine = await instance();
      machine.copy(before);
      machine.put("world/connects-after", "0\n");
      machine.metadata.targets = before.metadata.targets;
      return machine;
    };
    const undisturbed = await again();
    await start(undisturbed, {});
    const wanted = outcome(undisturbed);
    const steps = Number(undisturbed.read("world/count"));
    expect(steps).toBeGreaterThanOrEqual(leastSteps);
    for (let step = 1; step <= steps; step++) {
      const disturbed = await again();
      expect((await start(disturbed, { KILL_AFTER: String(step) })).code).toBeUndefined();
      await disturbed.boot();
      // Lost before it was noted that the App Connector is given up, so that it was not.
      if (words !== undefined && step === 1) await start(disturbed, {});
      expect({ step, outcome: outcome(disturbed) }).toEqual({ step, outcome: wanted });
    }
  });
});
