import { LineCounter } from "yaml";

/** Line and column, both from 1, of offsets into a text. */
export interface Lines {
  at(offset: number): { readonly line: number; readonly column: number };
}

/** An offset beyond the last visible character counts as the place right after it. Nothing is counted before the first question. */
export const linesOf = (text: string): Lines => {
  let counter: LineCounter | undefined;
  const counted = (): LineCounter => {
    const fresh = new LineCounter();
    for (let start = 0; start >= 0; start = text.indexOf("\n", start) + 1 || -1) fresh.addNewLine(start);
    return fresh;
  };
  const end = text.trimEnd().length;
  return {
    at(offset) {
      counter ??= counted();
      const { line, col } = counter.linePos(Math.max(0, Math.min(offset, end)));
      return { line, column: col };
    },
  };
};
