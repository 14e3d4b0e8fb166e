import { type Report, reportTo as reportOf } from "../../lambda/function/report";

/** Tells people of a deployment. */
export const reportTo = (deployment: string, write: (line: string) => void): Report =>
  reportOf({ namespace: "Zscaler/AppConnectors", deployment }, write);
