import { createHash } from 'node:crypto';

/** Remembers which JWTs were here (CH-166, CH-177). */
export interface ReplayMemory {
  /**
   * Uses the `jti` of a JWT of the client up: it is remembered from now until `expiresAt`. Of two uses at once, one alone is
   * the first; and none is after `expiresAt`, since the one before might be forgotten by then.
   *
   * @param client the name of the client; two clients may well use the same `jti`
   * @param expiresAt when the JWT will be refused for its age
   * @throws {Error} or rejects, if it cannot tell: the JWT is then refused
   */
  use(client: string, jti: string, expiresAt: Date): JtiUse | Promise<JtiUse>;
}

/** `full`: it could not be remembered, so that another use would not be noticed. */
export type JtiUse = 'first' | 'again' | 'full';

export interface ReplayMemoryOptions {
  readonly now?: () => Date;
  /** The most that is remembered for one client, so that none takes all the memory. Default is {@link MAX_PER_CLIENT}. */
  readonly maxPerClient?: number;
}

/** A replay memory that a single process has for itself and loses when it ends. */
export interface LocalReplayMemory extends ReplayMemory {
  use(client: string, jti: string, expiresAt: Date): JtiUse;
  /** The same by the {@link jtiDigest} of `client` and `jti`. */
  useDigest(client: string, digest: string, expiresAt: Date): JtiUse;
  /** How many are remembered. */
  readonly size: number;
}

/** The most requests of a kind that a client may be allowed in a minute: for more the memory would not do. */
export const MAX_RATE_PER_MINUTE = 3_000;

/**
 * Enough for the highest rate: calls, feedback and discovery are counted apart, and each JWT may live for an hour, is good for half
 * a minute more, and is forgotten within the minute after. Some 80 bytes each, however long the `jti`: at most 46 MB for a client.
 */
export const MAX_PER_CLIENT = 3 * 64 * MAX_RATE_PER_MINUTE;

const MINUTE_MS = 60_000;

/** Of one client. */
interface Remembered {
  readonly digests: Set<string>;
  /** The same, by the minute at whose beginning they are forgotten. */
  readonly byMinute: Map<number, string[]>;
}

/** Creates an empty one. Whatever expires in the same minute is forgotten together: nothing walks through all there is. */
export function createReplayMemory({
  now = () => new Date(),
  maxPerClient = MAX_PER_CLIENT,
}: ReplayMemoryOptions = {}): LocalReplayMemory {
  const clients = new Map<string, Remembered>();
  let forgottenUntil = 0;

  const forget = (at: number): void => {
    const minute = Math.floor(at / MINUTE_MS);
    if (minute <= forgottenUntil) return;
    forgottenUntil = minute;
    for (const [client, { digests, byMinute }] of clients) {
      for (const [until, expired] of byMinute) {
        if (until > minute) continue;
        for (const digest of expired) digests.delete(digest);
        byMinute.delete(until);
      }
      if (digests.size === 0) clients.delete(client);
    }
  };

  const memory: LocalReplayMemory = {
    use: (client, jti, expiresAt) => memory.useDigest(client, jtiDigest(client, jti), expiresAt),
    useDigest(client, digest, expiresAt) {
      const at = now().getTime();
      forget(at);

      const remembered: Remembered = clients.get(client) ?? { digests: new Set(), byMinute: new Map() };
      const { digests, byMinute } = remembered;
      // A date that is none is no later than anything.
      if (!(expiresAt.getTime() > at) || digests.has(digest)) return 'again';
      if (digests.size >= maxPerClient) return 'full';

      const minute = Math.ceil(expiresAt.getTime() / MINUTE_MS);
      const sameMinute = byMinute.get(minute) ?? [];
      sameMinute.push(digest);
      digests.add(digest);
      byMinute.set(minute, sameMinute);
      clients.set(client, remembered);
      return 'first';
    },
    get size() {
      let size = 0;
      for (const { digests } of clients.values()) size += digests.size;
      return size;
    },
  };
  return memory;
}

/** 16 bytes of the SHA-256, a character each: however long a `jti` is, it costs the same, and no two will have the same. */
export function jtiDigest(client: string, jti: string): string {
  // As JSON, so that no part of the one can stand for a part of the other.
  return createHash('sha256')
    .update(JSON.stringify([client, jti]))
    .digest()
    .toString('latin1', 0, 16);
}
