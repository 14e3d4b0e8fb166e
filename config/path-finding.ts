import { type Finding } from "../modules/validation/schema";

/** A finding, and where in the deployment the value stands that it is about. */
export interface PathFinding extends Finding {
  readonly path: readonly (string | number)[];
}

/** What is wrong where a zone is named that the deployment does not have. */
export const unknownZone = (path: PathFinding["path"], zone: string, zones: readonly string[]): PathFinding => ({
  path,
  problem: `zone ${zone} is not one of the deployment's zones`,
  fix: `use one of ${zones.join(", ")}`,
});
