import { type InterfaceSteeredDeployment } from "../config/interface-steered";
import { ZpaDns } from "../modules/zpa-dns";
import { type SteeredStack } from "./deployment-stack";
import { zpaOutputs } from "./outputs";
import { subnetIds } from "./subnet-ids";

type ZpaDeployment = Required<Pick<InterfaceSteeredDeployment, "zpa">>;

/** Adds the DNS of ZPA applications to a stack, with its outputs. Names resolve to where the connectors are once the routes to them are there. */
export function addZpaDns(stack: SteeredStack, { zpa }: ZpaDeployment): ZpaDns {
  const { network, steering } = stack;
  const zpaDns = new ZpaDns(stack, "zpa_dns", {
    ...zpa,
    name: stack.resourceName,
    vpcId: network.vpcId,
    subnetIds: zpa.endpoint.create && subnetIds(network.tier("resolver")),
    after: [
      ...Object.values(steering.routes),
      ...(["resolver", "workload"] as const).flatMap((tier) => Object.values(network.tier(tier)).flatMap(({ egress }) => egress)),
    ],
  });
  stack.addOutputs(zpaOutputs(zpaDns));
  return zpaDns;
}
