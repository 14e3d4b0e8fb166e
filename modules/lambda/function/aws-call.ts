import { setTimeout as wait } from "node:timers/promises";
import { CallFailed } from "./call-failed";

const limits = { connect: 1_000, answer: 2_000, call: 5_000, firstPause: 200 };

// Retrying is done here: the SDK's own would not end with the call's time.
export const clientConfiguration = { maxAttempts: 1, requestHandler: { connectionTimeout: limits.connect, requestTimeout: limits.answer } };

/** Names of what AWS answers when it has no time for a call. */
const tooMany = /throttl|RequestLimitExceeded|TooManyRequests|RequestTimeout|Unavailable|InternalError|InternalFailure|ResourceContention/i;

const isMissing = (name: string, message: string): boolean =>
  /NotFound|DoesNotExist|NonExistent/.test(name) || (name === "ValidationError" && /not found|No active Lifecycle Action/i.test(message));

const callFailed = (error: unknown): CallFailed => {
  if (error instanceof CallFailed) return error;
  const { name, message, $metadata } = error as Error & { readonly $metadata?: { readonly httpStatusCode?: number } };
  // Without a status there was no answer.
  const status = $metadata?.httpStatusCode ?? 500;
  const kind = isMissing(name, message) ? "missing" : status >= 500 || tooMany.test(name) ? "transient" : "refused";
  return new CallFailed(`${name}: ${message}`, kind);
};

type Options = { readonly abortSignal: AbortSignal };

/** Makes a request that ends within the limit, whatever AWS does, again and again while there is time and it could help. */
export type Request = <Answer>(send: (options: Options) => Promise<Answer>) => Promise<Answer>;

/**
 * Requests that together make up one call, and end within its time.
 *
 * @param limit milliseconds
 */
export const newCall = (limit = limits.call): Request => {
  const end = Date.now() + limit;
  return async (send) => {
    for (let pause = limits.firstPause; ; pause *= 2) {
      const abortSignal = AbortSignal.timeout(Math.max(1, Math.min(limits.answer, end - Date.now())));
      try {
        return await send({ abortSignal });
      } catch (error) {
        const failure = callFailed(error);
        // Half of it at random, so that those who were refused together do not come again together.
        const jittered = pause * (0.5 + Math.random() / 2);
        if (failure.kind !== "transient" || Date.now() + jittered >= end) throw failure;
        await wait(jittered);
      }
    }
  };
};

/** Reads all pages of an answer. */
export async function readAll<Page>(
  readPage: (token: string | undefined) => Promise<Page>,
  nextOf: (page: Page) => string | undefined,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let token: string | undefined;
  do {
    const page = await readPage(token);
    pages.push(page);
    token = nextOf(page);
  } while (token !== undefined);
  return pages;
}
