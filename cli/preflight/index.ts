import { type Aws, AwsRefusal } from "./aws";
import { type Check } from "./check";
import { questionsOf } from "./questions";
import { unanswered } from "./refusal";
import { type PreflightRequest } from "./request";

export { type Aws } from "./aws";
export { type Check } from "./check";
export { formatChecks } from "./format";
export { type ExistingNetwork, type PreflightRequest } from "./request";
export { type AwsConnection, connectAws } from "./sdk";

/**
 * Asks AWS for what usually fails a first apply: the account, zones, instance types, quotas, elastic addresses, the marketplace subscription, the
 * secret, the KMS keys, and what is named in a VPC that exists. All questions are put at the same time and change nothing. What AWS does not answer is `unknown` and stops nothing else.
 */
export const preflight = (request: PreflightRequest, aws: Aws): Promise<readonly Check[]> =>
  Promise.all(
    questionsOf(request, aws).map(async ([name, answer]) => {
      try {
        return { name, ...(await answer()) };
      } catch (error) {
        if (error instanceof AwsRefusal) return { name, ...unanswered(error) };
        throw error;
      }
    }),
  );
