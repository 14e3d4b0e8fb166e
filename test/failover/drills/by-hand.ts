import { DeleteRouteCommand, ReplaceRouteCommand } from "@aws-sdk/client-ec2";
import { attachServiceInterface, detachInterface } from "../interfaces";
import { type Stage } from "../stage";
import { type World } from "../world";
import { drill, type Drill, entryOf, homesOf, nextLook, pinned, refusing } from "./drill";

/** Good probes until a connector is steady, two seconds each. */
const steadySeconds = 20;

const table = "workload-a";
const route = `${table} ${pinned}`;
const entryInTable = ({ tables }: World) => ({ RouteTableId: tables[table], DestinationCidrBlock: pinned });

const leadByHand = (world: World, NetworkInterfaceId: string): Promise<unknown> =>
  world.ec2.send(new ReplaceRouteCommand({ ...entryInTable(world), NetworkInterfaceId }));

/** The connector a-1 refuses, and all of its routes but the one move. */
const measureOthers = (stage: Stage): Promise<number> => {
  const others = Object.entries(homesOf(stage, "a-1", "b-1")).filter(([name]) => name !== route);
  return stage.measure(refusing(stage, "a-1"), Object.fromEntries(others));
};

/** Shows routes to an interface as EC2 does when it is gone. The emulator shows all routes as active. */
const asGone = (id: string) => (answer: string) =>
  answer.replaceAll(new RegExp(`(${id}</networkInterfaceId><origin>CreateRoute</origin><state>)active`, "g"), "$1blackhole");

/** Somebody else changes routes and interfaces. */
export const byHand: readonly Drill[] = [
  drill("route deleted by hand, then refused", "it is not made again, but told; the others move", async (stage) => {
    await stage.watch();
    await stage.world.ec2.send(new DeleteRouteCommand(entryInTable(stage.world)));
    const seconds = await measureOthers(stage);
    expect(stage.hasTold("a route is missing")).toBe(true);
    expect(stage.hasTold("MissingRoutes")).toBe(true);
    return seconds;
  }),
  drill("route led elsewhere by hand, then refused", "it is left alone, but told; the others move", async (stage) => {
    await stage.watch();
    await leadByHand(stage.world, await stage.world.addInterface("a"));
    const seconds = await measureOthers(stage);
    expect(stage.hasTold("a route leads to something that is not ours, and is left alone")).toBe(true);
    expect(stage.hasTold("ForeignRoutes")).toBe(true);
    return seconds;
  }),
  drill(
    "route led to the other connector by hand",
    "it comes home once its connector is steady",
    async (stage) => {
      await stage.watch();
      await leadByHand(stage.world, entryOf(stage.world, "b-1").interface);
      return stage.measure(() => undefined, { [route]: "a-1" }, { within: steadySeconds + nextLook });
    },
    { limit: steadySeconds + nextLook },
  ),
  drill(
    "route to an interface that is gone (blackhole)",
    "it comes home at the next look",
    async (stage) => {
      await stage.watch();
      const gone = await stage.world.addInterface("a");
      stage.aws.rewrite({ action: "DescribeRouteTables" }, { answer: asGone(gone) });
      await leadByHand(stage.world, gone);
      return stage.measure(() => undefined, { [route]: "a-1" }, { within: nextLook });
    },
    { limit: nextLook },
  ),
  drill(
    "connector under a new interface",
    "its routes follow at the next look",
    async (stage) => {
      const { instance, interface: former, address } = entryOf(stage.world, "a-1");
      const newAddress = address.replace(/\d+$/, "150");
      await stage.addConnector(newAddress);
      const added = await stage.world.addInterface("a", newAddress);
      await stage.watch();
      const replaceInterface = async (): Promise<void> => {
        await detachInterface(stage.world, former);
        await attachServiceInterface(stage.world, instance, added);
      };
      return stage.measure(replaceInterface, homesOf(stage, "a-1", added), { within: nextLook });
    },
    { limit: nextLook },
  ),
];
