import { type Document, isReadable, readDocument } from "../../../config/yaml/document";
import { type Path } from "../../../config/problems/problem";

const problemsOf = (text: string): readonly string[] =>
  readDocument(text, "f.yaml").problems.map(({ line, column, path, problem, fix }) =>
    [`${line}:${column}`, path, problem, fix].join(" | "),
  );

const read = (text: string): Document => {
  const document = readDocument(text, "f.yaml");
  if (!isReadable(document)) throw new Error(problemsOf(text).join("\n"));
  return document;
};

const positionOf = (document: Document, path: Path, part?: "key" | "value"): string => {
  const { line, column } = document.locate(path, part);
  return `${line}:${column}`;
};

describe("values", () => {
  test("YAML 1.2 core: yes is text, dates are text, 012 is twelve", () => {
    expect(read("a: yes\nb: 2026-01-31\nc: 012\nd: 1e3\ne: ~\nf: null\ng: True\nh: !!str 12\n").value).toEqual({
      a: "yes",
      b: "2026-01-31",
      c: 12,
      d: 1000,
      e: null,
      f: null,
      g: true,
      h: "12",
    });
  });

  test("%YAML 1.1 does not change what words mean", () => {
    expect(read("%YAML 1.1\n---\na: yes\n").value).toEqual({ a: "yes" });
  });

  test("aliases are written out, the last anchor of a name before them counts", () => {
    expect(read("a: &x { b: &y 1 }\nc: *x\nd: &x 2\ne: [*x, *y]\n").value).toEqual({ a: { b: 1 }, c: { b: 1 }, d: 2, e: [2, 1] });
  });

  test("an anchor inside of what is repeated does not come back", () => {
    expect(read("a: &x { b: &y 1 }\nb: &y 2\nc: *x\nd: *y\n").value).toMatchObject({ c: { b: 1 }, d: 2 });
  });

  test("a byte order mark at the start does not count, and does not move columns", () => {
    expect(positionOf(read("\uFEFFa: 1\n"), ["a"])).toBe("1:4");
  });

  test("lines may end as on Windows", () => {
    const document = read("a:\r\n  b: 1\r\n");
    expect(document.value).toEqual({ a: { b: 1 } });
    expect(positionOf(document, ["a", "b"])).toBe("2:6");
  });
});

describe("places", () => {
  const document = read(
    'deployments:\n  egress:\n    zones: [a, bb]\n    empty:\n    list:\n      - x: 012\n      - "y"\nbase: &b { c: 1 }\ncopy: *b\n',
  );

  test.each<[string, Path, "key" | "value" | undefined, string]>([
    ["a value", ["deployments", "egress", "zones"], undefined, "3:12"],
    ["a key", ["deployments", "egress", "zones"], "key", "3:5"],
    ["an item", ["deployments", "egress", "zones", 1], undefined, "3:16"],
    ["an empty value: its key", ["deployments", "egress", "empty"], undefined, "4:5"],
    ["a value in a list", ["deployments", "egress", "list", 0, "x"], undefined, "6:12"],
    ["a missing key: that of its parent", ["deployments", "egress", "nothing"], undefined, "2:3"],
    ["a missing key of an item: the item", ["deployments", "egress", "list", 0, "nothing"], undefined, "6:9"],
    ["far beyond what is there", ["deployments", "egress", "zones", 7, "a", "b"], undefined, "3:5"],
    ["a missing key at the top", ["nothing"], undefined, "1:1"],
    ["nothing: the file", [], undefined, "1:1"],
    ["an alias", ["copy"], undefined, "9:7"],
    ["inside an alias: where it is written", ["copy", "c"], undefined, "8:15"],
  ])("%s", (_, path, part, position) => {
    expect(positionOf(document, path, part)).toBe(position);
  });

  test("numbers as they are written", () => {
    expect(document.locate(["deployments", "egress", "list", 0, "x"]).written).toBe("012");
    expect(document.locate(["deployments", "egress", "zones", 0]).written).toBeUndefined();
  });
});

describe("what a file must be", () => {
  test.each([
    ["", "1:1 |  | the file is empty"],
    [" \n\n", "1:1 |  | the file is empty"],
    ["# nothing\n\n  # yet\n", "1:1 |  | the file holds only comments"],
    ["---\n", "1:1 |  | the file holds no value"],
    ["null\n", "1:1 |  | the file holds no value"],
    ["- a\n- b\n", "1:1 |  | the file is a list"],
    ["\nhello\n", "2:1 |  | the file is one text"],
    ["a: 1\n---\nb: 2\n", "2:1 |  | a second document starts here"],
  ])("%j", (text, beginning) => {
    expect(isReadable(readDocument(text, "f.yaml"))).toBe(false);
    expect(problemsOf(text)).toEqual([expect.stringMatching(new RegExp(`^${beginning.replace(/[|]/g, "\\|")}`))]);
  });
});

