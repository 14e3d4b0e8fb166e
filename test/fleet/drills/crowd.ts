import { connector, dead, drill, type Drill, oneGroup, times } from "./drill";

const size = 500;
const deadOnes = 20;

/** Alone on stage, since its time is measured. */
export const crowd: Drill = drill(
  `${size} connectors in one group, ${deadOnes} of them dead`,
  "three calls to look at them, one for each that is replaced",
  async ({ aws, pass }) => {
    const { error, metric } = await pass();
    expect([error, metric("Healthy"), metric("Replaced")]).toEqual([undefined, size - deadOnes, deadOnes]);
    const looks = aws.calls.map(({ action }) => action).filter((action) => action !== "SetInstanceHealth");
    expect(looks).toEqual(["DescribeAutoScalingGroups", "GetMetricData", "DescribeScalingActivities"]);
    expect(aws.calls).toHaveLength(3 + deadOnes);
  },
  {
    ...oneGroup(
      Object.fromEntries(
        Array.from({ length: size }, (_, number) => [
          String(number).padStart(3, "0"),
          number < deadOnes ? dead : connector(times(15, 100)),
        ]),
      ),
    ),
    leaves: { replaced: Array.from({ length: deadOnes }, (_, number) => String(number).padStart(3, "0")) },
    limit: 10,
  },
);
