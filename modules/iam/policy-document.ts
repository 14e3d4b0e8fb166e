/** A statement of an IAM policy, in IAM's own words. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
};

/**
 * A JSON document byte for byte as Terraform's `jsonencode` writes it: compact, keys sorted, `<`, `>` and `&` escaped. So a policy in the
 * synthesized JSON and the same policy in HCL make no difference in a plan.
 */
export const jsonDocument = (value: unknown): string =>
  JSON.stringify(sorted(value)).replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);

/** An IAM policy document of the given statements. */
export const policyDocument = (statements: readonly Statement[]): string => jsonDocument({ Version: "2012-10-17", Statement: statements });
