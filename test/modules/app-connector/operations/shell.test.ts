import { gunzipSync } from "node:zlib";
import { contentOf, synthesizeOperations } from "./documents";
import { type CommandDocument, Instance, type Run } from "./instance";

const shown = synthesizeOperations();
const uploaded = synthesizeOperations({ logBucket: "apps-logs" });
const document = (procedure: string, stack = shown): CommandDocument => contentOf(stack, procedure) as CommandDocument;

let instance: Instance;
beforeEach(() => void (instance = new Instance()));
afterEach(() => instance.remove());
const run = (procedure: string, given: Readonly<Record<string, string>> = {}): Run => instance.run(document(procedure), given);

describe("status", () => {
  test("shows a healthy App Connector, and changes nothing", () => {
    const { code, output } = run("status");
    expect(code).toBe(0);
    for (const part of ["2705 zpa-connector-child", "zpa-connector-24.650.5-1", "App Connector: 217246525011525974"])
      expect(output).toContain(part);
    expect(instance.calls).toEqual([]);
  });

  test.each<[string, (instance: Instance) => Instance, string]>([
    ["a service that is stopped", (it) => it.has("service", "    Active: inactive (dead)\n"), "inactive (dead)"],
    [
      "no child process",
      (it) => it.has("service", "    Active: active (running)\n  └─2696 /opt/zscaler/bin/zpa-connector\n"),
      "no child process",
    ],
    [
      "a service that is being stopped",
      (it) => it.has("service", "    Active: deactivating (stop-sigterm)\n  └─2705 zpa-connector-child\n"),
      "deactivating",
    ],
    ["a package that is missing", (it) => it.has("packages", "kernel-5.14.0-1\n"), "zpa-connector-child"],
    ["an id that is not known", (it) => it.has("status-fails"), "zpa-connector-child"],
    ["a lost connection", (it) => it.disconnected(), "not connected to ZPA"],
    ["a connection of an earlier run", (it) => it.has("run", "run-1\n"), "not connected to ZPA"],
    ["a service that was never started", (it) => it.has("run", "\n"), "not connected to ZPA"],
  ])("fails for %s, and shows the rest", (_, change, told) => {
    change(instance);
    const { code, output } = run("status");
    expect(code).toBe(1);
    expect(output).toContain(told);
    expect(output).toContain("217246525011525974");
  });
});

describe("check-size", () => {
  test.each([
    // m5a.xlarge and c6i.xlarge, and what Zscaler's guide still takes: 4 GB, of which the kernel keeps some.
    { processors: 4, mebibytes: 15_700, code: 0 },
    { processors: 4, mebibytes: 7600, code: 0 },
    { processors: 4, mebibytes: 3700, code: 0 },
    { processors: 2, mebibytes: 7600, hyperthreads: false, code: 0 },
    { processors: 96, mebibytes: 380_000, code: 0 },
    { processors: 2, mebibytes: 7600, code: 1, told: "too few processors" },
    { processors: 1, mebibytes: 7600, hyperthreads: false, code: 1, told: "too few processors" },
    { processors: 4, mebibytes: 1900, code: 1, told: "too little memory" },
    { processors: 8, mebibytes: 15_700, appProtection: "yes", code: 0 },
    { processors: 4, mebibytes: 15_700, appProtection: "yes", code: 1, told: "4, 8 needed" },
    { processors: 8, mebibytes: 3700, appProtection: "yes", code: 1, told: "8 GB needed" },
  ])("%j", ({ code, told = "needed", appProtection = "no", ...machine }) => {
    instance.machine(machine);
    const result = run("check-size", { AppProtection: appProtection });
    expect(result.output).toContain(told);
    expect(result.code).toBe(code);
    expect(result.output.includes("too ")).toBe(code === 1);
  });

  test("tells both that are short", () => {
    instance.machine({ processors: 1, mebibytes: 900 });
    expect(run("check-size").output).toMatch(/too few processors[^]*too little memory/);
  });
});

describe("restart", () => {
  test("waits until the service is connected again, whatever it was before", () => {
    const { code, output } = instance.connectsAfter(3).run(document("restart"));
    expect(output).toContain("zpa-connector is connected to ZPA");
    expect(code).toBe(0);
    expect(instance.calls).toEqual(["systemctl restart zpa-connector"]);
    expect(instance.sleeps).toBe(3);
  });

  test("fails with the end of the log when it does not connect in time", () => {
    const { code, output } = instance.connectsAfter(7).run(document("restart"), { WaitSeconds: "30" });
    expect(output).toMatch(/not connected to ZPA after 30 s[^]*Certificate will expire/);
    expect(code).toBe(1);
    expect(instance.sleeps).toBe(6);
  });

  test("fails at once when the service does not start", () => {
    expect(instance.has("restart-fails").run(document("restart")).code).toBe(1);
    expect(instance.sleeps).toBe(0);
  });
});

