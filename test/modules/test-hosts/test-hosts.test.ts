import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestHosts, type TestHostsProps } from "../../../modules/test-hosts";
import { trustCertificate } from "../../../modules/test-hosts/trust-certificate";
import { certificate } from "../../stacks/certificate";
import { synthesizePlain } from "../../stacks/synthesize";

const props: TestHostsProps = { name: "theirs", vpcId: "vpc-0", workloadSubnetIds: { a: "subnet-0a", b: "subnet-0b" } };
const bastion = { allowFrom: { office: "203.0.113.0/24" }, keyName: "operators" };

const made = (more: Partial<TestHostsProps> = {}) => synthesizePlain((stack) => new TestHosts(stack, "hosts", { ...props, ...more }));

test("stand in subnets that exist, in a stack of cdktf's own", () => {
  const instances = Object.values(made({ bastion, publicSubnetId: "subnet-0p" }).ofType("aws_instance"));
  expect(Object.fromEntries(instances.map(({ tags, subnet_id }) => [(tags as { readonly Name: string }).Name, subnet_id]))).toEqual({
    "theirs-workload-a": "subnet-0a",
    "theirs-workload-b": "subnet-0b",
    "theirs-bastion": "subnet-0p",
  });
});

test("a bastion needs a public subnet", () => {
  expect(() => made({ bastion })).toThrow("theirs/hosts.publicSubnetId: a bastion needs a public subnet");
});

test("a host trusts the certificate given, and is replaced when another is", () => {
  const hosts = Object.values(made({ rootCertificate: certificate }).ofType("aws_instance"));
  for (const host of hosts) expect(host).toMatchObject({ user_data: trustCertificate(certificate), user_data_replace_on_change: true });
  for (const host of Object.values(made().ofType("aws_instance"))) expect(host).not.toHaveProperty("user_data");
});

test("what a host runs writes the certificate as it is, then renews the trust", () => {
  const folder = mkdtempSync(join(tmpdir(), "trust-"));
  try {
    writeFileSync(join(folder, "update-ca-trust"), '#!/bin/sh\ncp "$FOLDER/anchor.crt" "$FOLDER/trusted.crt"\n');
    chmodSync(join(folder, "update-ca-trust"), 0o755);
    const script = trustCertificate(certificate);
    expect(script).toContain("/etc/pki/ca-trust/source/anchors/");
    execFileSync("bash", ["-c", script.replace(/\/etc\/pki\/ca-trust\/source\/anchors\/\S+/, '"$FOLDER/anchor.crt"')], {
      env: { ...process.env, PATH: `${folder}:${String(process.env["PATH"])}`, FOLDER: folder },
    });
    expect(readFileSync(join(folder, "trusted.crt"), "utf8").trim()).toBe(certificate.trim());
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("all mistakes are told at once, with the construct's path", () => {
  const mistakes = () => made({ instanceType: "huge", rootCertificate: "certificate", bastion: { allowFrom: {}, keyName: "" } });
  for (const path of ["instanceType", "rootCertificate", "bastion.allowFrom", "bastion.keyName"])
    expect(mistakes).toThrow(`theirs/hosts.${path}: `);
});

test("a private key in place of a certificate is not repeated", () => {
  const key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----";
  expect(() => made({ rootCertificate: `${certificate}${key}` })).toThrow(/a private key is given/);
  expect(() => made({ rootCertificate: key })).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining("c2VjcmV0") as string }) as Error,
  );
});
