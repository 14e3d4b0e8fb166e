import { drill, type Drill, homesOf, refusing, timeToErr } from "./drill";

/** More than one connector dies, or is not to be used. */
export const several: readonly Drill[] = [
  drill(
    "two of three dead, one after the other",
    "routes move to the connector of their zone, then to the last",
    async (stage) => {
      await stage.watch();
      const first = await stage.measure(refusing(stage, "a-1"), homesOf(stage, "a-1", "a-2"));
      const second = await stage.measure(refusing(stage, "a-2"), homesOf(stage, "a-1", "b-1"));
      return Math.max(first, second);
    },
    { plan: { connectors: { a: 2, b: 1 } }, repetitions: 3 },
  ),
  drill("two dead, then one back", "nothing moves, then all to the one", async (stage) => {
    await stage.watch();
    await stage.expectNoMove(refusing(stage, "a-1", "b-1"), timeToErr);
    return stage.measure(() => stage.connector("b-1").listen(), homesOf(stage, "a-1", "b-1"));
  }),
  drill(
    "drained, then the other dies",
    "its routes leave it, and come back with the other's",
    async (stage) => {
      await stage.measure(() => stage.start(), homesOf(stage, "a-1", "b-1"));
      return stage.measure(refusing(stage, "b-1"), { ...homesOf(stage, "a-1", "a-1"), ...homesOf(stage, "b-1", "a-1") });
    },
    { plan: { settings: { drained: ["a-1"] } } },
  ),
];
