import { TestHosts } from "../modules/test-hosts";
import { type SteeredStack, type VpcDeployment } from "./deployment-stack";
import { testHostOutputs } from "./outputs";
import { subnetIds } from "./subnet-ids";

/** Adds the hosts that try a stack out, where they are asked for, with their outputs. They start once their way out is there. */
export function addTestHosts(stack: SteeredStack, { testHosts, iam }: VpcDeployment): TestHosts | undefined {
  if (!testHosts) return undefined;
  const { network, steering } = stack;
  const hosts = new TestHosts(stack, "test_hosts", {
    ...testHosts,
    name: stack.resourceName,
    vpcId: network.vpcId,
    workloadSubnetIds: subnetIds(network.tier("workload")),
    publicSubnetId: Object.values(network.tier("public"))[0]?.subnetId,
    after: [
      ...Object.values(steering.routes),
      ...(["public", "workload"] as const).flatMap((tier) => Object.values(network.tier(tier)).flatMap(({ egress }) => egress)),
    ],
    iam,
  });
  stack.addOutputs(testHostOutputs(hosts));
  return hosts;
}
