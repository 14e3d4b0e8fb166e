import { type Verdict } from "./check";

/** Something to find out, by the name that a person reads. */
export type Question = readonly [name: string, answer: () => Promise<Verdict>];

/** The question if it is to be asked. */
export const when = (needed: boolean, ...question: Question): readonly Question[] => (needed ? [question] : []);
