import { z } from "zod";
import { type Immutable, type Leaf } from "../modules/validation/schema";
import { failoverShape, interfaceSteeredShape, zpaShape } from "./interface-steered";
import { judged } from "./judge-deployment";

/** A deployment of the zpa-ha template. */
export const zpaHaDeployment = (leaf: Leaf) =>
  judged(
    z.strictObject({
      template: z.literal("zpa-ha").meta({ description: "Kind of stack.", examples: ["zpa-ha"] }),
      ...interfaceSteeredShape(leaf, ["a", "b"]),
      ...zpaShape(leaf),
      ...failoverShape(leaf),
    }),
  );

/** What a person gives: all that has a default may be left out. */
export type ZpaHaSettings = Immutable<z.input<ReturnType<typeof zpaHaDeployment>>>;
