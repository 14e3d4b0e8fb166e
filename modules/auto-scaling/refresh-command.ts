import { jsonDocument } from "../iam";
import { mostHealthyPercent } from "./schema";

const checkpointDelaySeconds = 600;

/** The command that starts an instance refresh of a group. */
export function refreshCommand(groupName: string, warmUpSeconds: number): string {
  const preferences = jsonDocument({
    MinHealthyPercentage: 100,
    MaxHealthyPercentage: mostHealthyPercent,
    InstanceWarmup: warmUpSeconds,
    CheckpointPercentages: [50, 100],
    CheckpointDelay: checkpointDelaySeconds,
    SkipMatching: true,
    // They are protected from scaling in, not from being renewed. By default a refresh would wait for them, and fail.
    ScaleInProtectedInstances: "Refresh",
  });
  return `aws autoscaling start-instance-refresh --auto-scaling-group-name ${groupName} --preferences '${preferences}'`;
}
