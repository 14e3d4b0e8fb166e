import { z } from "zod";
import { type Immutable, type Leaf } from "../modules/validation/schema";
import { failoverShape, interfaceSteeredShape } from "./interface-steered";
import { judged } from "./judge-deployment";

/** A deployment of the ha template. */
export const haDeployment = (leaf: Leaf) =>
  judged(
    z.strictObject({
      template: z.literal("ha").meta({ description: "Kind of stack.", examples: ["ha"] }),
      ...interfaceSteeredShape(leaf, ["a", "b"]),
      ...failoverShape(leaf),
    }),
  );

/** What a person gives: all that has a default may be left out. */
export type HaSettings = Immutable<z.input<ReturnType<typeof haDeployment>>>;
