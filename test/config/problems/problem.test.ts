import { ConfigError, formatPath, formatProblems, type Problem } from "../../../config/problems/problem";

const at = (line: number, column: number, problem: string, path = "a.b"): Problem => ({
  file: "zscaler.yaml",
  line,
  column,
  path,
  problem,
  fix: "mend it",
});

test("the printed form", () => {
  const problem: Problem = {
    file: "zscaler.yaml",
    line: 7,
    column: 12,
    path: "deployments.egress.network.create.cidr",
    problem: "10.1.0.7/16 has host bits set",
    fix: "a VPC range starts at its network address: 10.1.0.0/16",
  };
  expect(formatProblems([problem])).toBe(`zscaler.yaml:7:12  deployments.egress.network.create.cidr
    10.1.0.7/16 has host bits set
    a VPC range starts at its network address: 10.1.0.0/16

1 problem`);
});

test("by position, each once, with a count; no path is no trailing space", () => {
  const list = formatProblems([at(10, 1, "third"), at(2, 9, "second"), at(2, 1, "first", ""), at(10, 1, "third", "another.path")]);
  expect(list).toBe(`zscaler.yaml:2:1
    first
    mend it

zscaler.yaml:2:9  a.b
    second
    mend it

zscaler.yaml:10:1  a.b
    third
    mend it

3 problems`);
});

test("problems of one place keep their order", () => {
  expect(formatProblems([at(1, 1, "z"), at(1, 1, "a")])).toMatch(/z[^]*a\n/);
});

test("what could rewrite a terminal is printed as an escape", () => {
  expect(formatProblems([at(1, 1, "x\u001b[2Jy\u202e")])).toContain("    x\\u{1b}[2Jy\\u{202e}\n");
});

test("a path of keys and indices", () => {
  expect(formatPath(["deployments", "egress", "zones", 1])).toBe("deployments.egress.zones[1]");
  expect(formatPath(["tags", "cost center", "a.b"])).toBe('tags["cost center"]["a.b"]');
  expect(formatPath([])).toBe("");
  expect(formatPath(["x".repeat(500)]).length).toBeLessThan(70);
});

test("an error carries the problems, and its stack is the list", () => {
  const error = new ConfigError([at(1, 1, "wrong")]);
  expect(error.problems).toHaveLength(1);
  expect(error.message).toBe(formatProblems(error.problems));
  expect(error.stack).toBe(error.message);
});
