import { DataAwsVpcEndpointService } from "@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { awsName } from "../naming";
import { RuledSecurityGroup } from "../security-group";
import { type privateEndpointServices } from "./schema";
import { type TierSubnet } from "./tier-subnet";

export interface PrivateEndpointsProps {
  readonly name: string;
  readonly vpcId: string;
  /** Who may use them: the VPC's ranges by name. */
  readonly ranges: Readonly<Record<string, string>>;
  readonly services: readonly (typeof privateEndpointServices)[number][];
  /** Where interface endpoints stand: one subnet a zone. */
  readonly subnets: readonly TierSubnet[];
  /** Whose tables lead to S3 by the gateway endpoint. */
  readonly routed: readonly TierSubnet[];
}

/** Endpoints by which a VPC reaches AWS services without the internet: interface endpoints, and the gateway endpoint of S3. */
export class PrivateEndpoints extends Construct {
  readonly endpoints: Readonly<Record<string, VpcEndpoint>>;
  /** What must stand before the services can be reached by them. */
  readonly ready: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: PrivateEndpointsProps) {
    super(scope, id);
    const interfaces = props.services.filter((service) => service !== "s3");
    const guard = interfaces.length > 0 ? this.guard(props) : undefined;
    this.endpoints = Object.fromEntries(
      props.services.map((service) => {
        const tags = { Name: awsName("tag", props.name, service) };
        const gateway = service === "s3";
        const scope = new Construct(this, service);
        const { serviceName } = new DataAwsVpcEndpointService(scope, "vpc_endpoint_service", {
          service,
          serviceType: gateway ? "Gateway" : "Interface",
        });
        return [
          service,
          new VpcEndpoint(scope, "vpc_endpoint", {
            vpcId: props.vpcId,
            serviceName,
            ...(gateway
              ? { vpcEndpointType: "Gateway", routeTableIds: props.routed.flatMap(({ routeTableId }) => routeTableId ?? []) }
              : {
                  vpcEndpointType: "Interface",
                  subnetIds: props.subnets.map(({ subnetId }) => subnetId),
                  privateDnsEnabled: true,
                  securityGroupIds: guard ? [guard.group.id] : [],
                }),
            tags,
          }),
        ];
      }),
    );
    this.ready = [...Object.values(this.endpoints), ...(guard?.rules ?? [])];
  }

  private guard(props: PrivateEndpointsProps): RuledSecurityGroup {
    return new RuledSecurityGroup(this, "guard", {
      name: [props.name, "private-endpoints"],
      description: "Endpoints of AWS services",
      vpcId: props.vpcId,
      rules: () =>
        Object.entries(props.ranges).map(([name, range]) => ({
          id: `https_from_${name}`,
          direction: "in",
          protocol: "tcp",
          ports: [443, 443],
          peer: { range },
          description: `HTTPS to AWS services from ${name}`,
        })),
    });
  }
}
