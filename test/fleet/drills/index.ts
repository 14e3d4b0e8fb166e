import { awsTrouble } from "./aws-trouble";
import { type Drill } from "./drill";
import { endings } from "./endings";
import { passes } from "./passes";
import { portalTrouble } from "./portal-trouble";
import { removals } from "./removals";
import { verdicts } from "./verdicts";

export { crowd } from "./crowd";
export { type Drill } from "./drill";

/** The rows that can be played side by side, those that wait longest first. */
export const drills: readonly Drill[] = [...portalTrouble, ...removals, ...awsTrouble, ...endings, ...verdicts, ...passes];
