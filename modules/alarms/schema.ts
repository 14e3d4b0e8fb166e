import { z } from "zod";
import { type Immutable, type Leaf, matching, oneOf } from "../validation/schema";

const topicArn = () =>
  matching(
    /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/,
    "ARN of an SNS topic",
    "give that of a standard topic, such as arn:aws:sns:us-west-2:123456789012:alarms",
  );

/** An SNS topic for what a service of AWS tells: one that exists or one that is made. */
export const topicSettings = (leaf: Leaf, told: "alarms" | "notifications", by: "CloudWatch" | "Auto Scaling") =>
  oneOf({
    topic: z
      .strictObject({
        arn: leaf(topicArn()).meta({ description: `ARN of the topic. Its policy, and its key if it has one, must admit ${by}.` }),
      })
      .meta({ description: "An SNS topic that exists." }),
    create: z
      .strictObject({
        email: leaf(matching(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "e-mail address", "give one such as netsec@example.com"))
          .optional()
          .meta({ description: `Who gets the ${told} by e-mail, once they confirm what AWS sends them. By default nobody is subscribed.` }),
      })
      .meta({ description: "Make an encrypted SNS topic." }),
  });

/** Where alarms go. */
export const alarmSettings = (leaf: Leaf) =>
  topicSettings(leaf, "alarms", "CloudWatch").prefault({ create: {} }).meta({ description: "Where alarms go." });

export type AlarmSettings = Immutable<z.output<ReturnType<typeof alarmSettings>>>;
