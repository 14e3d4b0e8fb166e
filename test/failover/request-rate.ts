/** A bucket of tokens: its size, and the tokens that come back each second. */
interface Bucket {
  readonly capacity: number;
  readonly refill: number;
}

// "Request throttling for the Amazon EC2 API", request token bucket sizes and refill rates:
// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
// Actions with a rate of their own there (RunInstances among them) are none that a function calls.
const reading: Bucket = { capacity: 100, refill: 20 };
const readingWithoutFilter: Bucket = { capacity: 50, refill: 10 };
const changing: Bucket = { capacity: 50, refill: 5 };

/** Those that have a smaller bucket for calls with neither a filter nor pages. */
const costlyWithoutFilter = new Set([
  "DescribeInstances",
  "DescribeInstanceStatus",
  "DescribeNetworkInterfaces",
  "DescribeSecurityGroups",
  "DescribeSnapshots",
  "DescribeSpotInstanceRequests",
  "DescribeVolumes",
]);

const isNarrowed = (parameters: Readonly<Record<string, string>>): boolean =>
  Object.keys(parameters).some((name) => name === "MaxResults" || name === "NextToken" || name.startsWith("Filter."));

function bucketOf(action: string, parameters: Readonly<Record<string, string>>): Bucket {
  if (!/^(Describe|List|Search|Get)/.test(action)) return changing;
  return costlyWithoutFilter.has(action) && !isNarrowed(parameters) ? readingWithoutFilter : reading;
}

/** Whether EC2 takes a call. */
export type Admission = (action: string, parameters: Readonly<Record<string, string>>) => boolean;

/** EC2's documented rate for an account in a region: each action has full buckets of its own, and each second brings tokens back. */
export function documentedRate(now: () => number): Admission {
  const levels = new Map<string, { tokens: number; refilledAt: number }>();
  return (action, parameters) => {
    const bucket = bucketOf(action, parameters);
    const name = `${action} ${bucket.capacity}`;
    const { tokens, refilledAt } = levels.get(name) ?? { tokens: bucket.capacity, refilledAt: now() };
    const seconds = Math.floor((now() - refilledAt) / 1000);
    const available = Math.min(bucket.capacity, tokens + seconds * bucket.refill);
    levels.set(name, { tokens: Math.max(0, available - 1), refilledAt: refilledAt + seconds * 1000 });
    return available > 0;
  };
}
