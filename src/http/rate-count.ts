/** Requests in the window that is open. */
export interface RateCount {
  /** With this one. */
  readonly hits: number;
  /** When the window ends, in milliseconds since 1970. */
  readonly resetsAt: number;
}

/**
 * Counts for this process alone, each client in windows that begin with its first request. What is counted of many that come in
 * one turn of the event loop are their numbers, one by one: the memory of `express-rate-limit` itself tells all of them the last.
 *
 * @returns counts one request; `now` in milliseconds since 1970
 */
export function countAlone(): (client: string, windowMs: number, now: number) => RateCount {
  // As many as there are clients on record.
  const windows = new Map<string, RateCount>();
  return (client, windowMs, now) => {
    const open = windows.get(client);
    const counted =
      open === undefined || open.resetsAt <= now
        ? { hits: 1, resetsAt: now + windowMs }
        : { ...open, hits: open.hits + 1 };
    windows.set(client, counted);
    return counted;
  };
}
