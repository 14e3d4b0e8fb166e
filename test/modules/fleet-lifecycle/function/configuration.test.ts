import { readDocument } from "../../../../modules/fleet-lifecycle/function/configuration";
import { ConfigurationError } from "../../../../modules/lambda/function/configuration";
import { fleet } from "./recorded-ports";

const read = (given: unknown) => readDocument({ FLEET_DOCUMENT: typeof given === "string" ? given : JSON.stringify(given) });

test("the document is read from the environment", () => {
  expect(read(fleet)).toEqual(fleet);
});

const withHost = (host: string): object => ({ ...fleet, portal: { ...fleet.portal, host } });

test.each(["connector.zscaler.net", "connector.zscalergov.net", "127.0.0.1:8443"])("%s is a host", (host) => {
  expect(read(withHost(host)).portal.host).toBe(host);
});

const wrong: readonly (readonly [mistake: string, given: unknown, message: RegExp])[] = [
  ["no JSON", "{", /^FLEET_DOCUMENT is no JSON: /],
  ["empty", "", /^FLEET_DOCUMENT is no JSON: /],
  ["a list", [], /^the document: .*expected object/],
  ["an unknown key", { ...fleet, surprise: 1 }, /^the document: .*"surprise"/],
  ["no group", { ...fleet, groups: [] }, /^the document\.groups: /],
  ["a group without a name", { ...fleet, groups: ["a", ""] }, /^the document\.groups\.1: /],
  ["an unknown rule", { ...fleet, health: { ...fleet.health, degraded: "mend" } }, /^the document\.health\.degraded: /],
  ["more than all", { ...fleet, health: { ...fleet.health, mostUnhealthyPercent: 101 } }, /^the document\.health\.mostUnhealthyPercent: /],
  ["a host with a path", withHost("connector.zscaler.net/api"), /^the document\.portal\.host: connector\.zscaler\.net\/api is no host$/],
  ["a host with a user", withHost("connector.zscaler.net@example.com"), /is no host$/],
  ["a host with a scheme", withHost("http://connector.zscaler.net"), /is no host$/],
];

test.each(wrong)("a document is refused: %s", (_, given, message) => {
  expect(() => read(given)).toThrow(ConfigurationError);
  expect(() => read(given)).toThrow(message);
});

test("all mistakes are told at once", () => {
  expect(() => read({ ...fleet, name: "", queue: 7, surprise: 1 })).toThrow(
    /^(?=.*the document\.name: )(?=.*the document\.queue: )(?=.*"surprise")/,
  );
});

test("an environment without the document is refused", () => {
  expect(() => readDocument({})).toThrow(new ConfigurationError("FLEET_DOCUMENT is not set"));
});
