import { readDocument } from "../../../../modules/route-failover/function/configuration";
import { ConfigurationError } from "../../../../modules/lambda/function/configuration";
import { type FailoverDocument } from "../../../../modules/route-failover/function/document";
import { deploymentOf } from "./simulation";

const document = deploymentOf(["a-1", "b-1"]);
const { connectors, routes, ...settings } = document;
const path = "/zscaler/egress/route-failover/document";

const noParts = (): Promise<never> => Promise.reject(new Error("nobody should ask"));

const readWhole = (given: unknown): Promise<FailoverDocument> =>
  readDocument({ FAILOVER_DOCUMENT: typeof given === "string" ? given : JSON.stringify(given) }, noParts);

const readParts = (parts: Readonly<Record<string, unknown>>): Promise<FailoverDocument> =>
  readDocument({ FAILOVER_DOCUMENT_PATH: path }, (asked) => {
    const texts = Object.entries(parts).map(([name, part]) => [`${path}/${name}`, typeof part === "string" ? part : JSON.stringify(part)]);
    return asked === path ? Promise.resolve(Object.fromEntries(texts)) : Promise.reject(new Error(`asked for ${asked}`));
  });

const parts = {
  settings: { ...settings, parts: 4 },
  "items-01": { connectors: { "a-1": connectors["a-1"] }, routes: routes.slice(0, 1) },
  "items-02": { connectors: { "b-1": connectors["b-1"] } },
  "items-03": { routes: routes.slice(1) },
};

test("a document is read from the environment", async () => {
  expect(await readWhole(document)).toEqual(document);
});

test("a document is put together from its parts, in whatever order they come", async () => {
  const read = await readParts(parts);
  expect(read).toEqual(document);
  const turned = await readParts(Object.fromEntries(Object.entries(parts).reverse()));
  expect({ ...turned, routes: new Set(turned.routes) }).toEqual({ ...document, routes: new Set(routes) });
});

test("what a route led to before is read; an empty text says that there was none", async () => {
  const formers = ["igw-0123456789abcdef0", "", undefined];
  const told = { ...document, routes: formers.map((former, index) => ({ ...routes[index], former })) };
  const formersOf = (read: FailoverDocument) => read.routes.map(({ former }) => former);
  expect(formersOf(await readWhole(told))).toEqual(["igw-0123456789abcdef0", undefined, undefined]);
  const inParts = { settings: { ...settings, parts: 2 }, "items-01": { connectors, routes: told.routes } };
  expect(formersOf(await readParts(inParts))).toEqual(["igw-0123456789abcdef0", undefined, undefined]);
});

const [route] = routes;
const without = (name: string): object => Object.fromEntries(Object.entries(document).filter(([key]) => key !== name));

const wrongDocuments: readonly (readonly [mistake: string, given: unknown, message: RegExp])[] = [
  ["no JSON", "{", /^FAILOVER_DOCUMENT is no JSON: /],
  ["empty", "", /^FAILOVER_DOCUMENT is no JSON: /],
  ["a list", [], /^the document: .*expected object/],
  ["an unknown key", { ...document, surprise: 1 }, /^the document: .*"surprise"/],
  ["an unknown key of a route", { ...document, routes: [{ ...route, zone: "a" }] }, /^the document\.routes\.0: .*"zone"/],
  ["without history", without("history"), /^the document\.history: /],
  ["without connectors", without("connectors"), /^the document\.connectors: /],
  ["a port that is none", { ...document, probe: { ...document.probe, port: 70000 } }, /^the document\.probe\.port: /],
  ["no time-out", { ...document, probe: { ...document.probe, timeoutSeconds: 0 } }, /^the document\.probe\.timeoutSeconds: /],
  ["dead after nothing", { ...document, deadAfter: 0 }, /^the document\.deadAfter: /],
  ["an unknown policy", { ...document, allDead: { policy: "panic" } }, /^the document\.allDead/],
  ["an unknown tier", { ...document, routes: [{ ...route, tier: "public" }] }, /^the document\.routes\.0\.tier: /],
  [
    "an empty address",
    { ...document, connectors: { "a-1": { ...connectors["a-1"], address: "" } } },
    /^the document\.connectors\.a-1\.address: /,
  ],
  ["a former target that is none", { ...document, routes: [{ ...route, former: null }] }, /^the document\.routes\.0\.former: /],
  ["no routes", { ...document, routes: [] }, /^there is no route$/],
  [
    "an unknown home",
    { ...document, routes: [{ ...route, home: "c-1" }] },
    /^route rtb-workload-a-1 0\.0\.0\.0\/0: there is no connector c-1$/,
  ],
  ["an unknown drained one", { ...document, drained: ["a-1", "c-1"] }, /^drained: there is no connector c-1$/],
  ["a route twice", { ...document, routes: [...routes, route] }, /^route rtb-workload-a-1 0\.0\.0\.0\/0 is there twice$/],
];

