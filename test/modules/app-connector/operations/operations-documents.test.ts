import { TerraformVariable } from "cdktf";
import { type OperationsDocuments } from "../../../../modules/app-connector/operations";
import { madeBefore } from "../../../stacks/graph";
import { asText, type Block } from "../../../stacks/synthesize";
import { contentOf, synthesizeOperations } from "./documents";
import { type CommandDocument } from "./instance";

const onInstances = ["status", "check-size", "restart", "update-packages", "collect-logs", "re-enroll"];
const groupArn = "arn:aws:autoscaling:us-west-2:123456789012:autoScalingGroup:*:autoScalingGroupName/apps";

let made: OperationsDocuments | undefined;
const fixed = synthesizeOperations();
const scaled = synthesizeOperations({ groupArn }, (documents) => (made = documents));
const command = (procedure: string): CommandDocument & { readonly mainSteps: readonly Block[] } => contentOf(scaled, procedure) as never;

test("a deployment has a document for each procedure, and one that replaces instances only with a group", () => {
  const addresses = onInstances.map((procedure) => `aws_ssm_document.operations_${procedure.replaceAll("-", "_")}`).sort();
  expect(fixed.addresses).toEqual(addresses);
  expect(scaled.addresses).toEqual(
    [
      ...addresses,
      "aws_iam_role.operations_role",
      "aws_iam_role_policy.operations_role_replace",
      "aws_ssm_document.operations_replace",
      "data.aws_service_principal.operations_role",
    ].sort(),
  );
});

test("documents are for instances alone, and named so that no deployment's name is one of Systems Manager's own", () => {
  for (const [address, block] of Object.entries(scaled.ofType("aws_ssm_document"))) {
    const procedure = address.replace("aws_ssm_document.operations_", "").replaceAll("_", "-");
    expect(block).toMatchObject({
      name: `zscaler-app-connectors-apps-${procedure}`,
      document_type: procedure === "replace" ? "Automation" : "Command",
      document_format: "JSON",
      target_type: "/AWS::EC2::Instance",
    });
  }
  const longest = "aws".padEnd(26, "x");
  const name = synthesizeOperations({ name: longest }).at("aws_ssm_document.operations_update_packages")["name"];
  expect(name).toBe(`zscaler-app-connectors-${longest}-update-packages`);
});

test("commands run by tag: those that change one after the other until one fails, those that read on all", () => {
  const send = (procedure: string, rate: string): string =>
    `aws ssm send-command --document-name zscaler-app-connectors-apps-${procedure} --targets Key=tag:zscaler-app-connectors,Values=apps ${rate}`;
  const one = "--max-concurrency 1 --max-errors 0";
  const many = "--max-concurrency 10 --max-errors 100%";
  expect(made?.commands).toEqual({
    status: send("status", many),
    "check-size": send("check-size", many),
    restart: send("restart", one),
    "update-packages": send("update-packages", one),
    "collect-logs": send("collect-logs", many),
    "re-enroll": send("re-enroll", one),
    replace: `aws ssm start-automation-execution --document-name zscaler-app-connectors-apps-replace --target-parameter-name InstanceId --targets Key=tag:zscaler-app-connectors,Values=apps ${one}`,
  });
  expect(Object.keys(made?.documents ?? {})).toEqual(Object.keys(made?.commands ?? {}));
});

