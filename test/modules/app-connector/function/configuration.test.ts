import { readDocument } from "../../../../modules/app-connector/function/configuration";
import { ConfigurationError } from "../../../../modules/lambda/function/configuration";
import { document } from "./recorded-ports";

const read = (given: unknown) => readDocument({ APP_CONNECTOR_DOCUMENT: typeof given === "string" ? given : JSON.stringify(given) });

const { portal, oauth, ...plain } = document;

test.each([
  ["with all that there can be", { ...document, portal: { ...portal, microtenant: "5" } }],
  ["of fixed instances that leaves ZPA alone", { ...plain, groups: [] }],
  ["without a drain", { ...document, drainSeconds: 0 }],
])("a document is read from the environment: %s", (_, given) => {
  expect(read(given)).toEqual(given);
});

const withPortal = (more: object): object => ({ ...document, portal: { ...portal, ...more } });

const wrong: readonly (readonly [mistake: string, given: unknown, message: RegExp])[] = [
  ["no JSON", "{", /^APP_CONNECTOR_DOCUMENT is no JSON: /],
  ["an unknown key", { ...document, surprise: 1 }, /^the document: .*"surprise"/],
  ["a group without a name", { ...document, groups: [""] }, /^the document\.groups\.0: /],
  ["a drain that ends before it begins", { ...document, drainSeconds: -1 }, /^the document\.drainSeconds: /],
  ["no minutes", { ...document, enrollMinutes: 0 }, /^the document\.enrollMinutes: /],
  ["parts of minutes", { ...document, agentMinutes: 1.5 }, /^the document\.agentMinutes: /],
  ["a host with a path", withPortal({ login: "acme.zslogin.net/x" }), /^the document\.portal\.login: acme\.zslogin\.net\/x is no host$/],
  ["a host with a user", withPortal({ api: "api.zsapi.net@example.com" }), /^the document\.portal\.api: .* is no host$/],
  ["a customer that is a path", withPortal({ customer: "1/../2" }), /^the document\.portal\.customer: 1\/\.\.\/2 is no id of ZPA$/],
  ["a microtenant that is a query", withPortal({ microtenant: "1&x=2" }), /^the document\.portal\.microtenant: 1&x=2 is no id of ZPA$/],
  ["a group that is no id", { ...document, oauth: { group: "west" } }, /^the document\.oauth\.group: west is no id of ZPA$/],
  ["codes without a portal", { ...plain, oauth }, /^the document\.oauth: codes are registered in the portal, which is not there$/],
  ["parameters that are everybody's", { ...document, parameters: "/" }, /^the document\.parameters: \/ is no path of Parameter Store$/],
  ["a path with an end", { ...document, parameters: "/zscaler/" }, /^the document\.parameters: \/zscaler\/ is no path/],
];

test.each(wrong)("a document is refused: %s", (_, given, message) => {
  expect(() => read(given)).toThrow(ConfigurationError);
  expect(() => read(given)).toThrow(message);
});

test("all mistakes are told at once", () => {
  expect(() => read(withPortal({ login: "a b", api: "c/d", customer: "x" }))).toThrow(
    "the document.portal.login: a b is no host; the document.portal.api: c/d is no host; the document.portal.customer: x is no id of ZPA",
  );
});

test("an environment without the document is refused", () => {
  expect(() => readDocument({})).toThrow(new ConfigurationError("APP_CONNECTOR_DOCUMENT is not set"));
});
