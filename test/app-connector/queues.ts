import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { type QueueMessage } from "../../modules/lambda/function/queue-message";
import { given } from "../fleet/site";

interface Received extends QueueMessage {
  readonly receiptHandle: string;
}

/** The queue of removals as the deployment has it, with Lambda's side of it. */
export interface Queues {
  readonly url: string;
  readonly deadLetters: string;
  send(text: string): Promise<void>;
  /** What Lambda gets for a batch. */
  receive(): Promise<readonly Received[]>;
  delete(messages: readonly Received[]): Promise<void>;
  /** Shows messages again, as SQS does when they were not deleted in time. */
  showAgain(messages: readonly Received[]): Promise<void>;
  /** Messages that are there, whether they can be received by now or not. */
  length(): Promise<number>;
  /** The texts of the dead letters. */
  dead(): Promise<readonly string[]>;
}

export async function makeQueues(sqs: SQSClient, name: string): Promise<Queues> {
  const make = async (words: string, Attributes: Readonly<Record<string, string>> = {}): Promise<string> =>
    given((await sqs.send(new CreateQueueCommand({ QueueName: `${name}-${words}`, Attributes }))).QueueUrl);
  const attributesOf = async (QueueUrl: string): Promise<Readonly<Record<string, string>>> =>
    given((await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }))).Attributes);
  const receive = async (QueueUrl: string): Promise<readonly Received[]> => {
    const question = { QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All" as const] };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(question));
    return Messages.map(({ MessageId, ReceiptHandle, Body, Attributes }) => ({
      messageId: given(MessageId),
      receiptHandle: given(ReceiptHandle),
      body: given(Body),
      attributes: given(Attributes) as unknown as QueueMessage["attributes"],
    }));
  };
  const deadLetters = await make("dead-letters");
  const { QueueArn: deadLetterTargetArn } = await attributesOf(deadLetters);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 5 });
  const url = await make("removals", { VisibilityTimeout: "1080", RedrivePolicy });
  return {
    url,
    deadLetters,
    send: async (MessageBody) => {
      await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
    },
    receive: () => receive(url),
    delete: async (messages) => {
      for (const { receiptHandle } of messages) await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: receiptHandle }));
    },
    showAgain: async (messages) => {
      for (const { receiptHandle } of messages)
        await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: receiptHandle, VisibilityTimeout: 0 }));
    },
    length: async () => {
      const attributes = await attributesOf(url);
      const kinds = ["", "NotVisible", "Delayed"].map((kind) => Number(attributes[`ApproximateNumberOfMessages${kind}`]));
      return kinds.reduce((total, each) => total + each, 0);
    },
    dead: async () => (await receive(deadLetters)).map(({ body }) => body),
  };
}
