import { progress } from '@clack/prompts';

/** Shows on a terminal how far a run is; says nothing anywhere else. */
export type ProgressBar = {
  /** What is being done now, and in how many steps. */
  start(what: string, steps: number): void;
  step(note: string): void;
  stop(): void;
};

const SILENT: ProgressBar = { start() {}, step() {}, stop() {} };

/**
 * A bar on standard error, so that the report can be piped. It ends at the first interrupt with `interrupted`, which says what the
 * run does then.
 */
export function progressBar(
  isWanted: boolean,
  interrupted: string,
  stream: NodeJS.WriteStream = process.stderr,
): ProgressBar {
  if (!isWanted || !stream.isTTY) return SILENT;
  let current: { readonly bar: ReturnType<typeof progress>; readonly what: string } | undefined;
  const stop = () => {
    current?.bar.stop(current.what);
    current = undefined;
  };
  return {
    start(what, steps) {
      stop();
      const bar = progress({ max: Math.max(1, steps), style: 'block', output: stream, cancelMessage: interrupted });
      bar.start(what);
      // The bar takes the keyboard over and ends the process on Ctrl-C, with what was created left on the server.
      // In its ordinary mode the terminal sends a signal instead, which ends the run cleanly.
      if (process.stdin.isTTY) process.stdin.setRawMode(false);
      current = { bar, what };
    },
    step: (note) => current?.bar.advance(1, note),
    stop,
  };
}
