import { Fn, Token } from "cdktf";
import { type Construct } from "constructs";
import { type z } from "zod";
import { fleetConnectorSettings } from "../cloud-connector/schema";
import { groupArn } from "../auto-scaling";
import { jsonDocument, type RoleSettings } from "../iam";
import { UpkeepFunction, type UpkeepFunctionProps } from "../lambda";
import { checkSettings, isToken, orToken, refusal } from "../validation";
import { fleetAlarms } from "./alarms";
import { environmentNames, type FleetDocument } from "./function/document";
import { rolePolicies } from "./role-policies";
import { autoScalingSettings, type AutoScalingSettings } from "./schema";

const { provisioningUrl } = fleetConnectorSettings(orToken).shape;
const schema = autoScalingSettings(orToken).safeExtend({ provisioningUrl });
type Settings = z.output<typeof schema>;

/** An end is noted late rather than never: the connector is to be removed from the portal even when its instance waits no more. */
const shortestEndAgeSeconds = 900;

export interface FleetFunctionProps extends Pick<
  AutoScalingSettings,
  "health" | "terminateHookSeconds" | "alarms" | "runtime" | "architecture" | "memory" | "logRetentionDays" | "reservedConcurrency"
> {
  /** First words of every AWS name. */
  readonly name: string;
  /** Names of the Auto Scaling groups. They are made after the function, so none of their attributes will do. */
  readonly groupNames: readonly string[];
  /** With which connectors enroll: its host is that of the Zscaler portal. */
  readonly provisioningUrl: string;
  /** ARN of the secret with `api_key`, `username` and `password` of the portal. */
  readonly secretArn: string;
  /** ARN of the key that encrypts the secret. @default the account's default key */
  readonly secretKmsKeyArn?: string | undefined;
  /** @default path "/", no boundary */
  readonly iam?: RoleSettings | undefined;
}

/**
 * Looks after the connectors of Auto Scaling groups: has unhealthy ones replaced, lets instances end, and removes their connectors from the
 * Zscaler portal.
 *
 * Makes a Lambda function with its role and log group, the EventBridge rules that start it each minute and when an instance of a group ends, a
 * FIFO queue of removals that it works off, dead-letter queues, CloudWatch alarms and, where none is named, an encrypted SNS topic for them. The
 * function is in no VPC: it reaches AWS and the portal over the internet.
 *
 * @throws When a setting is wrong: all mistakes at once. When the function's code is not built.
 */
export class FleetFunction extends UpkeepFunction {
  constructor(scope: Construct, id: string, props: FleetFunctionProps) {
    super(scope, id, (fleet) => upkeepOf(fleet, props));
  }
}

function upkeepOf(scope: Construct, props: FleetFunctionProps): UpkeepFunctionProps {
  const settings = checkSettings(scope, schema, props);
  if (props.groupNames.length === 0)
    throw refusal(scope, [{ at: ["groupNames"], problem: "groupNames is empty", fix: "give the name of an Auto Scaling group" }]);
  const ending = (description: string, detailType: string) => ({
    description,
    pattern: { source: ["aws.autoscaling"], "detail-type": [detailType], detail: { AutoScalingGroupName: props.groupNames } },
  });
  return {
    name: [props.name, "fleet"],
    module: "fleet-lifecycle",
    description: `Looks after the connectors of ${props.name}`,
    pass: `Judges the connectors of ${props.name}`,
    role: { name: `${props.name}-fleet`, description: `Fleet function of ${props.name}` },
    policies: () =>
      rolePolicies({
        groups: props.groupNames.map((group) => groupArn(scope, group)),
        secret: props.secretArn,
        secretKey: props.secretKmsKeyArn,
      }),
    environment: ({ removals }) => ({ [environmentNames.document]: jsonDocument(fleetDocument(props, settings, removals)) }),
    removals: {
      fifo: true,
      explanation: "Connectors whose instances ended, to be removed from the Zscaler portal: one run at a time works on a message group.",
    },
    settings,
    alarms: (names) => fleetAlarms({ ...names, deployment: props.name }),
    events: {
      terminating: ending(`A connector of ${props.name} is about to end`, "EC2 Instance-terminate Lifecycle Action"),
      terminated: ending(`A connector of ${props.name} has ended`, "EC2 Instance Terminate Successful"),
    },
    eventAge: {
      seconds: longest(shortestEndAgeSeconds, settings.terminateHookSeconds),
      explanation: "An instance that ends waits for its event: a run that fails is tried again as long as it waits.",
    },
    iam: props.iam,
  };
}

/** The larger of two numbers, of which one may be known only at deployment. */
const longest = (one: number, other: number): number => (isToken(other) ? Fn.max([one, other]) : Math.max(one, other));

/** What the function is told. */
function fleetDocument(props: FleetFunctionProps, { health, provisioningUrl }: Settings, queue: string): FleetDocument {
  return {
    name: props.name,
    groups: [...props.groupNames],
    // In a text, of all tokens only those of numbers stand without quotation marks.
    health: { ...health, paused: isToken(health.paused) ? (Token.asNumber(health.paused) as unknown as boolean) : health.paused },
    portal: { host: hostOf(provisioningUrl), secret: props.secretArn },
    queue,
  };
}

/** What stands before the first slash: the portal gives its URLs without a scheme. */
const hostOf = (url: string): string => (isToken(url) ? Token.asString(Fn.element(Fn.split("/", url), 0)) : url.replace(/\/.*$/, ""));
