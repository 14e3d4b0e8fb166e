import { z } from "zod";
import { type Immutable, type Leaf } from "../modules/validation/schema";
import { interfaceSteeredShape } from "./interface-steered";
import { judged } from "./judge-deployment";

/** A deployment of the base template. */
export const baseDeployment = (leaf: Leaf) =>
  judged(
    z.strictObject({
      template: z.literal("base").meta({ description: "Kind of stack.", examples: ["base"] }),
      ...interfaceSteeredShape(leaf, ["a"]),
    }),
  );

/** What a person gives: all that has a default may be left out. */
export type BaseSettings = Immutable<z.input<ReturnType<typeof baseDeployment>>>;
