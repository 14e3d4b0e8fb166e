import { type Aws, AwsRefusal } from "./aws";
import { type Check } from "./check";
import { type Question } from "./question";
import { questionsOf } from "./questions";
import { unanswered } from "./refusal";
import { type PreflightRequest } from "./request";
import { hasZoneIds, withZoneNames } from "./zones";

export { type Aws } from "./aws";
export { type Check } from "./check";
export { formatChecks } from "./format";
export { type ExistingNetwork, type PreflightRequest } from "./request";
export { type AwsConnection, connectAws } from "./sdk";

const answered = async ([name, answer]: Question): Promise<Check> => {
  try {
    return { name, ...(await answer()) };
  } catch (error) {
    if (error instanceof AwsRefusal) return { name, ...unanswered(error) };
    throw error;
  }
};

const checksOf = (request: PreflightRequest, aws: Aws): Promise<readonly Check[]> => Promise.all(questionsOf(request, aws).map(answered));

/**
 * Asks AWS for what usually fails a first apply: the account, zones, instance types, quotas, elastic addresses, the marketplace subscription, secrets,
 * the provisioning key, KMS keys, the endpoint service, and what is named in a VPC that exists. All questions are put at the same time and change
 * nothing. What AWS does not answer is `unknown` and stops nothing else.
 */
export async function preflight(request: PreflightRequest, aws: Aws): Promise<readonly Check[]> {
  if (!hasZoneIds(request)) return checksOf(request, aws);
  try {
    const zones = await aws.zones();
    return await checksOf(withZoneNames(request, zones), { ...aws, zones: () => Promise.resolve(zones) });
  } catch (error) {
    // Which zones are meant is not known then, and nearly every answer is about one.
    if (error instanceof AwsRefusal) return [{ name: "zones", ...unanswered(error) }];
    throw error;
  }
}
