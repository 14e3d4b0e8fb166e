import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { TerraformStack, TerraformVariable, Testing } from "cdktf";
import fc from "fast-check";
import { fileText } from "../../../../hcl/syntax/print";
import { valueOf } from "../../../../hcl/syntax/value";
import { type BootSettings, settingsFile } from "../../../../modules/app-connector/boot/boot-settings";
import { judgeUserData, mostUserDataBytes, userData } from "../../../../modules/app-connector/boot/user-data";
import { resolved } from "../../../../modules/validation";
import { parseHcl } from "../../../hcl/normalize";
import { script, settings, signers } from "./instance";

/** Everything that can be told, the names as long as AWS takes them. */
const longest: BootSettings = {
  parameters: `/zscaler/app-connectors/${"n".repeat(64)}`,
  image: "zscaler",
  enrollment: {
    secretsManager: {
      secret: `arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:${"s".repeat(512)}-abcdef`,
      field: "f".repeat(128),
    },
  },
  group: "g".repeat(255),
  enrollSeconds: 7200,
  updatePackages: true,
  proxy: {
    host: "h".repeat(253),
    port: 65535,
    bypass: Array.from({ length: 10 }, () => `*.${"b".repeat(30)}.example.com`),
    secret: `arn:aws-us-gov:secretsmanager:us-gov-west-1:123456789012:secret:${"p".repeat(512)}-abcdef`,
  },
  dnsServers: ["255.255.255.251", "255.255.255.252", "255.255.255.253"],
  routes: Array.from({ length: 10 }, () => ({ range: "255.255.255.240/32", gateway: "255.255.255.254" })),
  tcpKeepalive: { timeSeconds: 32767, intervalSeconds: 32767, probes: 127 },
  certificates: [{ s3: { bucket: "b".repeat(63), key: "k".repeat(512) } }, { parameter: { name: `/${"c".repeat(200)}` } }],
};

describe("the settings file", () => {
  test("has a line for each thing that is wanted, and no other", () => {
    expect(settingsFile(settings)).toBe(
      "PARAMETERS=/zscaler/app-connectors/egress\nIMAGE=zscaler\nENROLLMENT=secretsmanager\nKEY_SOURCE=zpa-key\nENROLL_SECONDS=900\n",
    );
    expect(
      settingsFile({
        ...settings,
        image: "rhel",
        enrollment: { secretsManager: { secret: "zpa-key", field: "key" } },
        group: "egress-app-connectors",
        updatePackages: true,
        proxy: { host: "proxy.corp", port: 3128, bypass: ["1.2.3.4", "*.internal.local"], secret: "proxy-login" },
        dnsServers: ["10.1.0.2", "10.1.0.3"],
        routes: [
          { range: "192.168.0.0/16", gateway: "10.1.0.1" },
          { range: "172.16.0.0/12", gateway: "10.1.0.1" },
        ],
        tcpKeepalive: { timeSeconds: 60, intervalSeconds: 10, probes: 6 },
        certificates: [{ parameter: { name: "/ca/root" } }, { s3: { bucket: "trust", key: "ca/second.pem" } }],
      }).split("\n"),
    ).toEqual([
      "PARAMETERS=/zscaler/app-connectors/egress",
      "IMAGE=rhel",
      "ENROLLMENT=secretsmanager",
      "KEY_SOURCE=zpa-key",
      "KEY_FIELD=key",
      "GROUP=egress-app-connectors",
      "ENROLL_SECONDS=900",
      "UPDATE=yes",
      "PROXY=proxy.corp:3128",
      "PROXY_BYPASS=1.2.3.4 *.internal.local",
      "PROXY_SECRET=proxy-login",
      "DNS_SERVERS=10.1.0.2 10.1.0.3",
      "ROUTES=192.168.0.0/16@10.1.0.1 172.16.0.0/12@10.1.0.1",
      "TCP_KEEPALIVE=60 10 6",
      "CERTIFICATES=parameter:/ca/root s3://trust/ca/second.pem",
      "",
    ]);
  });

  test("says how an instance enrolls", () => {
    expect(settingsFile({ ...settings, enrollment: { parameterStore: { parameter: "/zpa/key" } } })).toContain(
      "\nENROLLMENT=parameterstore\nKEY_SOURCE=/zpa/key\n",
    );
    const oauth = settingsFile({ ...settings, enrollment: { oauth: {} } });
    expect(oauth).toContain("\nENROLLMENT=oauth\n");
    expect(oauth).not.toContain("KEY_");
  });
});

