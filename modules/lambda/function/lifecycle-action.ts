import {
  type AutoScalingClient,
  CompleteLifecycleActionCommand,
  RecordLifecycleActionHeartbeatCommand,
} from "@aws-sdk/client-auto-scaling";
import { newCall } from "./aws-call";
import { CallFailed } from "./call-failed";

/** What ends an instance's wait at a hook. */
export interface LifecycleAction {
  readonly group: string;
  readonly hook: string;
  readonly instance: string;
  /** @default the action is named by the instance */
  readonly token?: string | undefined;
}

const actionOf = ({ group, hook, instance, token }: LifecycleAction) => ({
  AutoScalingGroupName: group,
  LifecycleHookName: hook,
  InstanceId: instance,
  LifecycleActionToken: token,
});

/** What can be done about an instance's wait. */
export interface LifecycleActions {
  /** @throws CallFailed that names it as missing when the action is over */
  heartbeat(action: LifecycleAction): Promise<void>;
  /** Lets the instance end. An action that is not there any more is no failure. */
  complete(action: LifecycleAction): Promise<void>;
}

export const lifecycleActions = (autoScaling: AutoScalingClient): LifecycleActions => ({
  heartbeat: async (action) => {
    const command = new RecordLifecycleActionHeartbeatCommand(actionOf(action));
    await newCall()((options) => autoScaling.send(command, options));
  },
  complete: async (action) => {
    const command = new CompleteLifecycleActionCommand({ ...actionOf(action), LifecycleActionResult: "CONTINUE" });
    try {
      await newCall()((options) => autoScaling.send(command, options));
    } catch (error) {
      if (!(error instanceof CallFailed && error.kind === "missing")) throw error;
    }
  },
});