describe("keys", () => {
  test("twice, and each time with the first's line", () => {
    const text = "a: 1\nb: 2\na: 3\nc: { d: 1, d: 2 }\na: 4\n";
    expect(problemsOf(text)).toEqual([
      "3:1 | a | a is given twice | the first is in line 1: keep one of them",
      "4:12 | c.d | d is given twice | the first is in line 4: keep one of them",
      "5:1 | a | a is given twice | the first is in line 1: keep one of them",
    ]);
    expect(read(text).value).toEqual({ a: 1, b: 2, c: { d: 1 } });
  });

  test("two deployments of one name", () => {
    expect(problemsOf("deployments:\n  x: 1\n  x: 2\n")).toEqual([
      "3:3 | deployments.x | two deployments are named x | the first is in line 2: rename one of them",
    ]);
  });

  test("only text", () => {
    expect(problemsOf("012: a\ntrue: b\n~: c\n? [x]\n: d\n: e\n")).toEqual([
      '1:1 |  | 012 is a number, and a key is text | write it in quotes: "012"',
      '2:1 |  | true is a boolean, and a key is text | write it in quotes: "true"',
      '3:1 |  | ~ is no text, and a key is text | write it in quotes: "~"',
      "4:3 |  | a list, map or alias cannot be a key | a key is text; put it in quotes if it starts with [, { or *",
      "6:1 |  | a key is missing here | write it before the colon",
    ]);
  });

  test("no merge key, and no prototype", () => {
    expect(problemsOf("a: &a { b: 1 }\nc:\n  <<: *a\n__proto__: { polluted: 1 }\n")).toEqual([
      "3:3 | c | << (a merge key) is not part of YAML 1.2 | put what deployments share under defaults:, or write it out",
      "4:1 |  | __proto__ cannot be a key | choose another name",
    ]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('"<<" in quotes is a key', () => {
    expect(read('"<<": 1\n').value).toEqual({ "<<": 1 });
  });
});

describe("aliases and tags", () => {
  test("an alias of nothing", () => {
    expect(problemsOf("a: *x\nb: &x 1\n")).toEqual([
      "1:4 | a | *x repeats a value that is not there | put &x before the value, above this line",
    ]);
  });

  test.each([
    ["a: *.example.com\n", "1:4 | a", ".example.com"],
    ["a: [x, *-dev.example.com]\n", "1:8 | a[1]", "-dev.example.com"],
    ["a: *.example.com/crm\n", "1:4 | a", ".example.com/crm"],
    ["a: { b: *.COM }\n", "1:9 | a.b", ".COM"],
  ])("a wildcard without quotes: %j", (text, place, name) => {
    expect(problemsOf(text)).toEqual([
      `${place} | *${name} without quotes repeats a value that is not there | a text that begins with * is written in quotes: "*${name}"`,
    ]);
  });

  test("an alias of nothing whose name has a dot in it, as no domain has", () => {
    expect(problemsOf("a: *v1.2\n")).toEqual([
      "1:4 | a | *v1.2 repeats a value that is not there | put &v1.2 before the value, above this line",
    ]);
  });

  test("an alias whose name looks like a domain, of a value that is there", () => {
    expect(read("a: &.example.com 1\nb: *.example.com\n").value).toEqual({ a: 1, b: 1 });
  });

  test("an alias inside its own value", () => {
    expect(problemsOf("a: &x\n  b: [*x]\n")).toEqual([
      "2:7 | a.b[0] | *x stands inside the value that it repeats | write the value out, or move &x",
    ]);
  });

  test("aliases that explode", () => {
    const levels = ["a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"];
    for (const [before, name] of ["ab", "bc", "cd", "de", "ef"].map((pair) => [pair[0], pair[1]])) {
      levels.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(", ")}]`);
    }
    expect(isReadable(readDocument(levels.join("\n"), "f.yaml"))).toBe(false);
    expect(problemsOf(levels.join("\n"))).toEqual([
      "5:16 | e[2] | *d repeats values until there are more than 50000 | write out what is needed; aliases of aliases multiply",
    ]);
  });

  test("tags", () => {
    expect(problemsOf("a: !secret x\nb: !!binary aGVsbG8=\nc: !!set { d }\n")).toEqual([
      "1:12 | a | !secret is a tag, and no tags are read here | remove it",
      "2:13 | b | !!binary is a tag, and no tags are read here | remove it",
      "3:10 | c | !!set is a tag, and no tags are read here | remove it",
    ]);
  });
});

describe("characters", () => {
  test.each([
    ["“", "U+201C (left double quotation mark)", 'type " instead'],
    ["’", "U+2019 (right single quotation mark)", "type ' instead"],
    ["«", "U+00AB (left guillemet)", 'type " instead'],
    ["–", "U+2013 (en dash)", "type - instead"],
    ["−", "U+2212 (minus sign)", "type - instead"],
    ["\u00a0", "U+00A0 (no-break space)", "type an ordinary space instead, or delete it"],
    ["\u3000", "U+3000 (ideographic space)", "type an ordinary space instead, or delete it"],
    ["\u2028", "U+2028 (line separator)", "type an ordinary space instead, or delete it"],
    ["\u200b", "U+200B (zero-width space)", "delete it"],
    ["\u2060", "U+2060 (word joiner)", "delete it"],
    ["\u00ad", "U+00AD (soft hyphen)", "delete it"],
    ["\u202e", "U+202E (right-to-left override)", "delete it"],
    ["\ufeff", "U+FEFF (byte order mark)", "delete it"],
    ["\u{e0041}", "U+E0041 (invisible character)", "delete it"],
    ["\u0000", "U+0000 (NUL)", "delete it, or save the file as UTF-8 text"],
    ["\u0007", "U+0007 (control character)", "delete it, or save the file as UTF-8 text"],
    ["\r", "U+000D (control character)", "delete it, or save the file as UTF-8 text"],
    ["\ufffd", "U+FFFD (replacement character)", "save the file as UTF-8"],
  ])("%j in a value, a key and a quoted text", (character, name, fix) => {
    const problem = `${name} stands here | ${fix}`;
    expect(problemsOf(`a: x${character}y\n`)).toEqual([`1:5 |  | ${problem}`]);
    expect(problemsOf(`a${character}b: x\n`)).toEqual([`1:2 |  | ${problem}`]);
    expect(problemsOf(`a: "x${character}y" # z\n`)).toEqual([`1:6 |  | ${problem}`]);
  });

  test("in comments they do no harm, nor do letters and signs of other languages", () => {
    expect(problemsOf("# “it’s” – \u00a0\na: x # ’tis “x\nb: Müller, 日本, é, 🙂, €\nc: 'x' #\u200b\n")).toEqual([]);
  });

  test("a control character does not hide where comments begin", () => {
    expect(problemsOf("a: \u001f\n# “\n")).toEqual([
      "1:4 |  | U+001F (control character) stands here | delete it, or save the file as UTF-8 text",
    ]);
  });

  test("a # in a text starts no comment", () => {
    expect(problemsOf('a: "# “x”"\nb: |\n  # ’\nc: x#–\n').map((problem) => problem.split(" | ")[0])).toEqual(["1:7", "1:9", "3:5", "4:6"]);
  });

  test("the rest is read as it was meant", () => {
    const { value } = read("“a”: “x y”\nb:\n\u00a0\u00a0c\u200b: 'it’s'\nd: 1–2\ne: don’t\n");
    expect(value).toEqual({ a: "x y", b: { c: "it's" }, d: "1-2", e: "don't" });
  });

  test("the same character is named once a line, a control character once", () => {
    expect(problemsOf("a: –––\nb: –\nc: \u0000\u0000\nd: \u0000\n").map((problem) => problem.split(" | ")[0])).toEqual([
      "1:4",
      "2:4",
      "3:4",
    ]);
  });

  test("an escape may write a dash but nothing that nobody sees", () => {
    expect(problemsOf('a: "\\u2013"\nb: "x\\u200by"\nc: "\\e[2J"\nd: "\\0"\ne: "\\n\\t"\n')).toEqual([
      "2:4 | b | U+200B (zero-width space) stands here | delete it",
      "3:4 | c | U+001B (escape) stands here | delete it, or save the file as UTF-8 text",
      "4:4 | d | U+0000 (NUL) stands here | delete it, or save the file as UTF-8 text",
    ]);
    expect(read('a: "\\u2013"\n').value).toEqual({ a: "–" });
  });

  test("YAML that does not parse because of them names only them", () => {
    expect(problemsOf("a: “x: y”\nb: 1\n")).toEqual([
      '1:4 |  | U+201C (left double quotation mark) stands here | type " instead',
      '1:9 |  | U+201D (right double quotation mark) stands here | type " instead',
    ]);
  });

  test("and what else does not parse", () => {
    expect(problemsOf("a: “x: y”\nb: 1\nc: 2\nd: [1, 2\n").map((problem) => problem.split(" | ")[0])).toEqual(["1:4", "1:9", "4:4"]);
  });
});

describe("syntax", () => {
  test.each([
    ["a:\n\tb: 1\n\tc: 2\n\n# c\n", ["2:1 the line is indented with a tab", "3:1 the line is indented with a tab"]],
    ["a: [1,\n\t2]\n", ["2:1 the line is indented with a tab"]],
    ["a: b: c\nd:\n\te: 1\n", ['1:4 a second ": " or "- " stands in the line of a key', "3:1 the line is indented with a tab"]],
    ["a: |\n  x\n  \ty\nb: [\n", ["4:4 the [ that opens here is never closed"]],
    ['a: "foo\nb: 1\n', ['1:4 the " that opens here is never closed']],
    ["a: 'foo\nb: 1\n", ["1:4 the ' that opens here is never closed"]],
    ["a: [1, 2\nb: 3\n", ["1:4 the [ that opens here is never closed"]],
    ["a:\n  - { x: 1\nb: 3\n", ["2:5 the { that opens here is never closed"]],
    ["a: [[1], [2]\n", ["1:4 the [ that opens here is never closed"]],
    ["a: {b: [1,\n  {c: 1}\n", ["1:8 the [ that opens here is never closed"]],
    ["a: 'it's'\n", ["1:8 something follows where the value has ended"]],
    ["a\nb: 1\n", ["1:1 this line and the next read as one text"]],
    ["a: 1\n b: 2\n", ["1:4 this line and the next read as one text"]],
    ["a: 1\nb\n", ['2:1 this line is neither "key: value" nor "- item"']],
    ["a:\n   b: 1\n  c: 2\n", ["3:1 this key is not in one column with its neighbours"]],
    ["a: @x\nb: `x`\nc: %x\n", ["1:4 a value cannot start with @", "2:4 a value cannot start with `", "3:4 a value cannot start with %"]],
    ['a: "\\q"\n', ["1:5 \\q is no escape of double quotes"]],
    ["a: - b\n", ["1:4 a list starts in the line of its key"]],
    ["a: 1\n- b\n", ["2:1 a list item stands among keys"]],
    ["a: [1 2, {b: c}]]\n", ["1:17 a bracket closes what was not opened"]],
    ['a: ["x" "y"]\n', ["1:9 two items stand without a comma between them"]],
    ["a: [,]\n", ["1:5 there is a comma too many"]],
    ['a: "x"#c\n', ["1:7 a # follows directly on a value"]],
    ["d:\n  a: { x: 1 }}\n  c: 1\n  e: @x\n", ["2:14 a bracket closes what was not opened"]],
    ["d:\n    a: 1\n   b:\n    c: 3\n    e: 4\nf: 1\n", ["3:1 this key is not in one column with its neighbours"]],
    ["%FOO\n\n\n", ["1:5 a line that starts with % is a directive"]],
    ["a: &x &y z\n", ["1:7 an anchor (&), alias (*) or tag (!) is not complete here"]],
  ])("%j", (text, expected) => {
    const found = readDocument(text, "f.yaml").problems.map(({ line, column, problem }) => `${line}:${column} ${problem}`);
    expect(found).toEqual(expected);
  });

  test("no line of the file is quoted: it may hold a secret", () => {
    expect(problemsOf('a: "hunter2" hunter2\nhunter2 hunter2\n- hunter2\n').join("\n")).not.toContain("hunter2");
  });
});

describe("size", () => {
  const tooDeep = "maps and lists stand too deep inside each other";

  test.each([
    ["lists", "a: " + "[".repeat(10_000) + "]".repeat(10_000)],
    ["open lists", "[".repeat(10_000)],
    ["maps", "{a: ".repeat(10_000)],
    ["dashes", "- ".repeat(10_000)],
    ["keys", "? ".repeat(10_000)],
    ["65 lists", "a: " + "[".repeat(65) + "]".repeat(65)],
  ])("10,000 nested: %s", (_, text) => {
    expect(readDocument(text, "f.yaml").problems.map(({ problem }) => problem)).toEqual([tooDeep]);
  });

  test("64 levels are enough for everybody", () => {
    expect(problemsOf("a: " + "[".repeat(63) + "]".repeat(63))).toEqual([]);
  });

  test("an odd character in each of many lines", () => {
    expect(readDocument("– x\n".repeat(200_000), "f.yaml").problems).toHaveLength(200_000 + 1);
  });

  test("50,000 values and a million characters", () => {
    expect(problemsOf(`a: [${"1,".repeat(49_990)}]\n`)).toEqual([]);
    expect(problemsOf(`a: [${"1,".repeat(50_000)}]\n`)).toEqual([
      "1:100001 | a[49998] | the file holds more than 50000 values | split it into several files",
    ]);
    expect(problemsOf("a: x\n".repeat(200_001))).toEqual([
      "1:1 |  | the file has 1000005 characters | a configuration has at most 1000000: split it into several files",
    ]);
  });
});
