import { jsonDocument } from "../iam";

/** An event pattern takes 2,048 characters (EventBridge quotas), an instance's id 22 with what stands around it. */
const instancesInPattern = 80;

/** The patterns of EC2's events of these instances' ends: as few as take them all. */
export const instancePatterns = (instanceIds: readonly string[]): readonly string[] =>
  Array.from({ length: Math.ceil(instanceIds.length / instancesInPattern) }, (_, index) =>
    jsonDocument({
      source: ["aws.ec2"],
      "detail-type": ["EC2 Instance State-change Notification"],
      detail: {
        "instance-id": instanceIds.slice(index * instancesInPattern, (index + 1) * instancesInPattern),
        state: ["shutting-down", "terminated", "stopping", "stopped"],
      },
    }),
  );
