import { createPatience, type Patience } from '../patience.ts';
import { createReplayMemory, jtiDigest, type LocalReplayMemory, type ReplayMemory } from './replay-memory.ts';
import type { SharedUses } from './shared-uses.ts';
import { createUnnotedUses } from './unnoted-uses.ts';

export interface SharedReplayMemoryOptions {
  readonly shared: SharedUses;
  readonly now?: () => Date;
  /** What this process has seen itself. Default is one that is empty. */
  readonly local?: LocalReplayMemory;
  /** How long a JWT waits for the shared memory, before the process judges alone. Default is {@link WAIT_MS} of its own. */
  readonly patience?: Patience;
  /** Milliseconds until the shared memory is told again what it could not be told. Default is {@link RETRY_MS}. */
  readonly retryMs?: number;
  /** The most uses that are kept until then. Default is {@link MAX_UNNOTED}. */
  readonly maxUnnoted?: number;
  /** A JWT was let in by what this process alone knows. */
  readonly onFallback?: () => void;
}

export interface SharedReplayMemory extends ReplayMemory {
  /** How many uses the shared memory has still to be told of. */
  readonly unnoted: number;
}

/** A clinician waits for the call behind it. */
const WAIT_MS = 150;
const RETRY_MS = 1000;
/** A quarter of an hour at the highest rate of a client; some 10 MB. */
const MAX_UNNOTED = 50_000;

/**
 * A replay memory that many processes have in common (CH-166, CH-177). What this process has seen is refused at once; of the
 * rest the shared memory decides. While that fails or is late, the process decides by what it has seen itself, since no card
 * may wait for it: a JWT is then good once at each process, until what was used meanwhile is noted for all.
 */
export function createSharedReplayMemory({
  shared,
  now = () => new Date(),
  local = createReplayMemory({ now }),
  patience = createPatience(WAIT_MS),
  retryMs = RETRY_MS,
  maxUnnoted = MAX_UNNOTED,
  onFallback = () => {},
}: SharedReplayMemoryOptions): SharedReplayMemory {
  const unnoted = createUnnotedUses({ shared, now, retryMs, max: maxUnnoted });

  return {
    async use(client, jti, expiresAt) {
      const digest = jtiDigest(client, jti);
      const here = local.useDigest(client, digest, expiresAt);
      if (here !== 'first') return here;

      const name = Buffer.from(digest, 'latin1').toString('base64url');
      const use = shared.use(name, expiresAt);
      // Late or not: what failed is not noted.
      use.catch(() => unnoted.add(name, expiresAt));
      const everywhere = await patience(use);
      if (everywhere === undefined) onFallback();
      return everywhere ?? here;
    },
    get unnoted() {
      return unnoted.size;
    },
  };
}
