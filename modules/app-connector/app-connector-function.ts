import { type Construct } from "constructs";
import { type z } from "zod";
import { groupArn } from "../auto-scaling";
import { composedArn, existingKeyArn, existingSecret, jsonDocument, type RoleSettings } from "../iam";
import { UpkeepFunction, type UpkeepFunctionProps } from "../lambda";
import { present } from "../validation";
import { upkeepAlarms } from "./alarms";
import { type AppConnectorDocument, environmentNames } from "./function/document";
import { parametersOf } from "./marks";
import { functionPolicies } from "./role-policies";
import { type operationsSettings, type portalSettings } from "./schema";

type Operations = z.output<ReturnType<typeof operationsSettings>>;
type Portal = z.output<ReturnType<typeof portalSettings>>;

export interface AppConnectorFunctionProps {
  /** The deployment's name. */
  readonly name: string;
  /** The Auto Scaling group, which is made after the function. @default the App Connectors are of a fixed number */
  readonly groupName: string | undefined;
  readonly drainSeconds: number;
  readonly operations: Operations;
  /** @default what is in ZPA stays there */
  readonly portal: Portal | undefined;
  /** Id of the group in ZPA where codes are registered. @default instances enroll with a key */
  readonly oauthGroupId: string | undefined;
  readonly iam: RoleSettings | undefined;
}

/**
 * Looks after the App Connectors of a deployment: tells of instances that do not enroll, registers the codes that they show, and disables, drains
 * and removes in ZPA the App Connectors of those that end.
 *
 * Makes a Lambda function with its role and log group, the EventBridge rules that start it each minute and when an instance ends, a queue of
 * removals that it works off, dead-letter queues, CloudWatch alarms and, where none is named, an encrypted SNS topic for them. The function is in no
 * VPC: it reaches AWS and ZPA over the internet. Looks up the secret of ZPA's API client and its KMS key, where they are named.
 *
 * @throws When the function's code is not built.
 */
export class AppConnectorFunction extends UpkeepFunction {
  constructor(scope: Construct, id: string, props: AppConnectorFunctionProps) {
    super(scope, id, (upkeep) => upkeepOf(upkeep, props));
  }
}

function upkeepOf(scope: Construct, props: AppConnectorFunctionProps): UpkeepFunctionProps {
  const { name, groupName, operations } = props;
  const portal = props.portal && { ...props.portal, secretArn: existingSecret(scope, props.portal.secret).arn };
  const secretKey = portal?.secretKmsKey === undefined ? undefined : existingKeyArn(scope, "secret", portal.secretKmsKey);
  return {
    name: [name, "app-connectors"],
    module: "app-connector",
    description: `Looks after the App Connectors of ${name}`,
    pass: `Looks at the App Connectors of ${name}`,
    role: { name: `${name}-zpa-upkeep`, description: `App Connector function of ${name}` },
    policies: ({ deadLetters }) =>
      functionPolicies({
        parameters: composedArn(scope, "ssm", `parameter${parametersOf(name)}`),
        group: groupName === undefined ? undefined : groupArn(scope, groupName),
        portal: portal && { secret: portal.secretArn, secretKey },
        deadLetters,
      }),
    environment: (urls) => ({ [environmentNames.document]: jsonDocument(documentOf(props, portal, urls)) }),
    removals: { fifo: false, explanation: "App Connectors whose instances end, to be removed from ZPA when they have drained." },
    settings: operations,
    alarms: (names) =>
      upkeepAlarms(
        { ...names, deployment: name },
        {
          enrollMinutes: operations.enrollMinutes,
          agentMinutes: operations.agentMinutes,
          enrollment: props.oauthGroupId === undefined ? "key" : "oauth",
          removes: portal !== undefined,
        },
      ),
    events: groupName === undefined ? instanceEvents(name) : groupEvents(name, groupName),
    eventAge: { seconds: 3600, explanation: "An end is noted late rather than never: the App Connector is to be removed from ZPA." },
    iam: props.iam,
  };
}

const groupEvents = (name: string, groupName: string): UpkeepFunctionProps["events"] => {
  const event = (description: string, detailType: string) => ({
    description,
    pattern: { source: ["aws.autoscaling"], "detail-type": [detailType], detail: { AutoScalingGroupName: [groupName] } },
  });
  return {
    terminating: event(`An App Connector of ${name} is about to end`, "EC2 Instance-terminate Lifecycle Action"),
    terminated: event(`An App Connector of ${name} has ended`, "EC2 Instance Terminate Successful"),
  };
};

/** The instances are made after the function and must not be named: it leaves others alone. */
const instanceEvents = (name: string): UpkeepFunctionProps["events"] => ({
  terminated: {
    description: `An instance has ended, of ${name} perhaps`,
    pattern: { source: ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"], detail: { state: ["terminated"] } },
  },
});

/** What the function is told. */
const documentOf = (
  { name, groupName, drainSeconds, operations, oauthGroupId }: AppConnectorFunctionProps,
  portal: (Portal & { readonly secretArn: string }) | undefined,
  queues: { readonly removals: string; readonly deadLetters: string },
): AppConnectorDocument => ({
  name,
  parameters: parametersOf(name),
  groups: groupName === undefined ? [] : [groupName],
  drainSeconds,
  enrollMinutes: operations.enrollMinutes,
  agentMinutes: operations.agentMinutes,
  queue: queues.removals,
  deadLetters: queues.deadLetters,
  ...present({
    portal: portal && {
      // As Zscaler's SDK has it: a cloud that is not the production one stands in both names.
      login: `${portal.vanityDomain}.zslogin${portal.cloud ?? ""}.net`,
      api: portal.cloud === undefined ? "api.zsapi.net" : `api.${portal.cloud}.zsapi.net`,
      customer: portal.customerId,
      secret: portal.secretArn,
      ...present({ microtenant: portal.microtenantId }),
    },
    oauth: oauthGroupId === undefined ? undefined : { group: oauthGroupId },
  }),
});
