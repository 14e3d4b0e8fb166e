import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { Construct } from "constructs";
import { type RoleSettings, ServiceRole } from "../iam";
import { awsName } from "../naming";

export interface FlowLogsProps {
  readonly name: string;
  readonly vpcId: string;
  /** Days for which CloudWatch keeps them. */
  readonly retentionDays: number;
  readonly iam?: RoleSettings | undefined;
}

/** All flows of a VPC, logged to a CloudWatch log group of its own. Charged by volume. */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const group = new CloudwatchLogGroup(this, "cloudwatch_log_group", {
      name: awsName("logGroup", `/zscaler/${props.name}/flow-logs`),
      retentionInDays: props.retentionDays,
    });
    const { role, policies } = new ServiceRole(this, "role", {
      name: `${props.name}-flow-logs`,
      description: "Writes the VPC's flow logs",
      service: "vpc-flow-logs",
      policies: {
        write: [
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            Resource: [group.arn, `${group.arn}:*`],
          },
        ],
      },
      iam: props.iam,
    });
    new FlowLog(this, "flow_log", {
      vpcId: props.vpcId,
      trafficType: "ALL",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      tags: { Name: awsName("tag", props.name) },
      dependsOn: [...policies],
    });
  }
}
