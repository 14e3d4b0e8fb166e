import { drill, type Drill, homesOf, refusing, timeToErr } from "./drill";

const frozenSeconds = 20;

/** A run stands still for a while, as Lambda may let it at any moment. */
export const frozen: readonly Drill[] = [
  drill(`frozen for ${frozenSeconds} s, in which a connector dies`, "its routes move after the thaw", async (stage) => {
    await stage.watch();
    const [run] = stage.runs;
    run?.freeze();
    await stage.expectNoMove(refusing(stage, "a-1"), frozenSeconds);
    return stage.measure(() => run?.thaw(), homesOf(stage, "a-1", "b-1"));
  }),
  drill(`frozen for ${frozenSeconds} s, in which another run moves routes twice`, "the first moves none after the thaw", async (stage) => {
    await stage.watch(2);
    const [run] = stage.runs;
    const thawAt = Date.now() + 1000 * frozenSeconds;
    run?.freeze();
    await stage.measure(refusing(stage, "a-1"), homesOf(stage, "a-1", "b-1"));
    const swap = async (): Promise<void> => {
      await stage.connector("a-1").listen();
      stage.connector("b-1").refuse();
    };
    await stage.measure(swap, { ...homesOf(stage, "a-1", "a-1"), ...homesOf(stage, "b-1", "a-1") });
    await stage.expectNoMove(() => undefined, Math.max(0, thawAt - Date.now()) / 1000);
    await stage.expectNoMove(() => run?.thaw(), timeToErr);
    return undefined;
  }),
];