describe("update-packages", () => {
  const newer = "zpa-connector-24.651.0-1.el9.x86_64\nkernel-5.14.0-2\n";

  test("reboots after an update, and then waits until the service is connected", () => {
    instance.has("updates", newer);
    expect(run("update-packages").code).toBe(194);
    expect(instance.sleeps).toBe(0);
    const { code, output } = instance.reboots().connectsAfter(2).run(document("update-packages"));
    expect(output).toMatch(/nothing is left to update[^]*is connected to ZPA/);
    expect(code).toBe(0);
    expect(instance.calls).toEqual(["yum update -y", "yum update -y"]);
  });

  test("fails after the reboot when the service does not connect", () => {
    instance.has("updates", newer);
    expect(run("update-packages").code).toBe(194);
    expect(instance.reboots().run(document("update-packages"), { WaitSeconds: "30" }).code).toBe(1);
  });

  test("does not reboot when there is nothing to update", () => {
    expect(run("update-packages")).toMatchObject({ code: 0 });
    expect(instance.calls).toEqual(["yum update -y"]);
  });

  test("restarts the service after an update of its package alone", () => {
    instance.has("updates", newer).connectsAfter(1);
    expect(run("update-packages", { Packages: "zpa-connector" })).toMatchObject({ code: 0 });
    expect(instance.calls).toEqual(["yum update -y zpa-connector", "systemctl restart zpa-connector"]);
  });

  test.each(["all", "zpa-connector"])("touches nothing when the repository is down (%s)", (packages) => {
    expect(instance.has("mirror-down").run(document("update-packages"), { Packages: packages }).code).toBe(1);
    expect(instance.calls).toHaveLength(1);
  });
});

describe("collect-logs", () => {
  test("uploads them, packed, below the deployment and the instance", () => {
    const { code, output } = instance.run(document("collect-logs", uploaded), { Since: "2 hours ago", Lines: "500" });
    expect(code).toBe(0);
    expect(output).toMatch(/^s3:\/\/apps-logs\/apps\/i-0123456789abcdef0\/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.txt\.gz\n$/);
    expect(gunzipSync(instance.bytes("uploaded")).toString()).toBe(instance.text("journal"));
    expect(instance.text("calls")).toContain(
      "journalctl --unit=zpa-connector --unit=zscaler-enroll --since=2 hours ago --lines=500 --no-pager\n",
    );
    expect(instance.calls).toEqual([`aws s3 cp - ${output.trim()} --only-show-errors --region eu-central-1`]);
  });

  test("fails when the upload does", () => {
    const { code, output } = instance.has("upload-fails").run(document("collect-logs", uploaded));
    expect(code).not.toBe(0);
    expect(output).toContain("AccessDenied");
    expect(output).not.toContain("s3://");
  });

  test("fails when there is no log to read, whatever was uploaded", () => {
    expect(instance.has("journal-fails").run(document("collect-logs", uploaded)).code).not.toBe(0);
    expect(run("collect-logs").code).not.toBe(0);
  });

  test("without a bucket shows their end, as much as Systems Manager shows", () => {
    instance.has("journal", `first\n${"x".repeat(30_000)}\nlast\n`);
    const { code, output } = run("collect-logs");
    expect(code).toBe(0);
    expect(output).toHaveLength(20_000);
    expect(output).toMatch(/last\n$/);
    expect(instance.calls).toEqual([]);
  });
});

describe("re-enroll", () => {
  test("leaves it to zscaler-enroll, and shows what was there before", () => {
    const { code, output } = run("re-enroll");
    expect(code).toBe(0);
    expect(output).toMatch(/before:\ninstance: [^]*after:\ninstance: [^]*delete it there by hand/);
    expect(instance.calls).toEqual(["zscaler-enroll re-enroll"]);
  });

  test("fails when it does", () => {
    const { code, output } = instance.has("re-enroll-fails").run(document("re-enroll"));
    expect(code).toBe(1);
    expect(output).not.toContain("after:");
  });

  test("goes on when there is no status to show yet", () => {
    instance.has("status-fails");
    run("re-enroll");
    expect(instance.calls).toEqual(["zscaler-enroll re-enroll"]);
  });
});
