import fc from "fast-check";
import { type Json } from "../../hcl/syntax/json";

/** Texts that break writers of HCL. In Terraform's JSON they are templates, so that `${` and `%{` stand with their escape. */
export const strings: Readonly<Record<string, string>> = {
  empty: "",
  quote: 'say "hello"',
  backslash: "C:\\temp\\new",
  "backslash at the end": "a\\",
  "backslash before a quote": '\\"',
  "escaped interpolation": "cost: $${price}",
  "escaped directive": "100%%{x}",
  "escapes after each other": "$${a}%%{b}$$${c}%%%{d}",
  "dollars and percents": "$ $$ % %% $5 50% {$} {%}",
  "dollar at the end": "a$",
  newline: "one\ntwo",
  "newline at the end": "one\ntwo\n",
  "only a newline": "\n",
  "only newlines": "\n\n\n",
  "blank lines": "one\n\n\ntwo\n\n",
  "lines of white space": "one\n  \n\t\ntwo\n   \n",
  "indented lines": "one\n  two\n    three\n",
  "all lines indented": "  one\n  two\n",
  "first line indented": "    one\ntwo\n",
  "tabs at the start": "one\n\ttwo\n",
  "all lines with tabs": "\tone\n\ttwo\n",
  "heredoc marker": "one\nEOT\ntwo\n",
  "heredoc markers": "EOT\nEOT2\n  EOT3\n",
  "heredoc within": "cat <<EOT\nx\nEOT\n",
  "heredoc start": "<<-EOT",
  "heredoc with escapes": 'a\\b\n"c"\n$${d}\n%%{e}\n',
  "no-break space at the start": "\u00a0one\n\u00a0two\n",
  "combining mark at the start": "one\n\u0301two\n",
  carriage: "one\rtwo",
  "carriage returns": "one\r\ntwo\r\n",
  tab: "a\tb",
  "control characters": "\u0001\u0007\u001b\u007f\u0085",
  "line separators": "a\u2028b\u2029c",
  "line separator in lines": "a\u2028b\nc\n",
  "reordering marks": "a\u202eb\u2066c",
  "byte order mark": "\ufeffa",
  unicode: "Zürich, naïve, Ελλάδα, 日本語",
  composed: "e\u0301 and \u00e9",
  emoji: "😀 👩‍👩‍👧 🇨🇭 1️⃣",
  "emoji in lines": "😀\n👩‍👩‍👧\n",
  "looks like JSON": '{"a":1}',
  "JSON in another order": '{"b":1,"a":2}',
  "JSON with spaces": '{"a": 1}',
  "JSON with a duplicate": '{"a":1,"a":2}',
  "JSON with an exponent": '{"a":1e5}',
  "JSON list": '["a","<",{"b":null}]',
  "HTML in JSON": '{"a":"\\u003cb\\u003e\\u0026"}',
  "raw HTML in JSON": '{"a":"<b>&"}',
  "JSON with escapes": '{"a":"\\"\\\\\\n\\t$${x}%%{y}"}',
  "JSON with NUL": '{"a":"\\u0000"}',
  "JSON with half a pair": '{"a":"\\ud800"}',
  "empty JSON": "{}",
  comment: "# no comment // /* */",
  "keywords as text": "true null for",
  "64 KB": 'long "text" with $${ and \\ '.repeat(2400),
  "64 KB of lines": "a line of text\n".repeat(4500),
};

/**
 * Texts that are put together of what breaks writers. Of the letters beyond 16 bits none: where Terraform composes characters, it takes some
 * of them for others.
 */
const nastyOf = (...more: readonly fc.Arbitrary<string>[]) =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom("$${", "%%{", "$", "%", "{", "}", '"', "\\", "\n", "\r", "\t", " ", "  ", "EOT", "<<", "~", "#", "//", "'", "`"),
        fc.constantFrom("\u2028", "\u00a0", "é", "😀", "\u0001", "a", "B", "0", ":", ",", "=", "[", "]"),
        fc.constantFrom("\n", "\nEOT\n", "\n  ", "\n\n", "\\n", "$$${", "%%%{", '{"a":', '"}'),
        ...more,
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(""))
    // Without an escape it would be an interpolation.
    .map((text) => text.replace(/(?<!\$)\$(?=\{)/g, "$$$$").replace(/(?<!%)%(?=\{)/g, "%%"))
    // After a carriage return alone, nothing else is taken.
    .map((text) => (/\r(?!\n)/.test(text) ? text.replace(/([$%])\1+(?=\{)/g, "$1$1") : text));

export const nasty = nastyOf(
  fc.constant("\u0301"),
  fc.string({ unit: "grapheme", maxLength: 3 }).map((text) => text.replace(/[\0$%{\ufeff]|[\u{10000}-\u{1f000}]/gu, "")),
);

/** The same for keys, with characters only on whose width everybody agrees: `terraform fmt` aligns what follows a key. */
export const nastyKeys = nastyOf().map((text) => text.normalize("NFC"));

/** Expressions in Terraform's format. */
const expressions = [
  "aws_vpc.network.id",
  "var.name",
  'join(",", var.names)',
  'var.enabled ? "yes" : "no"',
  "[for name in var.names : upper(name)]",
  "{ for key, value in var.tags : key => value }",
  'upper("a${var.name}b")',
  'lower("}")',
  "-var.port",
  "module.x[0].ids[*]",
];

/** Texts with interpolations, of which those that give texts also stand among text. */
const templatesOf = (all: readonly string[], texts: readonly string[]) =>
  fc.oneof(
    { weight: 3, arbitrary: nasty },
    { weight: 1, arbitrary: fc.constantFrom(...all).map((expression) => `\${${expression}}`) },
    {
      weight: 2,
      arbitrary: fc
        .array(
          fc.oneof(
            nasty.filter((text) => !/\r|[$%]$/.test(text)),
            fc.constantFrom(...texts.map((expression) => `\${${expression}}`)),
          ),
          {
            minLength: 2,
            maxLength: 4,
          },
        )
        .map((parts) => parts.join("")),
    },
  );

const keys = fc.oneof(fc.stringMatching(/^[a-z_][a-z0-9_-]{0,8}$/), nastyKeys, fc.constantFrom("for", "true", "null", "if"));

const valuesOf = (texts: fc.Arbitrary<string>): fc.Arbitrary<Json> =>
  fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      texts,
      fc.oneof(
        fc.integer(),
        // JSON has no -0.
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((number) => number + 0),
        fc.constantFrom(0, 1, 9007199254740993, 1e21),
      ),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(keys, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).value;

export const templates = templatesOf(expressions, ["var.name", 'join("\\n", ["}"])']);

/** Any value of Terraform's JSON. */
export const values = valuesOf(templates);

const constants = ['join(",", ["a", "}"])', 'upper("a${1 + 1}b$${c}")', '"\\n"', 'true ? "yes" : "no"'];

/** Any value of Terraform's JSON that it can evaluate by itself. */
export const constantValues = valuesOf(
  templatesOf([...constants, "1 - -2", '{ a = "b" }', '[for x in ["a"] : upper(x)]', "null"], constants),
);
