import { sizeAppConnectors } from "../modules/app-connector/schema";
import { CommandError } from "./command-error";

/** Options as a person types them. */
export interface SizeOptions {
  /** Mbps of users in both directions together. */
  readonly throughput: string;
  /** Percent of applications with double encryption. */
  readonly doubleEncrypted: string;
  readonly appProtection: boolean;
  /** Whether it is for a program to read. */
  readonly json: boolean;
}

/** What Zscaler says of it. */
const source = "https://help.zscaler.com/unified/app-connector-deployment-guide-amazon-web-services#ConnectorThroughput";

const numberIn = (text: string): number => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN);

/**
 * Prints how many App Connectors carry a load, with the reason for each number.
 *
 * @throws CommandError for what is no load
 */
export function runSize(options: SizeOptions, out: NodeJS.WritableStream): void {
  const [throughputMbps, doubleEncryptedPercent] = [numberIn(options.throughput), numberIn(options.doubleEncrypted)];
  const mistakes = [
    ...(throughputMbps > 0 ? [] : [`--throughput ${options.throughput} is no throughput: give Mbps, such as 1000`]),
    ...(doubleEncryptedPercent <= 100
      ? []
      : [`--double-encrypted ${options.doubleEncrypted} is no percentage: give 0 to 100, the part of applications with double encryption`]),
  ];
  if (mistakes.length > 0) throw new CommandError(mistakes.join("\n"));
  const load = { throughputMbps, doubleEncryptedPercent, appProtection: options.appProtection };
  const size = sizeAppConnectors(load);
  if (options.json) {
    out.write(`${JSON.stringify({ ...load, ...size, source }, null, 2)}\n`);
    return;
  }
  const answer = `${size.appConnectors} App Connectors on ${size.instanceType} carry ${throughputMbps} Mbps, with one to spare.`;
  out.write(`${[answer, "", ...size.notes.map((note) => `- ${note}`), "", `By Zscaler's guide: ${source}`].join("\n")}\n`);
}