/** A text as Terraform reads it. */
const read = (text: string): string => text.replace(/([$%])\1\{/g, "$1{");

describe("user data", () => {
  test("packed, is as long as EC2 takes, with everything that can be set", () => {
    expect(mostUserDataBytes).toBe(16_384);
    expect(gzipSync(userData(longest)).length).toBeLessThan(mostUserDataBytes);
    expect(judgeUserData(userData(longest))).toBeUndefined();
    const routes = Array.from({ length: 4000 }, (_, index) => ({
      range: `10.${index % 256}.${index >> 8}.${(index * 7) % 256}/32`,
      gateway: "10.1.0.1",
    }));
    expect(judgeUserData(userData({ ...longest, routes }))?.problem).toMatch(/has \d{5} bytes, and EC2 takes 16384$/);
  });

  test("installs the script, its unit and its settings, and starts the unit without waiting for it", () => {
    const folder = mkdtempSync(join(tmpdir(), "user-data-"));
    const file = (name: string): string => join(folder, name);
    try {
      for (const name of ["bin", "etc/systemd/system", "usr/local/sbin"]) mkdirSync(file(name), { recursive: true });
      writeFileSync(file("bin/systemctl"), `#!/bin/sh\necho "$*" >>${file("calls")}\n`);
      chmodSync(file("bin/systemctl"), 0o755);
      writeFileSync(file("user-data"), read(userData(longest)).replace(/(?<=[ >])\/(?=(usr|etc)\/)/g, `${folder}/`));
      const { status, stderr } = spawnSync("bash", [file("user-data")], {
        encoding: "utf8",
        env: { PATH: `${file("bin")}:${process.env["PATH"]}` },
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      const written = readFileSync(file("usr/local/sbin/zscaler-enroll"), "utf8");
      const source = readFileSync(script, "utf8");
      expect(written).toBe(source);
      expect(readFileSync(file("etc/zscaler-enroll/settings"), "utf8")).toBe(settingsFile(longest));
      expect(readFileSync(file("etc/systemd/system/zscaler-enroll.service"), "utf8")).toBe(
        readFileSync(join(script, "../zscaler-enroll.service"), "utf8"),
      );
      const modes = ["usr/local/sbin/zscaler-enroll", "etc/systemd/system/zscaler-enroll.service", "etc/zscaler-enroll/settings"];
      expect(modes.map((name) => (statSync(file(name)).mode & 0o777).toString(8))).toEqual(["755", "644", "644"]);
      expect(readFileSync(file("calls"), "utf8")).toBe("daemon-reload\nenable zscaler-enroll\nstart --no-block zscaler-enroll\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("is the same in Terraform's JSON and in HCL, with its tokens and nothing else interpolated", async () => {
    const stack = new TerraformStack(Testing.app(), "stack");
    const group = new TerraformVariable(stack, "group", { type: "string" });
    const given = userData({ ...settings, group: group.stringValue });
    const text = resolved(stack, given);
    expect(text.match(/(?<![$%])[$%]\{[^}]*\}/g)).toEqual(["${var.group}"]);
    const hcl = fileText([
      {
        kind: "block",
        type: "locals",
        labels: [],
        body: [[{ kind: "argument", name: "user_data", value: valueOf(text, "user_data", { typeOf: () => undefined }) }]],
      },
    ]);
    expect((await parseHcl(hcl)).locals).toEqual({ user_data: text });
  });

  test("holds no secret, and other settings change nothing but the settings", () => {
    const withoutSettings = (given: BootSettings): string => userData(given).replace(settingsFile(given), "");
    fc.assert(
      fc.property(fc.stringMatching(/^[\w/.-]{1,60}$/), fc.integer({ min: 1, max: 7200 }), (parameters, enrollSeconds) => {
        expect(withoutSettings({ ...settings, parameters, enrollSeconds })).toBe(withoutSettings(settings));
      }),
      { numRuns: 20 },
    );
  });
});

test("the public keys in the script are those of the fingerprints that signatures are checked by", () => {
  const blocks = [...readFileSync(script, "utf8").matchAll(/^ {4}([0-9A-F]{40})\) base64 -d <<'END' ;;\n([^]*?)\nEND$/gm)];
  const fingerprints = blocks.map(([, fingerprint = "", block = ""]) => {
    const packet = Buffer.from(block, "base64");
    // RFC 4880, 4.2.1 and 12.2: an old packet of tag 6 with a length of two octets, whose body is hashed behind 0x99 and that length.
    expect(packet[0]).toBe(0x99);
    const computed = createHash("sha1")
      .update(packet.subarray(0, 3 + packet.readUInt16BE(1)))
      .digest("hex");
    expect(computed.toUpperCase()).toBe(fingerprint);
    return fingerprint;
  });
  expect(fingerprints).toEqual([signers.cli, signers.agent]);
});
