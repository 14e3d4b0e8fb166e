import { ReplaceRouteCommand } from "@aws-sdk/client-ec2";
import { type PlannedRoute, targetParameter, type World } from "../world";
import { drill, type Drill, nextLook, promised, refusing } from "./drill";

const toAll = { destination: "0.0.0.0/0", tier: "workload" } as const;
const routes: readonly PlannedRoute[] = [
  { ...toAll, table: "workload-a", home: "a-1", before: "internet gateway", takenOver: true },
  { ...toAll, table: "workload-b", home: "b-1", before: "NAT gateway", takenOver: true },
  { ...toAll, table: "theirs", home: "a-1", before: "internet gateway" },
];
const scene = { plan: { routes } };
const [ofInternetGateway, ofNatGateway] = ["workload-a 0.0.0.0/0", "workload-b 0.0.0.0/0"] as const;
const home = { [ofInternetGateway]: "a-1", [ofNatGateway]: "b-1" };

/** Ten good probes, two seconds apart. */
const aliveSeconds = 20;

const leadBack = ({ ec2, document }: World): Promise<unknown> =>
  Promise.all(
    document.routes.flatMap(({ table, destination, former: target }) =>
      target === undefined
        ? []
        : [ec2.send(new ReplaceRouteCommand({ RouteTableId: table, DestinationCidrBlock: destination, ...targetParameter(target) }))],
    ),
  );

/** Default routes led to an internet gateway and a NAT gateway before they were the function's. */
export const former: readonly Drill[] = [
  drill(
    "default routes taken over, then a connector dies",
    "they move to their connectors, and on; a route that was not taken over is left alone, but told",
    async (stage) => {
      const seconds = await stage.measure(() => stage.start(), home);
      const told = (): boolean => stage.hasTold("a route leads to something that is not ours, and is left alone");
      await stage.until("the third route is told", told, nextLook);
      expect(stage.hasTold("ForeignRoutes")).toBe(true);
      await stage.measure(refusing(stage, "b-1"), { [ofNatGateway]: "a-1" });
      return seconds;
    },
    scene,
  ),
  drill(
    "default routes taken over, then led back by hand",
    "the run that took them over leaves them; the next takes them over again",
    async (stage) => {
      await stage.measure(() => stage.start(), home);
      await leadBack(stage.world);
      await stage.expectNoMove(() => undefined, nextLook);
      return stage.measure(() => stage.start(), home);
    },
    scene,
  ),
  drill(
    "default routes taken over while no connector lives, then one is back",
    "they stay where they led before until it has proved itself",
    async (stage) => {
      refusing(stage, "a-1", "b-1")();
      await stage.expectNoMove(() => stage.start(), nextLook);
      expect(stage.hasTold("no connector lives")).toBe(true);
      const moves = { [ofInternetGateway]: "b-1", [ofNatGateway]: "b-1" };
      const seconds = await stage.measure(() => stage.connector("b-1").listen(), moves, { within: aliveSeconds + promised });
      expect(seconds).toBeGreaterThan(aliveSeconds - 4);
      return seconds;
    },
    { ...scene, limit: aliveSeconds + promised },
  ),
];
