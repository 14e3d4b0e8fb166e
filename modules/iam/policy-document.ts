/** A statement of an IAM policy, in IAM's own words. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const byBytes = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));

/**
 * A JSON document byte for byte as Terraform's `jsonencode` writes it: compact, keys in the order of their bytes, and `<`, `>`, `&` and the
 * line separators of Unicode escaped. So a policy in the synthesized JSON and the same policy in HCL make no difference in a plan.
 */
export function jsonDocument(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonDocument).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return `{${entries
      .sort(byBytes)
      .map(([key, item]) => `${jsonDocument(key)}:${jsonDocument(item)}`)
      .join(",")}}`;
  }
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** An IAM policy document of the given statements. */
export const policyDocument = (statements: readonly Statement[]): string => jsonDocument({ Version: "2012-10-17", Statement: statements });
