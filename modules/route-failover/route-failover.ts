import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { type CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { type Instance } from "@cdktf/provider-aws/lib/instance";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { type NetworkInterface } from "@cdktf/provider-aws/lib/network-interface";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type z } from "zod";
import { type AlarmTopic, raiseAlarms } from "../alarms";
import { explain } from "../explanation";
import { composedArn, type RoleSettings, ServiceRole } from "../iam";
import { functionCode, Trigger, type TriggerProps } from "../lambda";
import { awsName } from "../naming";
import { anywhere, RuledSecurityGroup } from "../security-group";
import { checkSettings, orToken, present, refusal, resolved } from "../validation";
import { failoverAlarms } from "./alarms";
import { documentForm } from "./document-form";
import { environmentNames, type FailoverDocument } from "./function/document";
import { instancePatterns } from "./instance-patterns";
import { judgeKeys } from "./judge-keys";
import { rolePolicies, routePolicies } from "./role-policies";
import { failoverSettings, type FailoverSettings } from "./schema";

const schema = failoverSettings(orToken);
type Settings = z.output<typeof schema>;

/** An event that starts the function a minute late would only say what the next run sees by itself. */
const eventAge = { maximumRetryAttempts: 0, maximumEventAgeInSeconds: 60 } as const;

// A run watches for 125 seconds, and then ends what it has begun.
const timeoutSeconds = 130;

/** A connector that is watched. */
export interface WatchedConnector {
  /** Key of its zone. */
  readonly zone: string;
  readonly instance: Instance;
  /** Where it is probed, and where routes lead. */
  readonly serviceInterface: NetworkInterface;
}

/** A route that Terraform makes or takes over, and that the function moves. */
export interface MovedRoute {
  readonly routeTableId: string;
  /** An IPv4 or IPv6 range, or the id of a prefix list. */
  readonly destination: string;
  /** Key of the connector that takes the traffic while it lives. */
  readonly home: string;
  /** Whose traffic it is. */
  readonly tier: "workload" | "resolver" | "transit";
  /** NAT gateway that takes the traffic in a bypass. @default never bypassed */
  readonly natGatewayId?: string | undefined;
  /**
   * What the route led to before it was taken over: its id, its ARN if it has only that, and of an instance the id of its network interface. It
   * may turn out at deployment to be empty: there was no such route. The function moves the route off it once a connector lives, and again when
   * somebody leads the route back: to keep it there, set `paused` two minutes before. @default nothing that the function may move it off
   */
  readonly formerTarget?: string | undefined;
}

export interface RouteFailoverProps extends FailoverSettings {
  /** First words of every AWS name. */
  readonly name: string;
  readonly vpcId: string;
  /** Where the function stands, by zone: subnets with a way to the EC2 and SSM APIs. */
  readonly subnetIds: Readonly<Record<string, string>>;
  /** The connectors by key. */
  readonly connectors: Readonly<Record<string, WatchedConnector>>;
  /** Security group of the service interfaces. It must let the VPC's ranges probe. */
  readonly connectorSecurityGroupId: string;
  /** Port on which connectors answer health probes. */
  readonly healthProbePort: number;
  /** The routes by a name of their own. */
  readonly routes: Readonly<Record<string, MovedRoute>>;
  /** What must stand before the function first runs: the routes, and the way to AWS. @default nothing */
  readonly after?: readonly ITerraformDependable[];
  /** @default path "/", no boundary */
  readonly iam?: RoleSettings | undefined;
}

/**
 * Moves routes off connectors that die, and home again.
 *
 * Makes a Lambda function in the VPC with its role, security group and log group, the EventBridge rules that start it each minute and when a
 * connector's instance ends, the SSM parameter of its memory, parameters with its document where that is too long for its environment, a
 * dead-letter queue, CloudWatch alarms and, where none is named, an encrypted SNS topic for them. Terraform must ignore the targets of the
 * routes that it is given.
 *
 * @throws When a setting is wrong or names a connector that is not there: all mistakes at once. When the function's code is not built.
 */
