import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import {
  DeleteParameterCommand,
  DescribeInstanceInformationCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  type Parameter,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { type AppConnectorDocument } from "./document";
import { type AwsPort, type SeenParameter } from "./ports";
import { clientConfiguration, newCall, readAll } from "../../lambda/function/aws-call";
import { CallFailed } from "../../lambda/function/call-failed";
import { lifecycleActions } from "../../lambda/function/lifecycle-action";
import { secretText } from "../../lambda/function/secret";

/** Key of the tag of every App Connector's instance. */
const tagKey = "zscaler-app-connectors";

/** Milliseconds for all pages of a list: some hundred parameters, of which a page has ten. */
const listLimit = 10_000;

/** The most instances that Systems Manager lists on a page (Systems Manager API, "DescribeInstanceInformation"). */
const agentsPerPage = 50;

const seenParameter = ({ Name = "", Value = "", LastModifiedDate }: Parameter): SeenParameter => ({
  name: Name,
  // A file that it came from may have ended in a line break.
  value: Value.trim(),
  modified: LastModifiedDate?.getTime() ?? 0,
});

const ifThere = async <Result>(call: Promise<Result>): Promise<Result | undefined> => {
  try {
    return await call;
  } catch (error) {
    if (error instanceof CallFailed && error.kind === "missing") return undefined;
    throw error;
  }
};

/** The calls to EC2, Systems Manager, Auto Scaling, SQS and Secrets Manager. */
export function connectAws({ name, queue, deadLetters }: Pick<AppConnectorDocument, "name" | "queue" | "deadLetters">): AwsPort {
  const ec2 = new EC2Client(clientConfiguration);
  const ssm = new SSMClient(clientConfiguration);
  const secretsManager = new SecretsManagerClient(clientConfiguration);
  // The SDK would write a line of its own to the log where a queue's URL has another host.
  const sqs = new SQSClient({ ...clientConfiguration, useQueueUrlAsEndpoint: false });

  const send = async (QueueUrl: string, message: object, DelaySeconds = 0): Promise<void> => {
    const command = new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message), DelaySeconds });
    await newCall()((options) => sqs.send(command, options));
  };

  return {
    ...lifecycleActions(new AutoScalingClient(clientConfiguration)),
    instances: async () => {
      const request = newCall(listLimit);
      const pages = await readAll(
        (NextToken) => {
          const Filters = [
            { Name: `tag:${tagKey}`, Values: [name] },
            { Name: "instance-state-name", Values: ["running"] },
          ];
          const command = new DescribeInstancesCommand({ Filters, MaxResults: 1_000, NextToken });
          return request((options) => ec2.send(command, options));
        },
        ({ NextToken }) => NextToken,
      );
      return pages
        .flatMap(({ Reservations = [] }) => Reservations)
        .flatMap(({ Instances = [] }) => Instances)
        .map(({ InstanceId = "", LaunchTime }) => ({ id: InstanceId, since: LaunchTime?.getTime() ?? Date.now() }));
    },
    online: async (instances) => {
      const request = newCall(listLimit);
      const found = new Set<string>();
      for (let first = 0; first < instances.length; first += agentsPerPage) {
        const Filters = [{ Key: "InstanceIds", Values: instances.slice(first, first + agentsPerPage) }];
        const pages = await readAll(
          (NextToken) => {
            const command = new DescribeInstanceInformationCommand({ Filters, MaxResults: agentsPerPage, NextToken });
            return request((options) => ssm.send(command, options));
          },
          ({ NextToken }) => NextToken,
        );
        for (const { InstanceId = "", PingStatus } of pages.flatMap(({ InstanceInformationList = [] }) => InstanceInformationList))
          if (PingStatus === "Online") found.add(InstanceId);
      }
      return found;
    },
    parameters: async (Path, how) => {
      const request = newCall(listLimit);
      const pages = await readAll(
        (NextToken) => {
          const command = new GetParametersByPathCommand({ Path, WithDecryption: how === "decrypted", MaxResults: 10, NextToken });
          return request((options) => ssm.send(command, options));
        },
        ({ NextToken }) => NextToken,
      );
      return pages.flatMap(({ Parameters = [] }) => Parameters).map(seenParameter);
    },
    parameter: async (Name) => {
      const answer = await ifThere(newCall()((options) => ssm.send(new GetParameterCommand({ Name }), options)));
      return answer?.Parameter && seenParameter(answer.Parameter);
    },
    deleteParameter: async (Name) => {
      await ifThere(newCall()((options) => ssm.send(new DeleteParameterCommand({ Name }), options)));
    },
    queue: (removal, delaySeconds) => send(queue, removal, delaySeconds),
    bury: (unknown) => send(deadLetters, unknown),
    secret: (arn) => secretText(secretsManager, arn),
  };
}
