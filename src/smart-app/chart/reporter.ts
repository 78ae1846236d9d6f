/** Milliseconds. Answers come in swarms: what comes within this is told at once, and looks immediate. */
const SWARM_MS = 80;

/** Tells of changes, of several that come close together once. */
export interface Reporter {
  now(): void;
  soon(): void;
}

// A timer and no animation frame: a tab in the background gets no frames, and should be ready when it is looked at.
export function reporter(report: () => void): Reporter {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const now = (): void => {
    stop();
    report();
  };
  return {
    now,
    soon: () => {
      timer ??= setTimeout(now, SWARM_MS);
    },
  };
}
