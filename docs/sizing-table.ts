import { sizeAppConnectors } from "../modules/app-connector/schema";

const load = { throughputMbps: 1000, doubleEncryptedPercent: 0, appProtection: false };

/** The loads that the App Connector Deployment Guide for AWS has numbers for. */
const loads = [
  ...[0, 25, 50, 75, 100].map((doubleEncryptedPercent) => ({
    name: doubleEncryptedPercent === 0 ? "none" : `double encryption for ${doubleEncryptedPercent} % of the applications`,
    ...load,
    doubleEncryptedPercent,
  })),
  { name: "AppProtection", ...load, appProtection: true },
];

/** What App Connectors carry, as a Markdown table. */
export const sizingTable = (): string =>
  [
    "| What makes it slower | Instance type | One App Connector carries | 1 Gbps takes, with one to spare |",
    "| --- | --- | --- | --- |",
    ...loads.map(({ name, ...each }) => {
      const { instanceType, perAppConnectorMbps, appConnectors } = sizeAppConnectors(each);
      return `| ${name} | \`${instanceType}\` | ${perAppConnectorMbps} Mbps | ${appConnectors} |`;
    }),
  ].join("\n");
