import { z } from "zod";

/** Days for which CloudWatch Logs keeps what is written to a log group: the values that its PutRetentionPolicy takes. */
export const retentionDays = () =>
  z.literal([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]);
