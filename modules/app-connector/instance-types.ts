import { type Finding, type TerraformRule } from "../validation/schema";

/** What Zscaler supports (App Connector Deployment Guide for AWS, "App Connector Specifications and Sizing Requirements"). */
const supported = {
  plain: { vcpus: 4, instanceType: "m5a.xlarge" },
  appProtection: { vcpus: 8, instanceType: "m5a.2xlarge" },
} as const;

const needsOf = (appProtection: boolean) => supported[appProtection ? "appProtection" : "plain"];

/** The instance type of App Connectors: the one given, else the one that Zscaler advises to run, in the size that AppProtection needs. */
export const instanceTypeOf = ({
  instanceType,
  appProtection,
}: {
  readonly instanceType?: string | undefined;
  readonly appProtection: boolean;
}): string => instanceType ?? needsOf(appProtection).instanceType;

const form = /^[a-z][a-z0-9-]*\.(nano|micro|small|medium|large|xlarge|[1-9][0-9]*xlarge|metal(-[0-9a-z-]+)?)$/;

/**
 * Types with ARM processors. AWS writes a processor's letter right after the generation, g for Graviton (Amazon EC2 Instance Types, "Naming
 * conventions"). The first Graviton, Apple's and NVIDIA's have none.
 */
const arm = /^(a1|mac2(-[a-z0-9]+)*|[a-z]+[0-9]+g[a-z]*|[a-z0-9]+-gb[0-9]+)\./;

const example = `give one such as ${supported.plain.instanceType}`;

/** The form of an instance type that can run an App Connector, where it is a variable. How small it may be depends on other settings. */
export const instanceTypeRule: TerraformRule = {
  condition: (value) => `can(regex(${JSON.stringify(form.source)}, ${value})) && !can(regex(${JSON.stringify(arm.source)}, ${value}))`,
  message: `This is no instance type with an x86_64 processor: ${example}.`,
};

/**
 * The vCPUs of a type, by its size: 2 in large, 4 in xlarge and in each of N of Nxlarge (Amazon EC2 Instance Types, "Specifications").
 * Smaller sizes have 2 at most. Few large types have fewer than their size says, and those have more than is asked for.
 */
function vcpusOf(instanceType: string): number {
  const size = instanceType.slice(instanceType.indexOf(".") + 1);
  if (size.startsWith("metal")) return Number.POSITIVE_INFINITY;
  const [, multiple] = /^(\d*)xlarge$/.exec(size) ?? [];
  return multiple === undefined ? 2 : 4 * Number(multiple || 1);
}

/**
 * What is wrong with running App Connectors on an instance type, if anything. Types that have the vCPUs have the memory too: 2 GB for each
 * at least, where 4 GB, and 8 GB with AppProtection, will do.
 */
export function judgeInstanceType(
  instanceType: string,
  { appProtection, allowUndersized }: { readonly appProtection: boolean; readonly allowUndersized: boolean },
): Finding | undefined {
  if (!form.test(instanceType)) return { problem: `${instanceType} is no instance type`, fix: example };
  if (arm.test(instanceType)) {
    return { problem: `${instanceType} has ARM processors, for which there is no App Connector`, fix: `${example}, with x86_64` };
  }
  const { vcpus, instanceType: advised } = needsOf(appProtection);
  if (allowUndersized || vcpusOf(instanceType) >= vcpus) return undefined;
  return {
    problem: `${instanceType} has fewer than the ${vcpus} vCPUs that Zscaler supports${appProtection ? " with AppProtection" : ""}`,
    fix: `give one such as ${advised}, or set allowUndersized for a laboratory`,
  };
}
