import type { EventEmitter } from 'node:events';

/** Somebody may want a run to end early. */
export type Interrupts = {
  /** Aborted at the first interrupt. */
  readonly signal: AbortSignal;
  /** The exit status of a process that was interrupted; undefined as long as it was not. */
  status(): number | undefined;
  /** Listens no more. */
  release(): void;
};

/** 128 and the number of the signal, as shells have it. */
const STATUS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** npm passes on what the terminal has already sent: two signals within this time are one. */
const SAME_MS = 1000;

/** Watches for interrupts; `onSecond` is told when somebody insists, with the exit status. */
export function watchInterrupts(
  process: EventEmitter,
  onSecond: (status: number) => void,
  now: () => number = () => performance.now(),
): Interrupts {
  const ending = new AbortController();
  let first: { readonly status: number; readonly at: number } | undefined;
  const listeners = Object.entries(STATUS).map(([name, status]) => {
    const listener = () => {
      if (first === undefined) {
        first = { status, at: now() };
        ending.abort();
      } else if (now() - first.at >= SAME_MS) onSecond(status);
    };
    process.on(name, listener);
    return [name, listener] as const;
  });
  return {
    signal: ending.signal,
    status: () => first?.status,
    release: () => {
      for (const [name, listener] of listeners) process.off(name, listener);
    },
  };
}
