import { AutoscalingNotification } from "@cdktf/provider-aws/lib/autoscaling-notification";
import { type Construct } from "constructs";
import { AlarmTopic } from "../alarms";
import { autoScalingRole } from "./service-role";

export interface GroupNotificationsProps {
  /** Words of the topic's name. */
  readonly name: readonly string[];
  readonly groupNames: readonly string[];
  /** Who is told: a topic that exists, or one that is made. */
  readonly settings: {
    readonly topic?: { readonly arn: string } | undefined;
    readonly create?: { readonly email?: string | undefined } | undefined;
  };
}

/** What tells of the launches and ends of groups. */
export interface GroupNotifications {
  readonly notification: AutoscalingNotification;
  /** The topic, where it is made here. */
  readonly topic: AlarmTopic | undefined;
}

/** Tells of each launch and end in groups, and makes the topic for it in the scope's `notifications` where none is named. */
export function groupNotifications(scope: Construct, { name, groupNames, settings }: GroupNotificationsProps): GroupNotifications {
  const topic = settings.topic
    ? undefined
    : new AlarmTopic(scope, "notifications", { name, email: settings.create?.email, publisher: autoScalingRole(scope) });
  const notification = new AutoscalingNotification(scope, "autoscaling_notification", {
    groupNames: [...groupNames],
    notifications: ["EC2_INSTANCE_LAUNCH", "EC2_INSTANCE_LAUNCH_ERROR", "EC2_INSTANCE_TERMINATE", "EC2_INSTANCE_TERMINATE_ERROR"].map(
      (event) => `autoscaling:${event}`,
    ),
    topicArn: settings.topic?.arn ?? topic?.topic.arn ?? "",
    dependsOn: topic ? [topic.policy] : [],
  });
  return { notification, topic };
}