test.each(wrongDocuments)("a document is refused: %s", async (_, given, message) => {
  const reading = readWhole(given);
  await expect(reading).rejects.toBeInstanceOf(ConfigurationError);
  await expect(reading).rejects.toThrow(message);
});

test("all mistakes are told at once", async () => {
  await expect(readWhole({ ...document, name: "", deadAfter: 0, surprise: 1 })).rejects.toThrow(
    /^(?=.*the document\.name: )(?=.*the document\.deadAfter: )(?=.*"surprise")/,
  );
  await expect(readWhole({ ...document, drained: ["c-1"], routes: [{ ...route, home: "d-1" }] })).rejects.toThrow(
    /no connector d-1; drained: there is no connector c-1$/,
  );
});

test("an environment with neither variable is refused", async () => {
  const reading = readDocument({}, noParts);
  await expect(reading).rejects.toBeInstanceOf(ConfigurationError);
  await expect(reading).rejects.toThrow("neither FAILOVER_DOCUMENT nor FAILOVER_DOCUMENT_PATH is set");
});

const { "items-02": second, ...lacking } = parts;

const wrongParts: readonly (readonly [mistake: string, given: Readonly<Record<string, unknown>>, message: RegExp])[] = [
  ["none", {}, /^there is no parameter settings in the document's path$/],
  ["without settings", { "items-01": parts["items-01"] }, /^there is no parameter settings in the document's path$/],
  ["one missing", lacking, /^the document has 4 parts, and 3 are there$/],
  ["one too many", { ...parts, "items-04": second }, /^the document has 4 parts, and 5 are there$/],
  ["no JSON", { ...parts, "items-03": "[" }, /^\/zscaler\/egress\/route-failover\/document\/items-03 is no JSON: /],
  ["an unknown key", { ...parts, "items-02": { connector: {} } }, /document\/items-02: .*"connector"/],
  ["settings without the number of parts", { ...parts, settings }, /document\/settings\.parts: /],
  ["settings with routes", { ...parts, settings: { ...parts.settings, routes } }, /document\/settings: .*"routes"/],
  ["a connector that no part has", { ...parts, "items-02": {} }, /there is no connector b-1/],
  [
    "a route in two parts",
    { ...parts, "items-02": { ...second, routes: [route] } },
    /^route rtb-workload-a-1 0\.0\.0\.0\/0 is there twice$/,
  ],
];

test.each(wrongParts)("a document in parts is refused: %s", async (_, given, message) => {
  const reading = readParts(given);
  await expect(reading).rejects.toBeInstanceOf(ConfigurationError);
  await expect(reading).rejects.toThrow(message);
});

test("what goes wrong with the reading of the parts is told as it is", async () => {
  await expect(readDocument({ FAILOVER_DOCUMENT_PATH: path }, () => Promise.reject(new Error("AccessDenied")))).rejects.toThrow(
    "AccessDenied",
  );
});
