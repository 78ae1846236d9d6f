const WIDTH = 24;
const EVERY_MS = 200;

/** Shows on a terminal how far a run is; says nothing anywhere else. */
export type ProgressBar = { show(done: number, note: string): void; clear(): void };

/** A bar on standard error, so that the report can be piped. */
export function progressBar(total: number, stream: NodeJS.WriteStream = process.stderr): ProgressBar {
  let shownAt = 0;
  return {
    show(done, note) {
      const now = performance.now();
      if (!stream.isTTY || now - shownAt < EVERY_MS) return;
      shownAt = now;
      const part = Math.min(1, done / total);
      const full = Math.round(part * WIDTH);
      stream.write(`\r[${'#'.repeat(full)}${'-'.repeat(WIDTH - full)}] ${Math.floor(part * 100)} % ${note}\u001b[K`);
    },
    clear() {
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}
