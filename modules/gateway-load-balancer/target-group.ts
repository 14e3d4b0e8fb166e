import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { type Construct } from "constructs";
import { type z } from "zod";
import { explain } from "../explanation";
import { awsName } from "../naming";
import { asText } from "../validation";
import { type balancerSettings, timeoutOf } from "./schema";

type Settings = z.output<ReturnType<typeof balancerSettings>>;

/** By what flows stick to a target. Without stickiness it is the 5-tuple; the type then is the one that AWS has by default. */
const stickiness: { readonly [Tuple in Settings["stickiness"]]: { readonly enabled: boolean; readonly type: string } } = {
  "5-tuple": { enabled: false, type: "source_ip_dest_ip_proto" },
  "3-tuple": { enabled: true, type: "source_ip_dest_ip_proto" },
  "2-tuple": { enabled: true, type: "source_ip_dest_ip" },
};

const targetFailover = { rebalance: "rebalance", keep: "no_rebalance" } as const;

/** Makes the group of connectors to which a Gateway Load Balancer sends traffic, and which it asks for their health. */
export function makeTargetGroup(
  scope: Construct,
  { healthCheck, onFailure, ...settings }: Settings,
  props: { readonly name: string; readonly vpcId: string; readonly healthProbePort: number; readonly targetType: "ip" | "instance" },
): LbTargetGroup {
  const name = awsName("targetGroup", props.name, props.targetType === "ip" ? "ip" : "id");
  const group = new LbTargetGroup(scope, "lb_target_group", {
    name,
    vpcId: props.vpcId,
    targetType: props.targetType,
    // The one protocol and port of Gateway Load Balancers (Gateway Load Balancer guide, "Routing configuration").
    protocol: "GENEVE",
    port: 6081,
    healthCheck: {
      protocol: "HTTP",
      port: asText(props.healthProbePort),
      path: "/?cchealth",
      interval: healthCheck.intervalSeconds,
      timeout: timeoutOf(healthCheck),
      healthyThreshold: healthCheck.healthyThreshold,
      unhealthyThreshold: healthCheck.unhealthyThreshold,
    },
    stickiness: stickiness[settings.stickiness],
    targetFailover: [{ onDeregistration: targetFailover[onFailure], onUnhealthy: targetFailover[onFailure] }],
    deregistrationDelay: asText(settings.deregistrationDelaySeconds),
    tags: { Name: name },
    lifecycle: { createBeforeDestroy: true },
  });
  explain(group, "A group's target type cannot change. Its name says it, so that a group of the other type is made before this one goes.");
  return group;
}
