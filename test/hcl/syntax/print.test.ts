import { type Json, type JsonObject } from "../../../hcl/syntax/json";
import { fileText } from "../../../hcl/syntax/print";
import { type Block } from "../../../hcl/syntax/tree";
import { type Reading, valueOf } from "../../../hcl/syntax/value";

const types: Readonly<Record<string, "string" | "number">> = { "aws_iam_role.a.arn": "string", "var.port": "number" };
const templates: Reading = { typeOf: (expression) => types[expression] };

const block = (values: JsonObject, more: Partial<Block> = {}): Block => ({
  kind: "block",
  type: "resource",
  labels: ["aws_x", "a"],
  body: [Object.entries(values).map(([name, value]) => ({ kind: "argument", name, value: valueOf(value, name, templates) }))],
  ...more,
});

/** What stands for a value between `v = ` and the end of its block. */
const shown = (value: Json): string =>
  fileText([block({ v: value })])
    .replace(/^.*\n {2}v = /, "")
    .replace(/\n}\n$/, "");

test("values of one line are aligned, and those of more lines are not", () => {
  const body = { a: 1, long_name: true, list: [{}, [{ inner: 1, b: null }]], text: "one\ntwo\n", after: "x" };
  expect(fileText([block(body)])).toBe(`resource "aws_x" "a" {
  a         = 1
  long_name = true
  list = [
    {},
    [
      {
        inner = 1
        b     = null
      },
    ],
  ]
  text  = <<-EOT
    one
    two
  EOT
  after = "x"
}
`);
});

test("groups and blocks have an empty line between them, and a block with nothing has one line", () => {
  const inner: Block = { kind: "block", type: "inner", labels: [], body: [] };
  const [group = []] = block({ a: 1 }).body;
  expect(fileText([block({}, { body: [group, [inner, inner], group] }), inner])).toBe(`resource "aws_x" "a" {
  a = 1

  inner {}

  inner {}

  a = 1
}

inner {}
`);
});

test("a comment is wrapped, and keeps its own lines", () => {
  const comment = `${"word ".repeat(25).trim()}\n\nLast.`;
  expect(fileText([block({}, { comment })])).toBe(`# ${"word ".repeat(19).trim()}
# ${"word ".repeat(6).trim()}
#
# Last.
resource "aws_x" "a" {}
`);
});

test("a list keeps to one line of 100 characters", () => {
  const fits = ["a".repeat(44), "b".repeat(40)];
  expect(shown(fits).split("\n")).toHaveLength(1);
  expect(`  v = ${shown(fits)}`).toHaveLength(98);
  expect(shown([fits[0] ?? "", "b".repeat(43)])).toBe(`[\n    "${"a".repeat(44)}",\n    "${"b".repeat(43)}",\n  ]`);
});

test.each<[string, Json, string]>([
  ["an interpolation alone", "${aws_vpc.a.id}", "aws_vpc.a.id"],
  ["an interpolation among text", "x-${ aws_vpc.a.id }", '"x-${aws_vpc.a.id}"'],
  ["an interpolation that trims", "${~ a ~}", '"${~a~}"'],
  ["two interpolations", "${a}${b}", '"${a}${b}"'],
  ["text with quotes", 'a "b" \\ c\td', '"a \\"b\\" \\\\ c\\td"'],
  ["lines without the last newline", "a\nb", '"a\\nb"'],
  ["escapes after a carriage return", "\r$${b}%%{", '"\\r$${b}%%{"'],
  ["an interpolation after carriage returns with newlines", "a\r\n${b}", '"a\\r\\n${b}"'],
  ["a byte order mark at the start, which Terraform takes off", "\ufeffa\ufeff", '"a\\ufeff"'],
  ["lines with a carriage return", "a\r\n", '"a\\r\\n"'],
  ["lines that all begin with white space", " a\n b\n", '" a\\n b\\n"'],
  ["lines with what is not seen", "a\u202e\n", '"a\\u202e\\n"'],
  ["lines with a directive", "a\n%{ if b }c\n%{ endif }\n", '"a\\n%{if b}c\\n%{endif}\\n"'],
  ["lines with the marker", "EOT\n", "<<-EOT2\n    EOT\n  EOT2"],
  ["lines with blanks", "a\n\n  b ${c}\n \n", "<<-EOT\n    a\n\n      b ${c}\n \n  EOT"],
  ["numbers", [1, 1.5, -2, 1e21, 0.1], "[1, 1.5, -2, 1e+21, 0.1]"],
  ["a number and its text", [1, "1", true, "true", null, "null"], '[1, "1", true, "true", null, "null"]'],
  ["keys", { a_b: 1, "a-b": 2, "a.b": 3, "1": 4, "": 5 }, '{\n    "1"  = 4\n    a_b  = 1\n    a-b  = 2\n    "a.b" = 3\n    ""    = 5\n  }'],
  ["keys with a meaning", { for: 1, true: 2, null: 3 }, '{\n    "for"  = 1\n    "true" = 2\n    "null" = 3\n  }'],
  ["keys with interpolations", { "${a.b}": 1, "x${a.b}": 2 }, '{\n    (a.b)    = 1\n    "x${a.b}" = 2\n  }'],
  ["nothing", [[], {}], "[[], {}]"],
])("%s", (_, value, expected) => {
  expect(shown(value).replace(/ +=/g, " =")).toBe(expected.replace(/ +=/g, " ="));
});