export class RouteFailover extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: CloudwatchLogGroup;
  readonly deadLetterQueue: SqsQueue;
  /** When connectors failed: the function writes it. */
  readonly history: SsmParameter;
  readonly role: ServiceRole;
  readonly securityGroup: RuledSecurityGroup;
  readonly alarmTopicArn: string;
  /** The topic, where it is made here. */
  readonly alarmTopic: AlarmTopic | undefined;
  readonly alarms: Readonly<Record<string, CloudwatchMetricAlarm>>;
  /** What starts the function. */
  readonly triggers: readonly Trigger[];

  constructor(scope: Construct, id: string, props: RouteFailoverProps) {
    super(scope, id);
    const settings = checkSettings(this, schema, props);
    const tables = Object.fromEntries(Object.entries(props.routes).map(([name, { routeTableId }]) => [name, resolved(this, routeTableId)]));
    const findings = judgeKeys({
      ...props,
      routes: Object.fromEntries(Object.entries(props.routes).map(([name, route]) => [name, { ...route, table: tables[name] ?? "" }])),
      drained: settings.drained,
      pinned: settings.pinned,
    });
    if (findings.length > 0) throw refusal(this, findings);

    const words = [props.name, "route-failover"] as const;
    const functionName = awsName("function", ...words);
    const path = `/zscaler/${props.name}/route-failover`;

    this.logGroup = new CloudwatchLogGroup(this, "cloudwatch_log_group", {
      name: awsName("logGroup", `/aws/lambda/${functionName}`),
      retentionInDays: settings.logRetentionDays,
    });
    this.deadLetterQueue = new SqsQueue(this, "dead_letters", {
      name: awsName("queue", ...words, "dead-letters"),
      sqsManagedSseEnabled: true,
      // The longest that SQS keeps a message: 14 days.
      messageRetentionSeconds: 14 * 24 * 3600,
    });
    this.history = new SsmParameter(this, "history", {
      name: awsName("parameter", `${path}/history`),
      description: `When connectors of ${props.name} failed. Written by ${functionName}.`,
      type: "String",
      value: "{}",
      lifecycle: { ignoreChanges: ["value"] },
    });
    explain(
      this.history,
      "The function's memory: when connectors failed. Terraform makes the parameter and leaves its value to the function.",
    );

    const form = documentForm(failoverDocument(props, settings, `${path}/history`));
    const documentPath = `${path}/document`;
    const parts = "parts" in form ? this.documentParameters(documentPath, form.parts) : [];

    const distinctTables = [
      ...new Map(Object.entries(props.routes).map(([name, { routeTableId }]) => [tables[name], routeTableId])).values(),
    ];
    this.role = new ServiceRole(this, "role", {
      name: `${props.name}-failover`,
      description: `Route failover of ${props.name}`,
      service: "lambda",
      policies: rolePolicies({
        function: composedArn(this, "lambda", `function:${functionName}`),
        history: this.history.arn,
        documentPath: parts.length > 0 ? composedArn(this, "ssm", `parameter${documentPath}`) : undefined,
        logGroup: this.logGroup.arn,
        deadLetterQueue: this.deadLetterQueue.arn,
      }),
      attachedPolicies: routePolicies(distinctTables.map((table) => composedArn(this, "ec2", `route-table/${table}`))),
      iam: props.iam,
    });
    explain(
      this.role.node.findChild("interfaces"),
      "Lambda needs these actions to put the function into the VPC. The function's own code is denied them.",
    );
    this.securityGroup = new RuledSecurityGroup(this, "guard", {
      name: words,
      description: "Route failover function",
      vpcId: props.vpcId,
      rules: () => [
        {
          id: "health_probes_out",
          direction: "out",
          protocol: "tcp",
          ports: [props.healthProbePort, props.healthProbePort],
          peer: { group: props.connectorSecurityGroupId },
          description: "Health probes of the connectors",
        },
        { id: "https_out", direction: "out", protocol: "tcp", ports: [443, 443], peer: anywhere, description: "HTTPS to AWS" },
      ],
    });

    this.function = new LambdaFunction(this, "lambda_function", {
      functionName,
      description: `Moves routes of ${props.name} off connectors that die, and home again`,
      role: this.role.role.arn,
      ...functionCode(this, "route-failover"),
      handler: "index.handler",
      runtime: settings.runtime,
      architectures: [settings.architecture],
      memorySize: settings.memory,
      timeout: timeoutSeconds,
      ...present({ reservedConcurrentExecutions: settings.reservedConcurrency }),
      vpcConfig: { subnetIds: Object.values(props.subnetIds), securityGroupIds: [this.securityGroup.group.id] },
      environment: {
        variables: "whole" in form ? { [environmentNames.document]: form.whole } : { [environmentNames.path]: documentPath },
      },
      deadLetterConfig: { targetArn: this.deadLetterQueue.arn },
      // The log group, the queue and the memory are before the policies that name them.
      dependsOn: [...this.role.policies, ...this.securityGroup.rules, ...parts, ...(props.after ?? [])],
    });
    explain(this.function, "Its source is modules/route-failover/function of the package cdktf-zscaler-aws, from which the zip is built.");
    const invocation = new LambdaFunctionEventInvokeConfig(this, "lambda_function_event_invoke_config", {
      functionName: this.function.functionName,
      ...eventAge,
    });
    explain(invocation, "An old event says nothing about now: the next run looks for itself.");

    const raised = raiseAlarms(this, {
      name: words,
      topic: settings.alarms,
      alarms: failoverAlarms({
        deployment: props.name,
        function: functionName,
        deadLetterQueue: this.deadLetterQueue.name,
        logGroup: this.logGroup.name,
      }),
    });
    this.alarmTopicArn = raised.topicArn;
    this.alarmTopic = raised.topic;
    this.alarms = raised.alarms;

    const trigger = (id: string, description: string, on: TriggerProps["on"]): Trigger =>
      new Trigger(this, id, {
        name: [...words, id.replaceAll("_", "-")],
        description,
        on,
        function: this.function,
        retry: eventAge,
        after: [invocation, ...Object.values(this.alarms)],
      });
    const patterns = instancePatterns(Object.values(props.connectors).map(({ instance }) => instance.id));
    this.triggers = [
      trigger("schedule", `Watches the connectors of ${props.name}`, { scheduleExpression: "rate(1 minute)" }),
      ...patterns.map((eventPattern, index) =>
        trigger(`instances_${index + 1}`, `A connector of ${props.name} stops or is terminated`, { eventPattern }),
      ),
    ];
  }

  private documentParameters(path: string, parts: Readonly<Record<string, string>>): readonly SsmParameter[] {
    const scope = new Construct(this, "document");
    return Object.entries(parts).map(
      ([part, value]) =>
        new SsmParameter(scope, part.replace("-", "_"), {
          name: awsName("parameter", `${path}/${part}`),
          description: "A part of what the route failover function is told",
          type: "String",
          value,
          // A part that is no longer needed goes after the function was told so.
          lifecycle: { createBeforeDestroy: true },
        }),
    );
  }
}

/** What the function is told. */
function failoverDocument(props: RouteFailoverProps, settings: Settings, history: string): FailoverDocument {
  const { bypass } = settings.allDead;
  return {
    name: props.name,
    probe: { port: props.healthProbePort, ...settings.probe },
    deadAfter: settings.deadAfter,
    aliveAfter: settings.aliveAfter,
    holdDown: settings.holdDown,
    allDead: bypass ? { policy: "bypass", onProbesAlone: bypass.onProbesAlone } : { policy: "hold" },
    drained: settings.drained,
    paused: settings.paused,
    history,
    connectors: Object.fromEntries(
      Object.entries(props.connectors).map(([key, { zone, instance, serviceInterface }]) => [
        key,
        { zone, instance: instance.id, interface: serviceInterface.id, address: serviceInterface.privateIp },
      ]),
    ),
    routes: Object.values(props.routes).map(({ routeTableId, natGatewayId, formerTarget, ...route }) => ({
      table: routeTableId,
      destination: route.destination,
      home: route.home,
      tier: route.tier,
      ...present({ natGateway: natGatewayId, former: formerTarget }),
    })),
  };
}
