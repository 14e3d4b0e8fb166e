import { Op, Token } from "cdktf";
import { isToken } from "../validation";

/** Seconds, counted by Terraform where the minutes are known only at deployment. */
export const secondsOf = (minutes: number): number => (isToken(minutes) ? Token.asNumber(Op.mul(minutes, 60)) : minutes * 60);

/** The sum, counted by Terraform where the seconds are known only at deployment. */
export const plus = (seconds: number, more: number): number => (isToken(seconds) ? Token.asNumber(Op.add(seconds, more)) : seconds + more);
