import { needsEscapes } from "./quoted";
import { sequenceText } from "./spacing";
import { isBareInterpolation, type Part } from "./template";

const isBlank = (line: string): boolean => /^\s*$/u.test(line);

/**
 * Lines as an indented heredoc, or undefined where one would not mean the same.
 *
 * Terraform takes from each line the white space that all of them begin with, blank lines aside, which it leaves as they are. So one line
 * must begin without, and a blank one gets no indentation.
 */
export function heredoc(parts: readonly Part[], indentation: string): string | undefined {
  const text = parts.map((part) => (typeof part === "string" ? part : sequenceText(part))).join("");
  const lines = text.split("\n");
  if (lines.length < 2 || lines.pop() !== "" || !lines.some((line) => /^\S/u.test(line))) return undefined;
  // What a directive or a trimming sequence takes away would not be the same beside an indentation.
  if (parts.some((part) => (typeof part === "string" ? needsEscapes(part) : !isBareInterpolation(part)))) return undefined;
  // A mark at the start of a line would join the last space of the indentation, and be taken away with it.
  if (lines.some((line) => /^\s*\p{M}/u.test(line))) return undefined;
  const inner = `${indentation}  `;
  const marker = markerFor(text);
  return [`<<-${marker}`, ...lines.map((line) => (isBlank(line) ? line : inner + line)), indentation + marker].join("\n");
}

function markerFor(text: string): string {
  let marker = "EOT";
  for (let number = 2; text.includes(marker); number++) marker = `EOT${number}`;
  return marker;
}
