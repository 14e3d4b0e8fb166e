/** A message of the queue, as Lambda hands it over (AWS Lambda developer guide, "Using Lambda with Amazon SQS"). */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string; readonly MessageGroupId?: string };
}

/** Which messages shall come again. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}
