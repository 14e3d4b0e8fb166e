import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { type Removal } from "../../modules/fleet-lifecycle/function/ports";
import { type QueueMessage } from "../../modules/lambda/function/queue-message";
import { given } from "./site";

interface Received extends QueueMessage {
  readonly receiptHandle: string;
}

/** A queue of removals as the deployment has it, and Lambda's side of it. */
export interface RemovalQueue {
  readonly url: string;
  send(text: string, group: string): Promise<void>;
  /** What Lambda gets for a batch. */
  receive(most?: number): Promise<readonly Received[]>;
  delete(messages: readonly Received[]): Promise<void>;
  /** Shows messages again, as SQS does when they were not deleted in time. */
  showAgain(messages: readonly Received[]): Promise<void>;
  /** Messages that are there, in work or not. */
  length(): Promise<number>;
  deadLetters(): Promise<number>;
}

export const textOf = (removal: Removal): string => JSON.stringify(removal);

/** Makes a FIFO queue with a dead-letter queue, by the settings of the fleet function's. */
export async function makeQueue(sqs: SQSClient, name: string): Promise<RemovalQueue> {
  const make = async (words: string, more: Readonly<Record<string, string>> = {}): Promise<string> => {
    const Attributes = { FifoQueue: "true", ContentBasedDeduplication: "false", ...more };
    return given((await sqs.send(new CreateQueueCommand({ QueueName: `${name}-${words}.fifo`, Attributes }))).QueueUrl);
  };
  const attribute = async (QueueUrl: string, ...names: readonly ("QueueArn" | `ApproximateNumber${string}`)[]) => {
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    return names.map((each) => given((Attributes as Readonly<Record<string, string>>)[each]));
  };
  const lengthOf = async (QueueUrl: string): Promise<number> => {
    const parts = await attribute(QueueUrl, "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible");
    return parts.reduce((total, part) => total + Number(part), 0);
  };
  const deadLetters = await make("dead-letters");
  const [deadLetterTargetArn] = await attribute(deadLetters, "QueueArn");
  const url = await make("removals", {
    VisibilityTimeout: "1080",
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 5 }),
  });
  let sent = 0;
  return {
    url,
    send: async (text, group) => {
      sent += 1;
      const message = { QueueUrl: url, MessageBody: text, MessageGroupId: group, MessageDeduplicationId: String(sent) };
      await sqs.send(new SendMessageCommand(message));
    },
    receive: async (most = 10) => {
      const question = { QueueUrl: url, MaxNumberOfMessages: most, MessageSystemAttributeNames: ["All" as const] };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(question));
      return Messages.map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
        messageId: given(MessageId),
        receiptHandle: given(ReceiptHandle),
        body: given(Body),
        attributes: given(Attributes) as unknown as QueueMessage["attributes"],
      }));
    },
    delete: async (messages) => {
      for (const { receiptHandle } of messages) await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receiptHandle }));
    },
    showAgain: async (messages) => {
      for (const { receiptHandle } of messages)
        await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: receiptHandle, VisibilityTimeout: 0 }));
    },
    length: () => lengthOf(url),
    deadLetters: () => lengthOf(deadLetters),
  };
}
