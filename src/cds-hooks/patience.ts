/** Waits for something, and not too long. Never rejects: undefined, if it rejects or is late. */
export type Patience = <Result>(work: Promise<Result>) => Promise<Result | undefined>;

/**
 * For something that is asked again and again and may stall, and whose answer one can do without. Each waits so many milliseconds
 * for its own; while one is overdue, nobody else waits at all. Whoever asks the same one several things in turn waits but once
 * if all go by the same patience.
 */
export function createPatience(ms: number): Patience {
  let overdue = 0;
  return async (work) => {
    let isSettled = false;
    const settle = <Result>(result?: Result) => {
      isSettled = true;
      return result;
    };
    const settled = work.then(settle, () => settle<never>());
    if (overdue > 0) return undefined;

    const result = await within(settled, ms);
    if (!isSettled) {
      overdue += 1;
      void settled.finally(() => {
        overdue -= 1;
      });
    }
    return result;
  };
}

/** Of what does not reject: undefined if it is late. */
async function within<Result>(work: Promise<Result>, ms: number): Promise<Result | undefined> {
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      // When it was this process that was busy, the answer may be here and only not read yet: reading comes before `setImmediate`.
      setImmediate(() => resolve(undefined));
    }, ms);
    void work.finally(() => clearTimeout(late)).then(resolve);
  });
}