test("a JSON document becomes a call of jsonencode", () => {
  const policy = '{"Statement":[{"Resource":["${aws_iam_role.a.arn}","${aws_iam_role.a.arn}/*"]}],"Version":"2012-10-17"}';
  expect(shown(policy)).toBe(`jsonencode({
    Statement = [
      {
        Resource = [aws_iam_role.a.arn, "\${aws_iam_role.a.arn}/*"]
      },
    ]
    Version = "2012-10-17"
  })`);
});

test.each([
  ["of unknown type between quotes is made a text", '{"a":"${var.x}"}', "a = tostring(var.x)"],
  ["of a number between quotes is made a text", '{"a":"${var.port}"}', "a = tostring(var.port)"],
  ["of a number in place of one stays one", '{"a":${var.port}}', "a = var.port"],
  ["with quotes in it", '{"a":"x${join(",", b)}"}', 'a = "x${join(",", b)}"'],
  ["as the only key", '{"${var.x}:sub":1}', '"${var.x}:sub" = 1'],
])("an interpolation %s", (_, document, line) => {
  expect(shown(document)).toBe(`jsonencode({\n    ${line}\n  })`);
});

test.each([
  ["with white space", '{"a": 1}'],
  ["in another order", '{"b":1,"a":2}'],
  ["with a key twice", '{"a":1,"a":1}'],
  ["with a character that jsonencode escapes", '{"a":"<"}'],
  ["with a number that jsonencode writes otherwise", '{"a":1e+21}'],
  ["with a number that JavaScript does not hold", '{"a":12345678901234567890}'],
  ["with an unknown in place of a number", '{"a":${var.x}}'],
  ["with a key of unknown order", '{"${var.x}":1,"b":2}'],
  ["with a directive", '{"a":"%{if b}c%{endif}"}'],
  ["with an interpolation that trims", '{"a":" ${~var.x}"}'],
  ["with characters that Terraform would compose", '{"a":"e\u0301"}'],
  ["with NUL", '{"a":"\\u0000"}'],
  ["that is empty", "{}"],
  ["that is a text", '"a"'],
])("a document %s stays as it is", (_, document) => {
  expect(shown(document)).not.toContain("jsonencode");
});

test.each([
  ["NUL", { a: ["\0"] }, "v.a[0]: Terraform takes no NUL character"],
  ["NUL in a key", { "\0": 1 }, "v: Terraform takes no NUL character"],
  ["half a character", "\ud83d", "v: half of a surrogate pair is no character"],
  ["an interpolation without an end", { a: "${b" }, "v.a: ${ is not closed by a }"],
])("%s is refused, with its place", (_, value, message) => {
  expect(() => valueOf(value, "v", templates)).toThrow(new Error(message));
});

test.each(["a\r\n\rb${c}", "\r%{if a}b%{endif}", "\r$$${c", "\ra $%{", "a\r b %%%{"])(
  "%j is refused, since Terraform misreads it",
  (text) => {
    const message = "v: in JSON, Terraform takes ${ and %{ for text after a carriage return without a newline";
    expect(() => valueOf(text, "v", templates)).toThrow(new Error(message));
  },
);

test("what Terraform does not read as a template is escaped", () => {
  expect(
    fileText([block({}, { body: [[{ kind: "argument", name: "v", value: valueOf("${a} $${b} %{c} $", "v", "literal") }]] })]),
  ).toContain('"$${a} $$${b} %%{c} $"');
});
