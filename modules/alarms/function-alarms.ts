import { type Alarm } from "./alarm";

/** What is raised while a queue holds messages that nobody takes. */
export const messagesIn = (queue: string) =>
  ({
    namespace: "AWS/SQS",
    metric: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queue },
    statistic: "Maximum",
    when: "any",
  }) as const satisfies Partial<Alarm>;

/**
 * What is told of every Lambda function, by what AWS itself measures.
 *
 * @param names of the function, and of its queue of events whose runs failed
 * @param log where to look
 */
export function functionAlarms(names: { readonly function: string; readonly deadLetterQueue: string }, log: string): readonly Alarm[] {
  const lambda = { namespace: "AWS/Lambda", dimensions: { FunctionName: names.function }, statistic: "Sum", when: "any" } as const;
  return [
    { ...lambda, id: "errors", metric: "Errors", description: `A run of the function ended in an error. ${log}` },
    {
      ...lambda,
      id: "throttles",
      metric: "Throttles",
      description:
        "Lambda did not start the function: the account's concurrent runs are used up. Raise the quota, or set reservedConcurrency.",
    },
    {
      ...messagesIn(names.deadLetterQueue),
      id: "dead_letters",
      description: `Events of runs that failed are in the queue ${names.deadLetterQueue}. ${log} Purge the queue when they are understood.`,
    },
  ];
}
