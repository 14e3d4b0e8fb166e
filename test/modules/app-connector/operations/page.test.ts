import { type OperationsDocuments } from "../../../../modules/app-connector/operations";
import { read } from "../../../docs/pages";
import { contentOf, synthesizeOperations } from "./documents";
import { type CommandDocument } from "./instance";

const page = read("docs/app-connectors-operations.md");
const shown = [...page.matchAll(/^aws ssm (?:send-command|start-automation-execution) .*$/gm)].map(([line]) => line);

let made: OperationsDocuments | undefined;
const stack = synthesizeOperations(
  { groupArn: "arn:aws:autoscaling:us-west-2:123456789012:autoScalingGroup:*:autoScalingGroupName/apps" },
  (documents) => {
    made = documents;
  },
);

/** A command as it is made, for all App Connectors and without parameters. */
const forAll = (line: string): string =>
  line
    .replace(
      /Key=(?:InstanceIds|ParameterValues),Values=i-[0-9a-f]{17}(?:,i-[0-9a-f]{17})*(?= )/,
      "Key=tag:zscaler-app-connectors,Values=apps",
    )
    .replace(/ --parameters (?:'.*'|\S+)$/, "");

test("each command of the page is one that the deployment shows, and each of those is there", () => {
  const commands = Object.values(made?.commands ?? {});
  expect(shown.filter((line) => !commands.includes(forAll(line)))).toEqual([]);
  expect(commands.filter((command) => !shown.map(forAll).includes(command))).toEqual([]);
});

test("the parameters of its commands are taken", () => {
  const given = shown.flatMap((line) => {
    const [, procedure = "", parameters = ""] = /apps-([a-z-]+) .* --parameters '?(.*?)'?$/.exec(line) ?? [];
    return parameters
      .split(",")
      .filter((pair) => pair !== "")
      .map((pair) => [procedure, ...pair.split("=")]);
  });
  expect(given).not.toEqual([]);
  for (const [procedure = "", name = "", value = ""] of given) {
    const declared = (contentOf(stack, procedure) as CommandDocument).parameters?.[name];
    expect(declared).toBeDefined();
    expect(declared?.allowedValues ?? [value]).toContain(value);
    expect(value).toMatch(new RegExp(declared?.allowedPattern ?? ""));
  }
});

test("its table has each procedure with its parameters and what they are by default", () => {
  const rows = new Map(
    [...page.matchAll(/^\| `([a-z-]+)` \| .* \| (.*?) \| \w+ \|$/gm)].map(([, procedure = "", parameters = ""]) => [procedure, parameters]),
  );
  expect([...rows.keys()]).toEqual(Object.keys(made?.documents ?? {}));
  for (const [procedure, told] of rows) {
    if (procedure === "replace") continue;
    const { parameters = {} } = contentOf(stack, procedure) as CommandDocument;
    const expected = Object.entries(parameters).map(([name, { default: usual = "", allowedValues }]) =>
      allowedValues ? `\`${name}\`: ${allowedValues.map((value) => `\`${value}\``).join(" or ")}` : `\`${name}\`: ${usual}`,
    );
    expect(told.split("; ").sort()).toEqual(expected.length === 0 ? [""] : expected.sort());
  }
});

test("Terraform addresses are those of the template's page", () => {
  const told = [...page.matchAll(/-(?:replace|target)=([\w.]+)/g)].map(([, address = ""]) => address);
  expect(told).not.toEqual([]);
  expect(told.filter((address) => !read("docs/app-connectors.md").includes(`=${address}`))).toEqual([]);
});
