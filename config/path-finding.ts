import { type Finding } from "../modules/validation/schema";

/** A finding, and where in the deployment the value stands that it is about. */
export interface PathFinding extends Finding {
  readonly path: readonly (string | number)[];
}
