import { z } from "zod";
import { retentionDays } from "../logs/schema";
import { type Immutable, type Leaf } from "../validation/schema";

/**
 * How a Lambda function runs.
 *
 * @param concurrentRuns how many runs it has at once
 */
export const lambdaSettings = (leaf: Leaf, concurrentRuns: number) => ({
  runtime: leaf(z.enum(["nodejs22.x", "nodejs20.x"]))
    .default("nodejs22.x")
    .meta({ description: "Lambda runtime of the function." }),
  architecture: leaf(z.enum(["arm64", "x86_64"]))
    .default("arm64")
    .meta({ description: "Processor of the function. Where a region lacks arm64, use x86_64." }),
  memory: leaf(z.int().min(128).max(10240))
    .default(256)
    .meta({ description: "Memory of the function in MB; its processor's share grows with it." }),
  logRetentionDays: leaf(retentionDays()).default(30).meta({ description: "Days for which CloudWatch keeps the function's log." }),
  reservedConcurrency: leaf(z.int().min(concurrentRuns))
    .optional()
    .meta({
      description: `Concurrent runs kept for the function; it needs ${concurrentRuns}. By default none: a new account has too few to keep any, and the deployment would fail.`,
    }),
});

export type LambdaSettings = Immutable<z.output<z.ZodObject<ReturnType<typeof lambdaSettings>>>>;
