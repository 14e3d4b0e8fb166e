import { DataAwsAvailabilityZone } from "@cdktf/provider-aws/lib/data-aws-availability-zone";
import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Fn, type IResolvable, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { awsName } from "../naming";
import { refusal } from "../validation";
import { judgeZones } from "./judge-zones";

/** How it is found out whether a service is in the zones of its endpoints. */
export interface ZoneCheck {
  /** The names of the endpoints' zones by key, as this account has them. */
  readonly names: Readonly<Record<string, string>>;
  /** The zones that the service is in: those that AWS tells of it, or a list of ids such as usw2-az1, which may be one token. */
  readonly supported: "askService" | { readonly zoneIds: readonly string[] };
}

export interface GatewayEndpointsProps {
  /** First words of every AWS name. */
  readonly name: string;
  readonly vpcId: string;
  /** The endpoint service of a Gateway Load Balancer, of this account or another. */
  readonly serviceName: string;
  /** Where the endpoints stand, by zone: one in each. */
  readonly subnetIds: Readonly<Record<string, string>>;
  /** Has the plan fail where the service is not in the zone of an endpoint. @default not checked */
  readonly checkZones?: ZoneCheck | undefined;
  /**
   * Whether endpoints that lead to another service are made before the old ones go, so that routes have somewhere to lead. Terraform then makes all that they
   * depend on in that order too: not with `after` that names connectors. An endpoint of the same service in the same zone is refused by AWS.
   *
   * @default false
   */
  readonly createBeforeDestroy?: boolean | undefined;
  /** What must stand before the endpoints are made. @default nothing */
  readonly after?: readonly ITerraformDependable[] | undefined;
}

interface Precondition {
  readonly condition: IResolvable;
  readonly errorMessage: string;
}

/**
 * Gateway Load Balancer endpoints: routes lead to them, and their traffic goes to the connectors of the service.
 *
 * Makes an endpoint in each zone. Its subnet cannot change: replace it, by `-replace=<address>`, once its routes lead elsewhere. Where the service asks
 * for acceptance, an endpoint takes no route before its owner accepts it. AWS charges for each endpoint by the hour and by traffic.
 *
 * @throws When there is no subnet, or a zone is one that cannot have an endpoint: all mistakes at once.
 */
export class GatewayEndpoints extends Construct {
  /** The endpoints by zone. */
  readonly endpoints: Readonly<Record<string, VpcEndpoint>>;

  constructor(scope: Construct, id: string, props: GatewayEndpointsProps) {
    super(scope, id);
    const zones = Object.keys(props.subnetIds);
    const names = props.checkZones ? Object.keys(props.checkZones.names) : zones;
    const findings = judgeZones(zones, { at: ["checkZones", "names"], zones: names });
    if (findings.length > 0) throw refusal(this, findings);

    const precondition = props.checkZones && this.preconditions(props.serviceName, props.checkZones);
    this.endpoints = Object.fromEntries(
      Object.entries(props.subnetIds).map(([zone, subnetId]) => [
        zone,
        new VpcEndpoint(this, zone, {
          vpcId: props.vpcId,
          serviceName: props.serviceName,
          vpcEndpointType: "GatewayLoadBalancer",
          subnetIds: [subnetId],
          tags: { Name: awsName("tag", props.name, "endpoint", zone) },
          ...(precondition || props.createBeforeDestroy
            ? {
                lifecycle: {
                  ...(props.createBeforeDestroy ? { createBeforeDestroy: true } : {}),
                  ...(precondition ? { precondition: [precondition(zone)] } : {}),
                },
              }
            : {}),
          ...(props.after ? { dependsOn: [...props.after] } : {}),
        }),
      ]),
    );
  }

  /**
   * The endpoint that takes a zone's traffic.
   *
   * @throws When there is none in the zone.
   */
  endpointFor(zone: string): VpcEndpoint {
    const endpoint = this.endpoints[zone];
    if (endpoint) return endpoint;
    const there = Object.keys(this.endpoints).join(", ");
    throw new Error(`${this.node.path} has no endpoint in zone ${zone}, only in ${there}: give the zone a subnet, or name one of these`);
  }

  private preconditions(serviceName: string, { names, supported }: ZoneCheck): (zone: string) => Precondition {
    const scope = new Construct(this, "zones");
    const asked = supported === "askService";
    const zones = asked
      ? new DataAwsVpcEndpointService(this, "vpc_endpoint_service", { serviceName }).availabilityZones
      : [...supported.zoneIds];
    return (zone) => {
      const name = names[zone] ?? "";
      const { zoneId } = new DataAwsAvailabilityZone(scope, zone, { name });
      return {
        condition: Fn.contains(zones, asked ? name : zoneId) as IResolvable,
        errorMessage: `Endpoint service ${serviceName} is not in ${name} (${zoneId}), where the endpoint of zone ${zone} is to stand, only in ${Fn.join(", ", zones)}. Give zone ${zone} no endpoint and name the zone that serves it, or have the service's owner add ${zoneId}: ids mean the same zone in every account, names do not.`,
      };
    };
  }
}
