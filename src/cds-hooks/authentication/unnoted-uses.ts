import type { SharedUses } from './shared-uses.ts';

export interface UnnotedUsesOptions {
  readonly shared: SharedUses;
  readonly now: () => Date;
  /** Milliseconds from one attempt that failed to the next. */
  readonly retryMs: number;
  /** The most that are kept; the oldest go first. */
  readonly max: number;
}

export interface UnnotedUses {
  /** Keeps one to be noted later. */
  add(digest: string, expiresAt: Date): void;
  readonly size: number;
}

/** So many at a time are noted when the store is back: those who come meanwhile must not wait behind all of them. */
const AT_A_TIME = 200;

/** Uses of JWTs that the shared memory could not be told of, and is told of when it can be. */
export function createUnnotedUses({ shared, now, retryMs, max }: UnnotedUsesOptions): UnnotedUses {
  /** The oldest first. */
  const kept = new Map<string, Date>();
  let isWaiting = false;

  /** Does it note this one now? */
  const note = async (digest: string, expiresAt: Date): Promise<boolean> => {
    // Nobody is let in by it any more.
    if (expiresAt <= now()) return true;
    try {
      // Whatever it says comes too late: whoever sent the JWT has been answered, and an answer cannot be taken back.
      await shared.use(digest, expiresAt);
      return true;
    } catch {
      return false;
    }
  };

  const noteSome = async (): Promise<void> => {
    const some = first(AT_A_TIME, kept);
    const noted = await Promise.all(
      some.map(async ([digest, expiresAt]) => {
        const isNoted = await note(digest, expiresAt);
        if (isNoted) kept.delete(digest);
        return isNoted;
      }),
    );
    isWaiting = false;
    later(noted.every(Boolean) ? 0 : retryMs);
  };

  const later = (ms: number): void => {
    if (isWaiting || kept.size === 0) return;
    isWaiting = true;
    // What is lost when the process ends is what a process without a shared memory always loses then.
    setTimeout(() => void noteSome(), ms).unref();
  };

  return {
    add(digest, expiresAt) {
      kept.set(digest, expiresAt);
      const [oldest] = kept.keys();
      if (kept.size > max && oldest !== undefined) kept.delete(oldest);
      later(retryMs);
    },
    get size() {
      return kept.size;
    },
  };
}

/** As a list of all would be made for a few, and there may be many. */
function first<Item>(count: number, items: Iterable<Item>): readonly Item[] {
  const some: Item[] = [];
  for (const item of items) {
    some.push(item);
    if (some.length === count) break;
  }
  return some;
}
