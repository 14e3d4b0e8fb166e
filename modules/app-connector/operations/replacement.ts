import { total } from "./procedures";

export interface Replacement {
  /** Of the role by which Automation acts. */
  readonly roleArn: string;
  readonly enrollSeconds: number;
  readonly drainSeconds: number;
}

/** For what takes place before the new instance enrolls, and after the old one has drained. */
const slackSeconds = 1800;

const ofInstance = { Service: "ec2", Api: "DescribeInstances", InstanceIds: ["{{ InstanceId }}"] };
const state = "$.Reservations[0].Instances[0].State.Name";

/**
 * The content of the Automation document that replaces one instance of an Auto Scaling group, schema 0.3.
 *
 * The group launches a new one by its newest launch template, by its instance maintenance policy before it ends the old one, which then drains
 * at its terminate hook.
 */
export const replacementContent = ({ roleArn, enrollSeconds, drainSeconds }: Replacement) => ({
  schemaVersion: "0.3",
  description: "Has the Auto Scaling group replace an App Connector by a new one, and waits until the old one has drained and ended.",
  assumeRole: roleArn,
  parameters: {
    InstanceId: { type: "String", description: "Id of the instance that is replaced.", allowedPattern: "^i-[0-9a-f]{8,17}$" },
  },
  mainSteps: [
    {
      name: "look",
      action: "aws:executeAwsApi",
      maxAttempts: 3,
      inputs: ofInstance,
      outputs: [{ Name: "State", Selector: state, Type: "String" }],
    },
    {
      // By tag, instances are found that have ended or wait stopped in a warm pool: there is nothing to drain.
      name: "only_if_running",
      action: "aws:branch",
      inputs: { Choices: [{ NextStep: "replace", Variable: "{{ look.State }}", StringEquals: "running" }] },
      isEnd: true,
    },
    {
      name: "replace",
      action: "aws:executeAwsApi",
      inputs: {
        Service: "autoscaling",
        Api: "SetInstanceHealth",
        InstanceId: "{{ InstanceId }}",
        HealthStatus: "Unhealthy",
        ShouldRespectGracePeriod: false,
      },
    },
    {
      name: "wait_for_the_end",
      action: "aws:waitForAwsResourceProperty",
      timeoutSeconds: total(enrollSeconds, drainSeconds, slackSeconds),
      inputs: { ...ofInstance, PropertySelector: state, DesiredValues: ["terminated"] },
    },
  ],
});
