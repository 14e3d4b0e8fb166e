import {
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { clientConfiguration } from "../../emulator";

const notEnded = [{ Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped", "shutting-down"] }];

/** Ids of all that a region has of what a deployment can make in EC2, sorted. */
export async function idsInRegion(endpoint: string, region: string): Promise<readonly string[]> {
  const client = new EC2Client(clientConfiguration({ endpoint, region }));
  const answers = await Promise.all([
    client.send(new DescribeVpcsCommand({})).then(({ Vpcs = [] }) => Vpcs.map(({ VpcId }) => VpcId)),
    client.send(new DescribeSubnetsCommand({})).then(({ Subnets = [] }) => Subnets.map(({ SubnetId }) => SubnetId)),
    client.send(new DescribeRouteTablesCommand({})).then(({ RouteTables = [] }) => RouteTables.map(({ RouteTableId }) => RouteTableId)),
    client
      .send(new DescribeInternetGatewaysCommand({}))
      .then(({ InternetGateways = [] }) => InternetGateways.map((g) => g.InternetGatewayId)),
    client
      .send(new DescribeNatGatewaysCommand({}))
      .then(({ NatGateways = [] }) => NatGateways.filter(({ State }) => State !== "deleted").map((gateway) => gateway.NatGatewayId)),
    client.send(new DescribeAddressesCommand({})).then(({ Addresses = [] }) => Addresses.map(({ AllocationId }) => AllocationId)),
    client.send(new DescribeSecurityGroupsCommand({})).then(({ SecurityGroups = [] }) => SecurityGroups.map(({ GroupId }) => GroupId)),
    client
      .send(new DescribeNetworkInterfacesCommand({}))
      .then(({ NetworkInterfaces = [] }) => NetworkInterfaces.map((i) => i.NetworkInterfaceId)),
    client
      .send(new DescribeInstancesCommand({ Filters: notEnded }))
      .then(({ Reservations = [] }) => Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId))),
    client.send(new DescribeVolumesCommand({})).then(({ Volumes = [] }) => Volumes.map(({ VolumeId }) => VolumeId)),
    client
      .send(new DescribeVpcEndpointsCommand({}))
      .then(({ VpcEndpoints = [] }) =>
        VpcEndpoints.filter((endpoint) => String(endpoint.State) !== "deleted").map((endpoint) => endpoint.VpcEndpointId),
      ),
  ]);
  client.destroy();
  return answers
    .flat()
    .filter((id) => id !== undefined)
    .sort();
}
