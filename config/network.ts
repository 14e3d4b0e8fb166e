import { z } from "zod";
import { type Immutable, type Leaf } from "../modules/validation/schema";
import { networkShape } from "./interface-steered";
import { judged } from "./judge-deployment";

/** A deployment of the network template. */
export const networkDeployment = (leaf: Leaf) =>
  judged(
    z.strictObject({
      template: z.literal("network").meta({ description: "Kind of stack.", examples: ["network"] }),
      ...networkShape(leaf, ["a"]),
    }),
  );

/** What a person gives: all that has a default may be left out. */
export type NetworkSettings = Immutable<z.input<ReturnType<typeof networkDeployment>>>;
