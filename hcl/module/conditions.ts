import { z } from "zod";
import { terraformRules } from "../../modules/validation/schema";
import { familyOf, type Field } from "./fields";

/** A rule as Terraform checks it. */
export interface Condition {
  readonly condition: string;
  readonly errorMessage: string;
}

interface Rules {
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

const either = (choices: readonly unknown[]): string => choices.map(String).join(", ");

/** The rules of one value, as conditions on an expression that stands for what is given. */
function conditionsOf(leaf: z.core.$ZodType, value: string, given: unknown): readonly Condition[] {
  const rules = z.toJSONSchema(leaf, { io: "input", unrepresentable: "any" }) as Rules;
  const own = terraformRules.get(leaf);
  const bound = (limit: number | undefined): number | undefined =>
    limit === undefined || Math.abs(limit) === Number.MAX_SAFE_INTEGER ? undefined : limit;
  const [minimum, maximum] = [bound(rules.minimum), bound(rules.maximum)];
  return [
    ...(own ? [{ condition: own.condition(value), errorMessage: own.message }] : []),
    ...(familyOf(given) === 4
      ? [{ condition: `!strcontains(${value}, ":")`, errorMessage: "This is IPv6, where the module was generated for an IPv4 range." }]
      : []),
    ...(rules.enum
      ? [
          {
            condition: `contains([${rules.enum.map((choice) => JSON.stringify(choice)).join(", ")}], ${value})`,
            errorMessage: `This is none of ${either(rules.enum)}.`,
          },
        ]
      : []),
    ...(rules.type === "integer" ? [{ condition: `floor(${value}) == ${value}`, errorMessage: "This is no whole number." }] : []),
    ...(minimum === undefined ? [] : [{ condition: `${value} >= ${minimum}`, errorMessage: `This is less than ${minimum}.` }]),
    ...(maximum === undefined ? [] : [{ condition: `${value} <= ${maximum}`, errorMessage: `This is more than ${maximum}.` }]),
    ...(rules.minLength ? [{ condition: `length(${value}) >= ${rules.minLength}`, errorMessage: "This is empty." }] : []),
    ...(rules.maxLength
      ? [{ condition: `length(${value}) <= ${rules.maxLength}`, errorMessage: `This has more than ${rules.maxLength} characters.` }]
      : []),
    ...(rules.pattern
      ? [{ condition: `can(regex(${JSON.stringify(rules.pattern)}, ${value}))`, errorMessage: "This is not of the form that AWS takes." }]
      : []),
  ];
}

/** The rules of a field, as conditions on its variable. */
export function fieldConditions({ leaf, holds, value }: Field, variable: string): readonly Condition[] {
  // A map of free keys has rules for keys and values, which AWS tells too.
  if (holds === "one") return typeof value === "object" ? [] : conditionsOf(leaf, variable, value);
  const items = "keys" in holds ? `values(${variable})` : variable;
  const each = conditionsOf(leaf, "value", Object.values(value as object)[0]).map(({ condition, errorMessage }) => ({
    condition: `alltrue([for value in ${items} : ${condition}])`,
    errorMessage,
  }));
  if ("keys" in holds) {
    const keys = {
      // keys() has them in this order.
      condition: `join(" ", keys(${variable})) == ${JSON.stringify([...holds.keys].sort().join(" "))}`,
      errorMessage: `Give exactly ${holds.keys.join(", ")}: the module was generated for these.`,
    };
    return [keys, ...each];
  }
  const count = {
    condition: `length(${variable}) == ${holds.count}`,
    errorMessage: `Give exactly ${holds.count}: the module was generated for that many.`,
  };
  return [count, ...each];
}
