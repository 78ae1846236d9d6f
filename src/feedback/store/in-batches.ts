/** One of those that are sent together. */
export interface Asked<Item, Answer> {
  readonly item: Item;
  /** To be called once. */
  readonly answer: (answer: Answer) => void;
}

/**
 * For what comes one by one and costs a statement each time: whatever comes in one turn of the event loop is sent together, and
 * while that is under way, the next is gathered. Alone, an item waits for the end of its turn and no longer.
 *
 * @param send answers every item; if it rejects, all of that batch reject alike, and the next is tried all the same
 * @param maxItems the most that are sent together
 */
export function inBatches<Item, Answer>(
  send: (batch: readonly Asked<Item, Answer>[]) => Promise<void>,
  maxItems: number,
): (item: Item) => Promise<Answer> {
  const waiting: (Asked<Item, Answer> & { readonly reject: (error: unknown) => void })[] = [];
  let isBusy = false;

  const sendNext = async (): Promise<void> => {
    const batch = waiting.splice(0, maxItems);
    try {
      await send(batch);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    isBusy = waiting.length > 0;
    if (isBusy) setImmediate(() => void sendNext());
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, answer: resolve, reject });
      if (isBusy) return;
      isBusy = true;
      setImmediate(() => void sendNext());
    });
}
