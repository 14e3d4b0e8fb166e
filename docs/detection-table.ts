import { balancerSettings, detectionSeconds, healthCheckLimits, timeoutOf } from "../modules/gateway-load-balancer/schema";
import { known } from "../modules/validation/schema";

type Check = NonNullable<ReturnType<ReturnType<typeof balancerSettings>["parse"]>>["healthCheck"];

const byDefault: Check = balancerSettings(known).parse({}).healthCheck;
const [shortest] = healthCheckLimits.intervalSeconds;
const [fewest] = healthCheckLimits.threshold;

/** From the fastest that AWS has to one that hardly minds a connector that is slow for once. */
const checks: readonly Check[] = [shortest, byDefault.intervalSeconds, 3 * byDefault.intervalSeconds].flatMap((intervalSeconds) =>
  [fewest, byDefault.unhealthyThreshold].map((unhealthyThreshold) => ({ ...byDefault, intervalSeconds, unhealthyThreshold })),
);

const note = ({ intervalSeconds, unhealthyThreshold }: Check): string => {
  if (intervalSeconds === byDefault.intervalSeconds && unhealthyThreshold === byDefault.unhealthyThreshold) return ", the default";
  return intervalSeconds === shortest && unhealthyThreshold === fewest ? ", the fastest that AWS has" : "";
};

/** How soon a balancer finds a dead connector, as a Markdown table. */
export const detectionTable = (): string =>
  [
    "| `intervalSeconds` | `unhealthyThreshold` | `timeoutSeconds`, unless given | A dead connector is found after |",
    "| --- | --- | --- | --- |",
    ...checks.map(
      (check) =>
        `| ${check.intervalSeconds} | ${check.unhealthyThreshold} | ${timeoutOf(check)} | ${detectionSeconds(check)} s${note(check)} |`,
    ),
  ].join("\n");
