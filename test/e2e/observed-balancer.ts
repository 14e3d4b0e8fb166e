import { DescribeVpcEndpointsCommand, DescribeVpcEndpointServicePermissionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { clientConfiguration } from "../../emulator";
import { type ObservedVpc } from "./observed-vpc";

/** What a Gateway Load Balancer's target group holds, as AWS calls show it. */
export interface ObservedTargets {
  readonly targetType: string | undefined;
  readonly targets: readonly string[];
}

export async function observeTargets(endpoint: string, region: string, name: string): Promise<ObservedTargets> {
  const client = new ElasticLoadBalancingV2Client(clientConfiguration({ endpoint, region }));
  try {
    const { TargetGroups = [] } = await client.send(new DescribeTargetGroupsCommand({ Names: [name] }));
    const [group] = TargetGroups;
    if (!group) throw new Error(`no target group ${name}`);
    const { TargetHealthDescriptions = [] } = await client.send(new DescribeTargetHealthCommand({ TargetGroupArn: group.TargetGroupArn }));
    return { targetType: group.TargetType, targets: TargetHealthDescriptions.flatMap(({ Target }) => Target?.Id ?? []).sort() };
  } finally {
    client.destroy();
  }
}

/** A Gateway Load Balancer endpoint. */
export interface ObservedEndpoint {
  readonly id: string;
  readonly zone: string;
  readonly serviceName: string | undefined;
}

/** The Gateway Load Balancer endpoints of a VPC. */
export async function observeEndpoints(endpoint: string, region: string, vpc: ObservedVpc): Promise<readonly ObservedEndpoint[]> {
  const client = new EC2Client(clientConfiguration({ endpoint, region }));
  try {
    const Filters = [{ Name: "vpc-id", Values: [vpc.subnets[0]?.VpcId ?? ""] }];
    const { VpcEndpoints = [] } = await client.send(new DescribeVpcEndpointsCommand({ Filters }));
    return VpcEndpoints.filter(({ VpcEndpointType }) => VpcEndpointType === "GatewayLoadBalancer").map((each) => ({
      id: each.VpcEndpointId ?? "",
      zone: vpc.subnets.find(({ SubnetId }) => SubnetId === each.SubnetIds?.[0])?.AvailabilityZone ?? "",
      serviceName: each.ServiceName,
    }));
  } finally {
    client.destroy();
  }
}

/** The default route of each table that leads to an endpoint, as the name of its subnet and the zone of the endpoint. */
export const ledToEndpoints = (vpc: ObservedVpc, endpoints: readonly ObservedEndpoint[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    vpc.routeTables.flatMap(({ Routes = [], Associations = [] }) => {
      const route = Routes.find(({ DestinationCidrBlock }) => DestinationCidrBlock === "0.0.0.0/0");
      const target = endpoints.find(({ id }) => id === route?.GatewayId);
      return target === undefined
        ? []
        : Associations.map(({ SubnetId }) => {
            const subnet = vpc.subnets.find((each) => each.SubnetId === SubnetId);
            return [subnet?.Tags?.find(({ Key }) => Key === "Name")?.Value ?? "", target.zone] as const;
          });
    }),
  );

/** Who may make endpoints of a service. */
export async function observePrincipals(endpoint: string, region: string, serviceName: string): Promise<readonly string[]> {
  const client = new EC2Client(clientConfiguration({ endpoint, region }));
  try {
    const ServiceId = serviceName.split(".").at(-1);
    const { AllowedPrincipals = [] } = await client.send(new DescribeVpcEndpointServicePermissionsCommand({ ServiceId }));
    return AllowedPrincipals.flatMap(({ Principal }) => Principal ?? []).sort();
  } finally {
    client.destroy();
  }
}
