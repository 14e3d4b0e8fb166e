import { editDistance, nearest } from "../../../config/problems/nearest";

test.each([
  ["", "abc", 3],
  ["cidr", "cidr", 0],
  ["cidrs", "cidr", 1],
  ["cdir", "cidr", 1],
  ["kitten", "sitting", 3],
])("from %j to %j it is %d", (one, other, distance) => {
  expect(editDistance(one, other)).toBe(distance);
  expect(editDistance(other, one)).toBe(distance);
});

const known = ["region", "zones", "network", "connectors", "provisioningUrl", "cidr", "id"];

test.each([
  ["cidrs", "cidr"],
  ["provisioning_url", "provisioningUrl"],
  ["PROVISIONINGURL", "provisioningUrl"],
  ["conectors", "connectors"],
  ["netwrok", "network"],
])("%s means %s", (name, meant) => {
  expect(nearest(name, known)).toBe(meant);
});

test.each(["banana", "x", "zo", "y".repeat(100_000)])("%.10s means none", (name) => {
  expect(nearest(name, known)).toBeUndefined();
});