// Systems Manager user guide, "Data elements and parameters", "Command document plugin reference".
describe.each(onInstances)("the Command document of %s", (procedure) => {
  const document = command(procedure);
  const text = JSON.stringify(document);

  test("is one of schema 2.2 with one step", () => {
    expect(document).toMatchObject({
      schemaVersion: "2.2",
      mainSteps: [{ action: "aws:runShellScript", name: expect.stringMatching(/^\w+$/) as string }],
    });
    expect(Object.keys(document).sort()).toEqual(expect.arrayContaining(["description", "mainSteps", "schemaVersion"]));
    const { timeoutSeconds } = document.mainSteps[0]?.inputs as { readonly timeoutSeconds?: string };
    // The agent takes 5 s to 48 hours, and else an hour.
    expect(timeoutSeconds).toMatch(/^\d+$/);
    expect(Number(timeoutSeconds)).toBeGreaterThanOrEqual(60);
    expect(Number(timeoutSeconds)).toBeLessThanOrEqual(172_800);
    expect(Buffer.byteLength(text)).toBeLessThan(65_536);
  });

  test("uses the parameters that it declares, and those alone", () => {
    const used = [...text.matchAll(/\{\{(.*?)\}\}/g)].map(([, name = ""]) => name);
    expect([...new Set(used.map((name) => name.trim()))].sort()).toEqual(Object.keys(document.parameters ?? {}).sort());
    expect(used.every((name) => /^ \w+ $/.test(name))).toBe(true);
  });

  test("lets no parameter out of its quotation marks", () => {
    for (const [name, { default: usual = "", allowedPattern, allowedValues }] of Object.entries(document.parameters ?? {})) {
      const quoted = new RegExp(`^\\w+='\\{\\{ ${name} \\}\\}'$`);
      const lines = document.mainSteps[0]?.inputs.runCommand.filter((line) => line.includes(`{{ ${name} }}`)) ?? [];
      expect(lines.map((line) => quoted.test(line))).toEqual([true]);
      // RE2 has no lookaround, which JavaScript would take.
      expect(allowedPattern ?? "").not.toMatch(/\(\?/);
      const taken = (value: string): boolean =>
        allowedValues ? allowedValues.includes(value) : new RegExp(allowedPattern ?? "").test(value);
      expect(taken(usual)).toBe(true);
      const breaking = ["'", '"', "'; reboot; '", "$(reboot)", "`reboot`", "\nreboot", ";", "|", "&", "\\", "{{ x }}"];
      for (const bad of ["", "-1", ...breaking.flatMap((text) => [text, usual + text, text + usual])])
        expect([bad, taken(bad)]).toEqual([bad, false]);
    }
  });

  test("begins with the shell it is written for, and has nothing that Terraform would take for its own", () => {
    const [first] = document.mainSteps[0]?.inputs.runCommand ?? [];
    expect(first).toBe("#!/bin/bash");
    expect(text).not.toMatch(/[$%]\{/);
  });
});

test("a script has the time that it may wait, and more", () => {
  const seconds = (procedure: string): number =>
    Number((command(procedure).mainSteps[0]?.inputs as { readonly timeoutSeconds?: string }).timeoutSeconds);
  expect(seconds("restart")).toBeGreaterThan(9999);
  expect(seconds("update-packages")).toBeGreaterThan(9999 + 1800);
  expect(seconds("re-enroll")).toBe(1800 + 1800 + 600);
});

// Systems Manager user guide, "Systems Manager Automation actions reference".
describe("the Automation document that replaces an instance", () => {
  const document = contentOf(scaled, "replace") as {
    readonly parameters: Readonly<Record<string, { readonly allowedPattern: string }>>;
    readonly mainSteps: readonly (Block & {
      readonly name: string;
      readonly action: string;
      readonly inputs: Block;
      readonly outputs?: readonly Block[];
    })[];
  };
  const step = (name: string) => document.mainSteps.find((each) => each.name === name);

  test("is one of schema 0.3 that acts by the role", () => {
    expect(document).toMatchObject({ schemaVersion: "0.3", assumeRole: "${aws_iam_role.operations_role.arn}" });
    expect(document.mainSteps.map(({ action }) => action)).toEqual([
      "aws:executeAwsApi",
      "aws:branch",
      "aws:executeAwsApi",
      "aws:waitForAwsResourceProperty",
    ]);
    for (const { name } of document.mainSteps) expect(name).toMatch(/^[a-zA-Z0-9_]+$/);
    expect(new Set(document.mainSteps.map(({ name }) => name)).size).toBe(4);
  });

  test("refers to what is declared, and to steps that are there", () => {
    const outputs = document.mainSteps.flatMap(({ name, outputs: shown = [] }) => shown.map(({ Name }) => `${name}.${asText(Name)}`));
    const declared = [...Object.keys(document.parameters), ...outputs];
    const used = [...JSON.stringify(document).matchAll(/\{\{ (\S+) \}\}/g)].map(([, name]) => name);
    expect(used).not.toEqual([]);
    expect(used.filter((name) => !declared.includes(name ?? ""))).toEqual([]);
    for (const [, next] of JSON.stringify(document).matchAll(/"NextStep":"(.*?)"/g)) expect(step(next ?? "")).toBeDefined();
  });

  test("does nothing to an instance that does not run", () => {
    expect(document.mainSteps[1]).toMatchObject({
      isEnd: true,
      inputs: { Choices: [{ NextStep: "replace", Variable: "{{ look.State }}", StringEquals: "running" }] },
    });
  });

  test("has the group replace it even in its grace period, and waits for its end as long as enrolling and draining take", () => {
    expect(step("replace")?.inputs).toEqual({
      Service: "autoscaling",
      Api: "SetInstanceHealth",
      InstanceId: "{{ InstanceId }}",
      HealthStatus: "Unhealthy",
      ShouldRespectGracePeriod: false,
    });
    expect(step("wait_for_the_end")).toMatchObject({
      timeoutSeconds: 1800 + 600 + 1800,
      inputs: { Api: "DescribeInstances", InstanceIds: ["{{ InstanceId }}"], DesiredValues: ["terminated"] },
    });
  });

  test("takes ids of instances alone", () => {
    const pattern = new RegExp(document.parameters["InstanceId"]?.allowedPattern ?? "");
    expect(
      ["i-0123456789abcdef0", "i-01234567", "vol-0123456789abcdef0", "eni-01234567", "", "i-0123 4567"].map((id) => pattern.test(id)),
    ).toEqual([true, true, false, false, false, false]);
  });

  test("stands only once its role may do it, which is this and no more", () => {
    const policy = scaled.at("aws_iam_role_policy.operations_role_replace");
    expect((JSON.parse(asText(policy["policy"])) as { Statement: unknown }).Statement).toEqual([
      { Effect: "Allow", Action: "autoscaling:SetInstanceHealth", Resource: groupArn },
      { Effect: "Allow", Action: ["ec2:DescribeInstances", "tag:GetResources"], Resource: "*" },
    ]);
    expect(madeBefore(scaled, "aws_ssm_document.operations_replace")).toContain("aws_iam_role_policy.operations_role_replace");
    expect(scaled.at("data.aws_service_principal.operations_role")["service_name"]).toBe("ssm");
  });

  test("has a role by a company's rules", () => {
    const iam = { path: "/network/", permissionsBoundary: "arn:aws:iam::123456789012:policy/boundary" };
    expect(synthesizeOperations({ groupArn, iam }).at("aws_iam_role.operations_role")).toMatchObject({
      path: iam.path,
      permissions_boundary: iam.permissionsBoundary,
    });
  });
});

test("what is known only at deployment comes through unbroken", () => {
  let commands: Readonly<Record<string, string>> = {};
  const stack = synthesizeOperations(
    (scope: ConstructorParameters<typeof TerraformVariable>[0]) => {
      const variable = (id: string, type: string): TerraformVariable => new TerraformVariable(scope, id, { type });
      return {
        name: variable("name", "string").stringValue,
        groupArn: variable("group", "string").stringValue,
        logBucket: variable("bucket", "string").stringValue,
        enrollSeconds: variable("enroll", "number").numberValue,
        drainSeconds: variable("drain", "number").numberValue,
      };
    },
    (documents) => (commands = documents.commands),
  );
  const text = (procedure: string): string => asText(stack.at(`aws_ssm_document.operations_${procedure}`)["content"]);
  expect(text("collect_logs")).toContain(`"bucket='\${var.bucket}'","folder='\${var.name}'"`);
  expect(text("re_enroll")).toContain('"timeoutSeconds":"${sum([var.enroll, var.enroll, 600])}"');
  expect(text("replace")).toContain('"timeoutSeconds":${sum([var.enroll, var.drain, 1800])}}');
  expect(stack.at("aws_ssm_document.operations_replace")["name"]).toBe("zscaler-app-connectors-${var.name}-replace");
  expect(stack.text).not.toMatch(/TfToken|TOKEN|e\+\d{3}/);
  expect(Object.keys(commands)).toHaveLength(7);
});
