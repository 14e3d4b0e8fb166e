import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { parse } from "yaml";
import { loadConfig } from "../../config";
import { generated } from "../../docs/write";
import { blocks, filesOf, pages, read, root, type ShownFile, synthesizedBy } from "./pages";

test("the generated parts are what the generator writes", () => {
  for (const [file, text] of Object.entries(generated())) expect(readFileSync(file, "utf8")).toBe(text);
});

test.each(pages)("%s links to what exists", (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link ?? "");
  expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
});

/** The anchors of a page's headings, as GitHub makes them. */
const anchorsOf = (page: string): readonly string[] =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );

test.each(pages)("%s links to headings that exist", (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)];
  const missing = links.filter(([, file, anchor = ""]) => !anchorsOf(file ? join(dirname(page), file) : page).includes(anchor));
  expect(missing.map(([link]) => link)).toEqual([]);
});

describe("the README", () => {
  const folder = mkdtempSync(join(tmpdir(), "zscaler-readme-"));
  const file = join(folder, "zscaler.yaml");
  const [config = ""] = blocks("README.md", "yaml");

  test("has a config file that loads", () => {
    writeFileSync(file, config);
    expect(loadConfig(file)).toMatchObject([{ name: "egress", deployment: { template: "base", zones: ["a", "b"] } }]);
  });

  test("shows the answer to a mistake as it is", () => {
    writeFileSync(file, config.replace("10.1.0.0/16", "10.1.0.7/16"));
    const [answer = ""] = blocks("README.md", "text");
    expect(() => loadConfig(file)).toThrow(`${answer.replace("zscaler.yaml", file)}\n1 problem`);
  });

  test("names npm scripts that exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/npm (?:run )?(start|test|build|bench|docs|schema|format)\b/g)].map(([, script]) => script ?? ""),
    );
    // npm runs prepare itself.
    expect(new Set([...named, "prepare"])).toEqual(new Set(Object.keys(scripts)));
  });
});

test.each(pages.filter((page) => blocks(page, "yaml").length > 0))("the files and parts of files in %s load", (page) => {
  const file = join(mkdtempSync(join(tmpdir(), "zscaler-page-")), "zscaler.yaml");
  for (const shown of filesOf(page)) {
    writeFileSync(file, JSON.stringify(shown));
    expect(loadConfig(file).map(({ name }) => name)).toEqual(Object.keys(shown.deployments));
  }
});

const examples = readdirSync(join(root, "examples"))
  .map((example) => join(root, "examples", example, "zscaler.yaml"))
  .filter((file) => existsSync(file));

test.each(examples.map((file) => [relative(root, file), file]))("%s loads, and names a schema that exists", (_, file) => {
  const { deployments } = parse(readFileSync(file, "utf8")) as ShownFile;
  expect(loadConfig(file).map(({ name }) => name)).toEqual(Object.keys(deployments));
  const [, schema = ""] = /\$schema=(\S+)/.exec(readFileSync(file, "utf8")) ?? [];
  expect(existsSync(join(dirname(file), schema))).toBe(true);
});

/** The stack of an example in TypeScript. */
const synthesized = (example: string, stack: string): unknown => synthesizedBy(`examples/typescript/${example}`)(stack);

test("the example in TypeScript synthesizes: one connector's table for each zone, dealt in turn", () => {
  const { resource } = synthesized("main.ts", "lab") as {
    resource: { aws_route: Record<string, { network_interface_id?: string }> };
  };
  expect(resource.aws_route.steering_a?.network_interface_id).toBe("${aws_network_interface.connectors_a_1_service.id}");
  expect(resource.aws_route.steering_b?.network_interface_id).toBe("${aws_network_interface.connectors_a_2_service.id}");
});

test("the example for a VPC that exists synthesizes: no network of its own, and the function is told what routes led to", () => {
  const { resource, import: imports } = synthesized("existing.ts", "existing") as {
    resource: { aws_lambda_function: { failover: { environment: { variables: Record<string, string> } } } };
    import: readonly { to: string }[];
  };
  expect(Object.keys(resource).filter((type) => /^aws_(vpc|subnet|route_table|nat_gateway|internet_gateway)$/.test(type))).toEqual([]);
  expect(imports.map(({ to }) => to)).toEqual(["aws_route.steering_a", "aws_route.steering_b"]);
  expect(Object.values(resource.aws_lambda_function.failover.environment.variables).join()).toContain(
    "${terraform_data.steering_former_a.input}",
  );
});
