export { groupArn } from "./group-arn";
export { groupNotifications, type GroupNotifications } from "./notifications";
export { launchTemplate, type LaunchTemplateProps } from "./launch-template";
export { rootDeviceOf } from "./root-device";
export { ScaledGroup, type ScaledGroupProps } from "./scaled-group";
export { autoScalingDiskGrant } from "./service-role";
