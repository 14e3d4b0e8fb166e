import { request } from "node:http";
import { type ProbeOutcome } from "./ports";

/** Path of the health probe of a Cloud Connector. */
const path = "/?cchealth";

// An answer is a few bytes. One without an end must not fill the memory.
const longestAnswer = 64 * 1024;

/**
 * Asks a connector whether it takes traffic: alive is a whole answer with status 200 within the time-out. What the answer says does not count,
 * for Zscaler does not document it.
 *
 * Never fails: whatever goes wrong is the outcome.
 */
export function probe(address: string, port: number, timeoutMilliseconds: number): Promise<ProbeOutcome> {
  return new Promise((resolve) => {
    // A new connection each time: an old one says nothing about whether new ones are taken.
    const call = request({ host: address, port, path, agent: false, headers: { Connection: "close" } });
    const settle = (outcome: ProbeOutcome): void => {
      clearTimeout(limit);
      call.destroy();
      resolve(outcome);
    };
    const fail = (why: string): void => settle({ good: false, why });
    const limit = setTimeout(() => fail(`no whole answer within ${timeoutMilliseconds} ms`), timeoutMilliseconds);
    call.on("error", ({ message }) => fail(message));
    call.on("response", (response) => {
      if (response.statusCode !== 200) {
        fail(`status ${response.statusCode}`);
        return;
      }
      let length = 0;
      response.on("data", (chunk: Buffer) => {
        length += chunk.length;
        if (length > longestAnswer) fail(`more than ${longestAnswer} bytes`);
      });
      response.on("error", ({ message }) => fail(message));
      response.on("end", () => (response.complete ? settle({ good: true }) : fail("the answer broke off")));
    });
    call.end();
  });
}
