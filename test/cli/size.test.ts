import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Writable } from "node:stream";
import { CommandError } from "../../cli/command-error";
import { runSize, type SizeOptions } from "../../cli/size";

/** What the command prints. */
function run(options: Partial<SizeOptions>): string {
  const chunks: string[] = [];
  const out = new Writable({
    write: (chunk, _, done) => {
      chunks.push(String(chunk));
      done();
    },
  });
  runSize({ throughput: "1000", doubleEncrypted: "0", appProtection: false, json: false, ...options }, out);
  return chunks.join("");
}

/** The command as a person runs it. */
const type = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(__dirname, "../../bin/zscaler-aws.js"), "size", ...args], { encoding: "utf8" });

test("the answer has a reason for each number", () => {
  expect(run({ doubleEncrypted: "25" })).toBe(`4 App Connectors on m5a.xlarge carry 1000 Mbps, with one to spare.

- m5a.xlarge: 4 vCPUs and 4 GB are needed, and the guide advises this type for production.
- 500 Mbps each: what an App Connector of that size carries, in both directions together.
- 437.5 Mbps each with 25 % of applications doubly encrypted: all of them would halve it.
- 3 to carry 1000 Mbps.
- 4 so that one may fail, or be updated (N+1).

By Zscaler's guide: https://help.zscaler.com/unified/app-connector-deployment-guide-amazon-web-services#ConnectorThroughput
`);
});

test("AppProtection needs larger instances, and more of them", () => {
  expect(run({ appProtection: true })).toMatch(/^11 App Connectors on m5a\.2xlarge carry 1000 Mbps, with one to spare\.\n/);
});

test("a program reads the same", () => {
  expect(JSON.parse(run({ throughput: "800.5", json: true }))).toEqual({
    throughputMbps: 800.5,
    doubleEncryptedPercent: 0,
    appProtection: false,
    appConnectors: 3,
    withoutSpare: 2,
    instanceType: "m5a.xlarge",
    perAppConnectorMbps: 500,
    notes: expect.arrayContaining(["2 to carry 800.5 Mbps."]) as unknown,
    source: expect.stringMatching(/^https:/) as unknown,
  });
});

test.each(["0", "-1", "", "1e3", "1,000", "1000 Mbps", "Infinity", "0x10"])("%j is no throughput", (throughput) => {
  expect(() => run({ throughput })).toThrow(new CommandError(`--throughput ${throughput} is no throughput: give Mbps, such as 1000`));
});

test("all mistakes are told at once", () => {
  expect(() => run({ throughput: "much", doubleEncrypted: "101" })).toThrow(
    new CommandError(
      [
        "--throughput much is no throughput: give Mbps, such as 1000",
        "--double-encrypted 101 is no percentage: give 0 to 100, the part of applications with double encryption",
      ].join("\n"),
    ),
  );
  expect(run({ doubleEncrypted: "100" })).toMatch(/^5 App Connectors/);
});

describe("as it is typed", () => {
  test("it answers", () => {
    const { status, stdout, stderr } = type("app-connectors", "-t", "1000", "--double-encrypted", "100", "--app-protection", "--json");
    expect([status, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({ appConnectors: 21, perAppConnectorMbps: 50, doubleEncryptedPercent: 100 });
  });

  test("a mistake is told without a stack, and fails", () => {
    const { status, stdout, stderr } = type("app-connectors", "--throughput", "much");
    expect([status, stdout, stderr]).toEqual([1, "", "--throughput much is no throughput: give Mbps, such as 1000\n"]);
  });
});
