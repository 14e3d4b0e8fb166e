import { AwsRefusal } from "./aws";
import { errorCode, refusal } from "./refusal";

/** Makes something on its first use. */
export function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}

/** Asks one question, which needs the IAM action. */
export async function ask<Answer>(action: string, question: () => Promise<Answer>): Promise<Answer> {
  try {
    return await question();
  } catch (error) {
    throw error instanceof AwsRefusal ? error : refusal(action, error);
  }
}

/** Asks for something that need not exist: `absent` is the code by which AWS says so. */
export const askFor = <Answer>(action: string, absent: string, question: () => Promise<Answer>): Promise<Answer | undefined> =>
  ask(action, async () => {
    try {
      return await question();
    } catch (error) {
      if (errorCode(error) === absent) return undefined;
      throw error;
    }
  });

/** Asks for all pages of an answer. */
export const askPages = <Page, Item>(
  action: string,
  pages: () => Promise<AsyncIterable<Page>>,
  items: (page: Page) => readonly Item[] | undefined,
): Promise<readonly Item[]> =>
  ask(action, async () => {
    const found: Item[] = [];
    for await (const page of await pages()) found.push(...(items(page) ?? []));
    return found;
  });

/** A filter takes at most 200 values. */
const valuesAFilter = 200;

/** Asks with a filter of any number of values. */
export const inBatches = async <Item>(
  values: readonly string[],
  question: (batch: string[]) => Promise<readonly Item[]>,
): Promise<readonly Item[]> => {
  const starts = Array.from({ length: Math.ceil(values.length / valuesAFilter) }, (_, index) => index * valuesAFilter);
  return (await Promise.all(starts.map((start) => question(values.slice(start, start + valuesAFilter))))).flat();
};
