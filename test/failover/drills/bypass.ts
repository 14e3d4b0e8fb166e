import { StopInstancesCommand } from "@aws-sdk/client-ec2";
import { drill, type Drill, entryOf, nextLook, refusing } from "./drill";

/** Seconds for which all must be dead. */
const bypassAfter = 60;

const scene = { plan: { settings: { allDead: { policy: "bypass", onProbesAlone: false } } } } as const;

/** No connector lives, and the policy is to go without. */
export const bypass: readonly Drill[] = [
  drill(
    "all dead and stopped, policy bypass",
    "after 60 s the workloads' default routes lead to their zone's NAT gateway",
    async (stage) => {
      await stage.watch();
      const strike = (): unknown => {
        refusing(stage, "a-1", "b-1")();
        const InstanceIds = ["a-1", "b-1"].map((key) => entryOf(stage.world, key).instance);
        return stage.world.ec2.send(new StopInstancesCommand({ InstanceIds }));
      };
      const moves = { "workload-a 0.0.0.0/0": "NAT gateway a", "workload-b 0.0.0.0/0": "NAT gateway b" };
      const seconds = await stage.measure(strike, moves, { within: bypassAfter + nextLook });
      expect(seconds).toBeGreaterThan(bypassAfter);
      return seconds;
    },
    { ...scene, limit: bypassAfter + nextLook },
  ),
  drill(
    "all dead but running, policy bypass",
    "nothing moves, since EC2 does not agree",
    async (stage) => {
      await stage.watch();
      await stage.expectNoMove(refusing(stage, "a-1", "b-1"), bypassAfter + nextLook);
      expect(stage.hasTold("no connector lives")).toBe(true);
      return undefined;
    },
    scene,
  ),
];
