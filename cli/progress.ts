/** Shows people what a long run is doing. */
export interface Progress {
  /** Runs a step under its title, and shows how long it took. `tell` shows how far it is. */
  step<Result>(title: string, run: (tell: (status: string) => void) => Promise<Result>): Promise<Result>;
}

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** Progress on a stream: one line a step that is rewritten in place on a terminal, and a line at each tenth second elsewhere. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  return {
    async step(title, run) {
      const started = Date.now();
      const seconds = () => Math.round((Date.now() - started) / 1000);
      let status = "";
      let ticks = 0;
      const line = (mark: string) => `${mark} ${title}${status && `  ${status}`}  ${seconds()} s`;
      const timer = stream.isTTY
        ? setInterval(() => stream.write(`\r\x1b[2K${line(frames[ticks++ % frames.length] ?? "")}`), 100)
        : setInterval(() => stream.write(`${line(" ")}\n`), 10_000);
      if (!stream.isTTY) stream.write(`  ${title}\n`);
      const end = (mark: string) => {
        clearInterval(timer);
        stream.write(`${stream.isTTY ? "\r\x1b[2K" : ""}${line(mark)}\n`);
      };
      try {
        const result = await run((told) => {
          status = told;
        });
        status = "";
        end("✔");
        return result;
      } catch (error) {
        end("✖");
        throw error;
      }
    },
  };
}
