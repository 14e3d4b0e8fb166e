interface Wake {
  readonly at: number;
  readonly action: () => void;
}

// Immediates come after all microtasks, however many these begin.
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** Time that stands still while anything is left to do, and then jumps to the next wake-up. */
export class SimulatedClock {
  private readonly wakes: Wake[] = [];

  /** @param time milliseconds since 1970 */
  constructor(private time: number) {}

  get now(): number {
    return this.time;
  }

  /** Calls back at a time, after what was asked for the same time before. */
  at(at: number, action: () => void): void {
    let index = this.wakes.length;
    while (index > 0 && (this.wakes[index - 1]?.at ?? 0) > at) index -= 1;
    this.wakes.splice(index, 0, { at: Math.max(at, this.time), action });
  }

  async runUntil(end: number): Promise<void> {
    for (;;) {
      await settled();
      const [next] = this.wakes;
      if (next === undefined || next.at > end) break;
      this.wakes.shift();
      this.time = next.at;
      next.action();
    }
    this.time = end;
  }
}
