import { z } from "zod";

export { present } from "./present";

/**
 * Wraps each value of a module's schema that may be unknown until deployment. A file's values are all known, so the file and the JSON schema
 * use `known`; a construct checks its caller's props with `orToken`.
 */
export type Leaf = <Schema extends z.ZodType>(schema: Schema) => Schema;

/** The leaf of a file: the value is there and is checked. */
export const known: Leaf = (schema) => schema;

/** Plain data that nobody changes. */
export type Immutable<Data> = Data extends object ? { readonly [Key in keyof Data]: Immutable<Data[Key]> } : Data;

/** What is wrong with a value, naming it, and the rule or the change that mends it. */
export interface Finding {
  readonly problem: string;
  readonly fix: string;
}

/** A finding as the message of a zod issue: the problem, then the fix on a line of its own. */
export const findingMessage = ({ problem, fix }: Finding): string => `${problem}\n${fix}`;

/** A rule as Terraform checks it, where the value is a variable. */
export interface TerraformRule {
  /** The Terraform expression that is true if what it is given, an expression too, keeps the rule. */
  readonly condition: (value: string) => string;
  /** What is said of a value that does not. */
  readonly message: string;
}

/** What Terraform can check of the rules that JSON schema cannot say. */
export const terraformRules = z.registry<TerraformRule>();

/** A rule that a text has this form. Terraform's expressions know no lookaround (RE2): such a form cannot be said. */
export const formRule = (pattern: RegExp, message: string): TerraformRule | undefined => {
  if (/\(\?<?[=!]/.test(pattern.source)) return undefined;
  const source = `${pattern.ignoreCase ? "(?i)" : ""}${pattern.source.replaceAll("\\/", "/")}`;
  return { condition: (value) => `can(regex(${JSON.stringify(source)}, ${value}))`, message };
};

/**
 * A string that `judge` finds nothing wrong with.
 *
 * @param rule as much of the same as Terraform can check
 */
export const text = (judge: (value: string) => Finding | undefined, rule?: TerraformRule): z.ZodString => {
  const schema = z.string().superRefine((value, context) => {
    const finding = judge(value);
    if (finding) context.addIssue({ code: "custom", message: findingMessage(finding) });
  });
  return rule === undefined ? schema : schema.register(terraformRules, rule);
};

/** A text of one form: any other is no `what`, and `fix` says how to write one. */
export const matching = (pattern: RegExp, what: string, fix: string): z.ZodString =>
  text(
    (value) => (pattern.test(value) ? undefined : { problem: `${value} is no ${what}`, fix }),
    formRule(pattern, `This is no ${what}: ${fix}.`),
  );

/** The id that AWS gave something of this kind: `awsId("vpc", "a VPC")` takes vpc-0123456789abcdef0. */
export const awsId = (prefix: string, what: string): z.ZodString =>
  matching(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `id of ${what}`, `give one such as ${prefix}-0123456789abcdef0`);

/**
 * For a rule about several fields: it is asked also when one of them is wrong by itself, so that one run reports all mistakes. The rule
 * must bear fields of any kind.
 */
export const evenIfWrong = {
  when: ({ value }: { readonly value: unknown }): boolean => typeof value === "object" && value !== null,
};

/** The schemas of choices: a value of one is taken or left as a whole. */
export const choices = z.registry<{ readonly variants: readonly string[] }>();

/** A choice between named variants, written as an object with exactly one of the keys. */
export const oneOf = <Variants extends z.ZodRawShape>(variants: Variants) => {
  const names = Object.keys(variants);
  const optional = Object.fromEntries(Object.entries(variants).map(([name, schema]) => [name, z.optional(schema)]));
  return z
    .strictObject(optional as { [Name in keyof Variants]: z.ZodOptional<Variants[Name]> })
    .superRefine((value, context) => {
      const given = Object.keys(value).filter((name) => value[name as keyof typeof value] !== undefined);
      // A misspelt variant is reported as an unknown key.
      if (given.length === 1 || (given.length === 0 && context.issues.length > 0)) return;
      context.addIssue({
        code: "custom",
        message: findingMessage({
          problem: given.length === 0 ? "no choice is made" : `${given.join(" and ")} exclude each other`,
          fix: `give exactly one of ${names.join(", ")}`,
        }),
      });
    })
    .register(choices, { variants: names });
};
