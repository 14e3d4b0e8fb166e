import { DataAwsAvailabilityZone } from "@cdktf/provider-aws/lib/data-aws-availability-zone";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { type LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { LbTargetGroupAttachment } from "@cdktf/provider-aws/lib/lb-target-group-attachment";
import { VpcEndpointService } from "@cdktf/provider-aws/lib/vpc-endpoint-service";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { z } from "zod";
import { callerIdentityOf, partitionOf } from "../iam";
import { awsName } from "../naming";
import { checkSettings, orToken } from "../validation";
import { evenIfWrong, findingMessage } from "../validation/schema";
import { judgeZones } from "./judge-zones";
import { noSubnetRemoved } from "./no-subnet-removed";
import { type BalancerSettings, balancerSettings, detectionSeconds, type EndpointServiceSettings, endpointServiceSettings } from "./schema";
import { makeTargetGroup } from "./target-group";

const keysOf = (given: unknown): readonly string[] => (typeof given === "object" && given !== null ? Object.keys(given) : []);

const schema = balancerSettings(orToken)
  .unwrap()
  .safeExtend({
    endpointService: endpointServiceSettings(orToken),
    subnetIds: z.record(z.string(), z.string()),
    zones: z.record(z.string(), z.string()),
  })
  .superRefine(({ subnetIds, zones }: { readonly subnetIds: unknown; readonly zones: unknown }, context) => {
    for (const { at, ...finding } of judgeZones(keysOf(subnetIds), { at: ["zones"], zones: keysOf(zones) })) {
      context.addIssue({ code: "custom", path: [...at], message: findingMessage(finding) });
    }
  }, evenIfWrong);

/** A connector that is a target by the address of its service interface. */
interface AddressTarget {
  readonly address: string;
  /** What must stand before it is a target: the connector's instance. @default nothing */
  readonly after?: ITerraformDependable | undefined;
}

/** How connectors become targets: each by its address, or each instance by its Auto Scaling group. */
export type BalancerTargets =
  /** By the connectors' keys, `<zone>-<number>`. */
  { readonly addresses: Readonly<Record<string, AddressTarget>> } | { readonly registeredBy: "autoScaling" };

export interface GatewayLoadBalancerProps extends NonNullable<BalancerSettings> {
  /** First words of every AWS name: 27 characters at the most. */
  readonly name: string;
  readonly vpcId: string;
  /** Where the balancer stands, by zone: the connectors' subnets. */
  readonly subnetIds: Readonly<Record<string, string>>;
  /** The names of the zones, by key. */
  readonly zones: Readonly<Record<string, string>>;
  /** Port on which connectors answer health probes. */
  readonly healthProbePort: number;
  readonly targets: BalancerTargets;
  /**
   * Whether the plan fails that takes a subnet from the balancer, which AWS would refuse: it is looked up for that. Not for a module that others call: where a
   * caller names `depends_on`, Terraform could not plan the lookup.
   *
   * @default true
   */
  readonly keepsSubnets?: boolean | undefined;
  /** @default no acceptance, no further principals */
  readonly endpointService?: EndpointServiceSettings;
}

/**
 * A Gateway Load Balancer before Cloud Connectors.
 *
 * Makes the balancer, its GENEVE target group with the health check of the connectors' health probe, a listener, and an endpoint service that this
 * account, the further ones and the principals given may use. Connectors that are given by address are registered; Auto Scaling registers its own.
 * AWS charges for the balancer by the hour and by traffic.
 *
 * Zones can be added, never removed, nor can a zone get another subnet (Elastic Load Balancing API, "SetSubnets"). Terraform would plan such a change
 * as an update in place, and AWS would refuse it halfway through the apply. So the balancer is looked up as it stands, and the plan fails
 * where a subnet is missing.
 *
 * @throws When a setting is wrong, or a zone is one that cannot have a balancer: all mistakes at once.
 */
export class GatewayLoadBalancer extends Construct {
  readonly loadBalancer: Lb;
  readonly targetGroup: LbTargetGroup;
  readonly listener: LbListener;
  /** The registrations by connector key, of connectors that are given by address. */
  readonly attachments: Readonly<Record<string, LbTargetGroupAttachment>>;
  readonly endpointService: VpcEndpointService;
  /** By what name endpoints reach the balancer, from this account and others. */
  readonly serviceName: string;
  /** The ids of the balancer's zones by key, such as usw2-az1: unlike names they mean the same in every account. */
  readonly zoneIds: Readonly<Record<string, string>>;
  /** Seconds in which a connector is found dead. */
  readonly detectionSeconds: number;
  /** What must stand before traffic may be sent. Auto Scaling groups are not among it. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: GatewayLoadBalancerProps) {
    super(scope, id);
    const settings = checkSettings(this, schema, props);
    const { endpointService } = settings;
    this.detectionSeconds = detectionSeconds(settings.healthCheck);

    const subnets = Object.values(props.subnetIds);
    const name = awsName("balancer", props.name, "gwlb");
    this.loadBalancer = new Lb(this, "lb", {
      name,
      loadBalancerType: "gateway",
      subnets,
      enableCrossZoneLoadBalancing: settings.crossZone,
      tags: { Name: name },
      ...(props.keepsSubnets === false ? {} : { lifecycle: { precondition: [noSubnetRemoved(this, name, subnets)] } }),
    });

    this.targetGroup = makeTargetGroup(this, settings, {
      name: props.name,
      vpcId: props.vpcId,
      healthProbePort: props.healthProbePort,
      targetType: "addresses" in props.targets ? "ip" : "instance",
    });
    this.listener = new LbListener(this, "lb_listener", {
      loadBalancerArn: this.loadBalancer.arn,
      defaultAction: [{ type: "forward", targetGroupArn: this.targetGroup.arn }],
      tcpIdleTimeoutSeconds: settings.tcpIdleTimeoutSeconds,
    });
    this.attachments = "addresses" in props.targets ? this.register(props.targets.addresses) : {};

    const { partition } = partitionOf(this);
    const own = `arn:${partition}:iam::${callerIdentityOf(this).accountId}:root`;
    this.endpointService = new VpcEndpointService(this, "vpc_endpoint_service", {
      acceptanceRequired: endpointService.acceptance,
      gatewayLoadBalancerArns: [this.loadBalancer.arn],
      allowedPrincipals: [own, ...endpointService.allowedPrincipals],
      tags: { Name: name },
    });
    this.serviceName = this.endpointService.serviceName;

    const zones = new Construct(this, "zones");
    this.zoneIds = Object.fromEntries(
      Object.keys(props.subnetIds).map((zone) => [
        zone,
        new DataAwsAvailabilityZone(zones, zone, { name: props.zones[zone] ?? "" }).zoneId,
      ]),
    );
    this.ready = [this.listener, ...Object.values(this.attachments)];
  }

  private register(addresses: Readonly<Record<string, AddressTarget>>): Readonly<Record<string, LbTargetGroupAttachment>> {
    const targets = new Construct(this, "targets");
    return Object.fromEntries(
      Object.entries(addresses).map(([key, { address, after }]) => [
        key,
        new LbTargetGroupAttachment(targets, key.replace("-", "_"), {
          targetGroupArn: this.targetGroup.arn,
          targetId: address,
          ...(after ? { dependsOn: [after] } : {}),
        }),
      ]),
    );
  }
}
