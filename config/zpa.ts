import { z } from "zod";
import { type Immutable, type Leaf } from "../modules/validation/schema";
import { interfaceSteeredShape, zpaShape } from "./interface-steered";
import { judged } from "./judge-deployment";

/** A deployment of the zpa template. */
export const zpaDeployment = (leaf: Leaf) =>
  judged(
    z.strictObject({
      template: z.literal("zpa").meta({ description: "Kind of stack.", examples: ["zpa"] }),
      ...interfaceSteeredShape(leaf, ["a", "b"]),
      ...zpaShape(leaf),
    }),
  );

/** What a person gives: all that has a default may be left out. */
export type ZpaSettings = Immutable<z.input<ReturnType<typeof zpaDeployment>>>;
