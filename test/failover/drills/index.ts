import { byHand } from "./by-hand";
import { bypass } from "./bypass";
import { deaths } from "./deaths";
import { type Drill } from "./drill";
import { former } from "./former";
import { frozen } from "./frozen";
import { lives } from "./lives";
import { several } from "./several";
import { trouble } from "./trouble";

export { type Drill } from "./drill";
export { manyTables } from "./many-tables";

/** The rows that can be played side by side, the longest first. */
export const drills: readonly Drill[] = [...bypass, ...frozen, ...lives, ...byHand, ...former, ...trouble, ...several, ...deaths];
