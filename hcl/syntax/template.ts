/** A word of an expression. A quoted string is one word, with the sequences within it in Terraform's format. */
export interface Word {
  readonly kind: "identifier" | "number" | "string" | "operator" | "open" | "close";
  readonly text: string;
}

/** `${…}` or `%{…}`. */
export interface Sequence {
  readonly opening: "${" | "%{";
  readonly words: readonly Word[];
  /** `~` on a side takes away the white space beyond it. */
  readonly trims: { readonly left: boolean; readonly right: boolean };
}

/** A template is literal text, as a template writes it (`$${` means `${`), and the sequences between. */
export type Part = string | Sequence;

/** An interpolation that gives its value and does nothing to the text beside it. */
export const isBareInterpolation = ({ opening, trims }: Sequence): boolean => opening === "${" && !trims.left && !trims.right;
