import { type Report, reportTo as reportOf } from "../../lambda/function/report";

/** Tells people of a deployment, and of its connectors. */
export const reportTo = (deployment: string, write: (line: string) => void): Report =>
  reportOf({ namespace: "Zscaler/RouteFailover", deployment, part: "Connector", uncounted: ["ConnectorHealth"] }, write);
