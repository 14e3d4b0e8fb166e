import { documentedRate } from "./request-rate";

/** How many of a hundred and fifty calls at once are taken. */
function burst(admits: ReturnType<typeof documentedRate>, action: string, parameters: Readonly<Record<string, string>> = {}): number {
  return Array.from({ length: 150 }, () => admits(action, parameters)).filter(Boolean).length;
}

test.each([
  { action: "ReplaceRoute", parameters: {}, capacity: 50, refill: 5 },
  { action: "DescribeRouteTables", parameters: {}, capacity: 100, refill: 20 },
  { action: "DescribeInstances", parameters: { "Filter.1.Name": "instance-id" }, capacity: 100, refill: 20 },
  { action: "DescribeInstances", parameters: { MaxResults: "100" }, capacity: 100, refill: 20 },
  { action: "DescribeInstances", parameters: { "InstanceId.1": "i-1" }, capacity: 50, refill: 10 },
])("$action with $parameters: $capacity at once, $refill each second", ({ action, parameters, capacity, refill }) => {
  let now = 0;
  const admits = documentedRate(() => now);
  expect(burst(admits, action, parameters)).toBe(capacity);
  now = 999;
  expect(burst(admits, action, parameters)).toBe(0);
  now = 1_000;
  expect(burst(admits, action, parameters)).toBe(refill);
  now = 3_500;
  expect(burst(admits, action, parameters)).toBe(2 * refill);
  now = 4_000;
  expect(burst(admits, action, parameters)).toBe(refill);
  now = 3_600_000;
  expect(burst(admits, action, parameters)).toBe(capacity);
});

test("each action has buckets of its own", () => {
  const admits = documentedRate(() => 0);
  expect(burst(admits, "ReplaceRoute")).toBe(50);
  expect(burst(admits, "CreateRoute")).toBe(50);
  expect(burst(admits, "DescribeInstances")).toBe(50);
  expect(burst(admits, "DescribeInstances", { NextToken: "more" })).toBe(100);
});
