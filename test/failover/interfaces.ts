import { AttachNetworkInterfaceCommand, DescribeNetworkInterfacesCommand, DetachNetworkInterfaceCommand } from "@aws-sdk/client-ec2";
import { type World } from "./world";

/** Takes an interface off its instance. */
export async function detachInterface({ ec2 }: World, NetworkInterfaceId: string): Promise<void> {
  const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: [NetworkInterfaceId] }));
  await ec2.send(new DetachNetworkInterfaceCommand({ AttachmentId: NetworkInterfaces[0]?.Attachment?.AttachmentId }));
}

/** Gives an instance a service interface. */
export const attachServiceInterface = ({ ec2 }: World, InstanceId: string, NetworkInterfaceId: string): Promise<unknown> =>
  ec2.send(new AttachNetworkInterfaceCommand({ InstanceId, NetworkInterfaceId, DeviceIndex: 0 }));
