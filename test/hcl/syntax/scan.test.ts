import { expressionText, templateParts } from "../../../hcl/syntax/scan";
import { sequenceText } from "../../../hcl/syntax/spacing";

const parts = (text: string) => templateParts(text).map((part) => (typeof part === "string" ? part : { sequence: sequenceText(part) }));

test.each<[string, unknown[]]>([
  ["", []],
  ["text", ["text"]],
  ["${a.b}", [{ sequence: "${a.b}" }]],
  ["a ${ b } c", ["a ", { sequence: "${b}" }, " c"]],
  ["$${a} %%{b}", ["$${a} %%{b}"]],
  ["$$${a}", ["$$${a}"]],
  ["%${a}", ["%", { sequence: "${a}" }]],
  ["$%{ if a }b%{ endif }", ["$", { sequence: "%{if a}" }, "b", { sequence: "%{endif}" }]],
  ["${{a=1}.a}x", [{ sequence: "${ { a = 1 }.a}" }, "x"]],
  ['${"}"}}', [{ sequence: '${"}"}' }, "}"]],
  ['${"a${ "}" }\\"}"}x', [{ sequence: '${"a${"}"}\\"}"}' }, "x"]],
  ['${"$${"}x', [{ sequence: '${"$${"}' }, "x"]],
  ['${"%%{ \\\\"}x', [{ sequence: '${"%%{ \\\\"}' }, "x"]],
  ["${a /* } */}x", [{ sequence: "${a}" }, "x"]],
  ["${~ a ~}", [{ sequence: "${~a~}" }]],
  ["${\n[\na,\nb\n]\n}", [{ sequence: "${[a, b]}" }]],
  ["${f({\n a = 1\n b = 2 // }\n})}", [{ sequence: "${f({ a = 1, b = 2 })}" }]],
  ["${{\nfor a in b :\na => 1\n}}", [{ sequence: "${ { for a in b : a => 1 } }" }]],
])("%j is read as its literal texts and sequences", (text, expected) => {
  expect(parts(text)).toEqual(expected);
});

test.each([
  ["${a", "${ is not closed by a }"],
  ['${"a}', "a string within an expression does not end"],
  ["%{ if (a }", "} closes another bracket"],
  ["%{ if (a", "a bracket within an expression is not closed"],
  ["${}", "${} holds no expression"],
  ["${a ' b}", 'cannot read an expression from "\' b}" on'],
  ["${<<EOT\na\nEOT\n}", 'cannot read an expression from "<<EOT\\na\\nEOT\\n}" on'],
  ["${a)}", ") closes nothing"],
])("%j is refused", (text, message) => {
  expect(() => templateParts(text)).toThrow(new Error(message));
});

test.each([
  ["map(string)", "map(string)"],
  ["object({a=string,b=optional(list(number),[])})", "object({ a = string, b = optional(list(number), []) })"],
  ["a==b?-1:x - -2", "a == b ? -1 : x - -2"],
  ["[for k,v in [1]:v if!k]", "[for k, v in [1] : v if !k]"],
  ["x [ * ] .y[ 0 ] . z", "x[*].y[0].z"],
  ["provider::aws::f( x ... )", "provider::aws::f(x...)"],
])("%s is formatted as %s", (text, expected) => {
  expect(expressionText(text)).toBe(expected);
});

test.each(["", "a}", "(a"])("%j is no expression", (text) => {
  expect(() => expressionText(text)).toThrow();
});
