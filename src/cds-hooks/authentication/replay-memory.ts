/** Remembers which JWTs were here (CH-166, CH-177). */
export interface ReplayMemory {
  /**
   * Is this the first use of the `jti` by the client? It is from now until `expiresAt` remembered. Of two calls at once with
   * the same `jti`, one alone is told so; and none is after `expiresAt`, since it might be forgotten by then.
   *
   * @param client the name of the client; two clients may well use the same `jti`
   * @param expiresAt when the JWT will be refused for its age
   * @throws {Error} or rejects, if it cannot tell: the JWT is then refused
   */
  firstUse(client: string, jti: string, expiresAt: Date): boolean | Promise<boolean>;
}

export interface ReplayMemoryOptions {
  readonly now?: () => Date;
  /**
   * The most that is remembered for one client: what is over it is refused, so that no client takes all the memory.
   * Default is 200,000, which is 55 a second of JWTs that live for an hour.
   */
  readonly maxPerClient?: number;
}

/** A replay memory that a single process has for itself and loses when it ends. */
export interface LocalReplayMemory extends ReplayMemory {
  firstUse(client: string, jti: string, expiresAt: Date): boolean;
  /** How many are remembered. */
  readonly size: number;
}

const SWEEP_MS = 60_000;

/** Creates an empty one. Once a minute it forgets what has expired. */
export function createReplayMemory({
  now = () => new Date(),
  maxPerClient = 200_000,
}: ReplayMemoryOptions = {}): LocalReplayMemory {
  // By client, then by `jti`: no text has to be put together from the two, in which one could stand for the other.
  const clients = new Map<string, Map<string, number>>();
  let sweptAt = now().getTime();

  const sweep = (at: number): void => {
    for (const [client, used] of clients) {
      for (const [jti, expiresAt] of used) if (expiresAt <= at) used.delete(jti);
      if (used.size === 0) clients.delete(client);
    }
    sweptAt = at;
  };

  return {
    firstUse(client, jti, expiresAt) {
      const at = now().getTime();
      if (at >= sweptAt + SWEEP_MS) sweep(at);

      const until = expiresAt.getTime();
      const used = clients.get(client) ?? new Map<string, number>();
      // A date that is none is no later than anything.
      if (!(until > at) || used.has(jti) || used.size >= maxPerClient) return false;
      clients.set(client, used.set(jti, until));
      return true;
    },
    get size() {
      let size = 0;
      for (const used of clients.values()) size += used.size;
      return size;
    },
  };
}
