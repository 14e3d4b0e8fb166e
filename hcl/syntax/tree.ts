import { type Part } from "./template";

/** An expression of HCL. */
export type Expression =
  /** A number, a boolean, null or any expression of one line, in Terraform's form. */
  | { readonly kind: "plain"; readonly text: string }
  | { readonly kind: "template"; readonly parts: readonly Part[] }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "object"; readonly entries: readonly ObjectEntry[] }
  | { readonly kind: "call"; readonly name: string; readonly argument: Expression };

interface ObjectEntry {
  /** The key as it is written: a name, a quoted string or an expression in parentheses. */
  readonly key: string;
  readonly value: Expression;
}

export interface Argument {
  readonly kind: "argument";
  readonly name: string;
  readonly value: Expression;
}

export interface Block {
  readonly kind: "block";
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: Body;
  /** Stands above the block, line by line. */
  readonly comment?: string | undefined;
}

/** What belongs together stands together: an empty line parts the groups, and a block from what is beside it. */
export type Body = readonly (readonly (Argument | Block)[])[];

export const plain = (text: string): Expression => ({ kind: "plain", text });
