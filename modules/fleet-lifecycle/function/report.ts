import { type Report, reportTo as reportOf } from "../../lambda/function/report";

/** Tells people of a deployment, and of its groups. */
export const reportTo = (deployment: string, write: (line: string) => void): Report =>
  reportOf({ namespace: "Zscaler/FleetLifecycle", deployment, part: "Group" }, write);
