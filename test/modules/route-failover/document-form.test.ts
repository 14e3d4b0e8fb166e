import { Token } from "cdktf";
import fc from "fast-check";
import { documentForm } from "../../../modules/route-failover/document-form";
import { readDocument } from "../../../modules/route-failover/function/configuration";
import { environmentNames, type FailoverDocument } from "../../../modules/route-failover/function/document";

// Lambda quotas: 4 KB of environment variables. Systems Manager quotas: 4 KB a standard parameter.
const limit = 4096;

type Naming = (kind: string, index: number) => string;

const known: Naming = (kind, index) => `${kind}-${index.toString(16).padStart(17, "0")}`;
/** As cdktf writes what it does not know yet, by a counter of its own. */
const token =
  (first: number): Naming =>
  (kind, index) =>
    `\${TfToken[TOKEN.${first + 7 * index + kind.length}]}`;

const makeDocument = (connectors: number, routes: number, name: Naming, destination = "0.0.0.0/0"): FailoverDocument => ({
  name: "egress",
  probe: { port: 50000, intervalSeconds: 2, timeoutSeconds: 1.2 },
  deadAfter: 2,
  aliveAfter: 10,
  holdDown: { firstSeconds: 20, longestSeconds: 900 },
  allDead: { policy: "bypass", onProbesAlone: false },
  drained: [],
  paused: false,
  history: "/zscaler/egress/route-failover/history",
  connectors: Object.fromEntries(
    Array.from({ length: connectors }, (_, index) => [
      `a-${index}`,
      { zone: "a", instance: name("i", index), interface: name("eni", index), address: `10.1.0.${index}` },
    ]),
  ),
  routes: Array.from({ length: routes }, (_, index) => ({
    table: name("rtb", index),
    destination,
    home: `a-${index % connectors}`,
    tier: "workload" as const,
    natGateway: name("nat", index % connectors),
  })),
});

const wholeOf = (document: FailoverDocument): string => {
  const form = documentForm(document);
  return "whole" in form ? form.whole : "";
};

const sizes = fc.record({ connectors: fc.integer({ min: 1, max: 40 }), routes: fc.integer({ min: 1, max: 400 }) });

test("the function reads what was written, whole or in parts, and AWS takes it", async () => {
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.constantFrom("0.0.0.0/0", "pl-0123456789abcdef0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0/124"),
      async (size, destination) => {
        const document = makeDocument(size.connectors, size.routes, known, destination);
        const form = documentForm(document);
        if ("whole" in form) {
          const environment = { [environmentNames.document]: form.whole };
          expect(JSON.stringify(environment).length).toBeLessThanOrEqual(limit);
          expect(await readDocument(environment, () => Promise.reject(new Error("not asked for")))).toEqual(document);
        } else {
          for (const text of Object.values(form.parts)) expect(text.length).toBeLessThanOrEqual(limit);
          const parameters = Object.fromEntries(Object.entries(form.parts).map(([name, text]) => [`/document/${name}`, text]));
          const read = await readDocument({ [environmentNames.path]: "/document" }, () => Promise.resolve(parameters));
          expect(read).toEqual(document);
        }
      },
    ),
    { numRuns: 60 },
  );
});

/** Without what stands for a value that is not known yet. */
const blank = (text: string): string => text.replace(/\$\{[^}]*\}/g, "?");

test("the form depends on how much there is, not on how cdktf numbers what it does not know", () => {
  fc.assert(
    fc.property(sizes, fc.nat(9), fc.integer({ min: 1000, max: 10_000_000 }), ({ connectors, routes }, low, high) => {
      const [one, other] = [low, high].map((first) => documentForm(makeDocument(connectors, routes, token(first))));
      expect(JSON.parse(blank(JSON.stringify(one)))).toEqual(JSON.parse(blank(JSON.stringify(other))));
    }),
    { numRuns: 40 },
  );
});

test("ids that are not known yet have room for the longest", () => {
  fc.assert(
    fc.property(sizes, ({ connectors, routes }) => {
      const form = documentForm(makeDocument(connectors, routes, token(1)));
      const longest = (text: string): number => text.replace(/\$\{[^}]*\}/g, "rtb-0123456789abcdef0").length;
      if ("whole" in form) expect(longest(JSON.stringify({ [environmentNames.document]: form.whole }))).toBeLessThanOrEqual(limit);
      else for (const text of Object.values(form.parts)) expect(longest(text)).toBeLessThanOrEqual(limit);
    }),
    { numRuns: 40 },
  );
});

test.each([
  [2, 20, "whole"],
  [2, 30, "settings items-01 items-02"],
  [4, 100, "settings items-01 items-02 items-03 items-04"],
  [6, 300, "settings items-01 items-02 items-03 items-04 items-05 items-06 items-07 items-08 items-09 items-10 items-11"],
])("%d connectors and %d routes: %s", (connectors, routes, expected) => {
  const form = documentForm(makeDocument(connectors, routes, token(1)));
  expect(Object.keys("parts" in form ? form.parts : form).join(" ")).toBe(expected);
});

describe("what is known only at deployment has room for its longest value:", () => {
  /** How many routes fit into the environment. */
  const most = (change: (document: FailoverDocument) => FailoverDocument): number => {
    for (let routes = 1; ; routes += 1) if ("parts" in documentForm(change(makeDocument(2, routes, known)))) return routes - 1;
  };

  test("a destination", () => {
    const to = (destination: string) => (document: FailoverDocument) => ({
      ...document,
      routes: document.routes.map((route) => ({ ...route, destination })),
    });
    expect(most(to("${var.destination}"))).toBe(most(to("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0/124")));
  });

  test("what a route led to before", () => {
    const from = (former: string) => (document: FailoverDocument) => ({
      ...document,
      routes: document.routes.map((route) => ({ ...route, former })),
    });
    expect(most(from("${var.former}"))).toBe(
      most(from("arn:aws-us-gov:networkmanager::123456789012:core-network/core-network-0123456789abcdef0")),
    );
  });

  test("a name", () => {
    const named = (name: string) => (document: FailoverDocument) => ({ ...document, name, history: `/zscaler/${name}/history` });
    expect(most(named("${var.name}"))).toBe(most(named("n".repeat(64))));
  });

  test("a port, which cdktf writes as numbers of several lengths", () => {
    const at = (port: number) => (document: FailoverDocument) => {
      // The name is as long as it takes for a single character to decide.
      const spare = 4096 - JSON.stringify({ [environmentNames.document]: wholeOf(makeDocument(2, 8, known)) }).length;
      return { ...document, name: document.name + "n".repeat(spare), probe: { ...document.probe, port } };
    };
    for (let index = 0; index < 40; index += 1) expect(most(at(Token.asNumber({ resolve: () => index })))).toBe(most(at(65535)));
  });
});

test("settings that no parameter holds are told", () => {
  const drained = Array.from({ length: 1000 }, (_, index) => `a-${index}`);
  expect(() => documentForm({ ...makeDocument(2, 2, known), drained })).toThrow(
    /the settings of the failover have \d+ characters; SSM takes 4096/,
  );
});
