import { type Finding } from "../validation/schema";

const small = [
  "t3.medium",
  "m5n.large",
  "c5a.large",
  "m6i.large",
  "c6i.large",
  "c6in.large",
  "m5n.4xlarge",
  "m6i.4xlarge",
  "c6i.4xlarge",
  "c6in.4xlarge",
] as const;
const large = ["m5n.4xlarge", "m6i.4xlarge", "c6i.4xlarge", "c6in.4xlarge"] as const;

/** What an interface does. The service interface is the only one that routes, probes and load balancers speak to. */
export type InterfaceRole = "service" | "management" | "service_1" | "service_2" | "service_3" | "balancer";

/**
 * The sizes of a Cloud Connector: the instance types that Zscaler allows, the one taken by default, and the interfaces in the order of
 * their device index. The size must be that of the provisioning template in the Zscaler portal.
 */
export const sizes = {
  small: { instanceTypes: small, instanceType: "m6i.large", interfaces: ["service", "management"] },
  medium: {
    instanceTypes: large,
    instanceType: "m6i.4xlarge",
    interfaces: ["service", "management", "service_1", "service_2", "balancer"],
  },
  large: {
    instanceTypes: large,
    instanceType: "m6i.4xlarge",
    interfaces: ["service", "management", "service_1", "service_2", "service_3", "balancer"],
  },
} as const satisfies Record<string, { instanceTypes: readonly string[]; instanceType: string; interfaces: readonly InterfaceRole[] }>;

export type Size = keyof typeof sizes;

export const sizeNames = Object.keys(sizes) as [Size, ...Size[]];

/** The instance type of connectors: the one given, else the size's default. */
export const instanceTypeOf = ({ size, instanceType }: { readonly size: Size; readonly instanceType?: string | undefined }): string =>
  instanceType ?? sizes[size].instanceType;

/** What is wrong with running a size on an instance type, if anything. What is no size is somebody else's to tell. */
export function judgeInstanceType(size: unknown, instanceType: string): Finding | undefined {
  const known = sizeNames.find((name) => name === size);
  const allowed: readonly string[] = known ? sizes[known].instanceTypes : [instanceType];
  if (allowed.includes(instanceType)) return undefined;
  return { problem: `${instanceType} is not allowed for size ${String(size)}`, fix: `use one of ${allowed.join(", ")}` };
}
