import { DefaultTokenResolver, StringConcat, Token, Tokenization } from "cdktf";
import { type Construct, type IConstruct } from "constructs";
import { z } from "zod";
import { type Finding, findingMessage, type Leaf } from "./schema";

export { present } from "./present";
export { type Finding, type Immutable } from "./schema";

/** True for a value that Terraform knows only at deployment, or a text that contains one. */
export const isToken = (value: unknown): boolean => Token.isUnresolved(value) || (typeof value === "string" && value.includes("${"));

/** A number as text: that of a token, which looks like any other number, would be a wrong one. */
export const asText = (value: number): string => (isToken(value) ? Token.asString(value) : String(value));

/** A text with the Terraform expression of each token in it: cdktf has another token each time that one attribute is referred to. */
export const resolved = (scope: IConstruct, text: string): string =>
  Tokenization.resolve(text, { scope, resolver: new DefaultTokenResolver(new StringConcat()) }) as string;

/** A text as an expression: a reference alone as it is, everything else in quotation marks. */
export function expressionOf(scope: IConstruct, text: string): string {
  const template = resolved(scope, text);
  return /^\$\{([^{}]+)\}$/.exec(template)?.[1] ?? JSON.stringify(template);
}

/** The postcondition of a data source, that what it looks up is in a VPC: `what` names it, and `kind` what to give in its place. */
export const inVpc = (scope: IConstruct, vpcId: string, what: string, kind: string) => ({
  condition: `\${self.vpc_id == ${expressionOf(scope, vpcId)}}`,
  errorMessage: `${what} is in VPC \${self.vpc_id}, not in ${vpcId}. Give a ${kind} of that VPC.`,
});

/** The leaf of a construct: a token passes as it is, everything else is checked. */
export const orToken: Leaf = <Schema extends z.ZodType>(schema: Schema) =>
  z.unknown().transform((value, context) => {
    if (isToken(value)) return value;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    for (const issue of result.error.issues) context.addIssue({ ...issue });
    return z.NEVER;
  }) as unknown as Schema;

/** A finding, and the prop that it is about. */
export interface PropFinding extends Finding {
  readonly at: readonly PropertyKey[];
}

const mistake = (scope: Construct, at: readonly PropertyKey[], message: string): string =>
  `${[scope.node.path, ...at].join(".")}: ${message.replace("\n", "; ")}`;

/** The error that lists every finding with the construct's path, the prop, the problem and the fix. */
export const refusal = (scope: Construct, findings: readonly PropFinding[]): Error =>
  new Error(findings.map((finding) => mistake(scope, finding.at, findingMessage(finding))).join("\n"));

/**
 * Checks a construct's plain settings against its module's schema, and fills the defaults.
 *
 * @param props May hold more than the settings: only the schema's own keys are looked at.
 * @throws One error that lists every mistake with the construct's path, the prop, the problem and the fix.
 */
export function checkSettings<Schema extends z.ZodObject>(scope: Construct, schema: Schema, props: object): z.output<Schema> {
  const settings = Object.fromEntries(Object.entries(props).filter(([key]) => key in schema.shape));
  const result = schema.safeParse(settings);
  if (result.success) return result.data;
  const mistakes = result.error.issues.flatMap((issue) =>
    // A wrong key of a record carries what is wrong with it.
    (issue.code === "invalid_key" ? issue.issues : [issue]).map(({ message }) => mistake(scope, issue.path, message)),
  );
  throw new Error(mistakes.join("\n"));
}
