import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleWhenResult, isBrokenCircuitError } from 'cockatiel';
import { LRUCache } from 'lru-cache';
import { serverKey } from './server-base.ts';
import type { LastingFailure, ServerMemories, ServerMemory } from './server-memory.ts';

export interface MemoryOptions {
  /** Milliseconds since some moment, never set back. Default is the process' own. */
  readonly now?: () => number;
}

/** Whether a server is asked: `closed`, it is; `open`, it is not; `half-open`, one round of questions finds out. */
export interface Circuit {
  /** The FHIR base URL, without a slash at its end. */
  readonly server: string;
  readonly state: 'closed' | 'open' | 'half-open';
}

/** The memories of one process, which loses them when it ends. */
export interface LocalServerMemories extends ServerMemories {
  /** The circuit breakers of all servers that are remembered, one for each client. */
  readonly circuits: () => readonly Circuit[];
}

/** In open mode it is the callers who name servers. */
const MAX_SERVERS = 200;
/** Of one server, and more than there are questions. */
const MAX_ENTRIES = 100;
const WAY_MS = 3_600_000;
const FAILURE_MS = 600_000;
const LONGEST_PAUSE_MS = 60_000;
const ROUNDS_UNTIL_OPEN = 5;
const OPEN_MS = 10_000;

const STATES: Readonly<Record<CircuitState, Circuit['state']>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
};

/** Creates empty ones. Of the servers beyond two hundred, the one that was not asked for longest is forgotten. */
export function rememberServers({ now = () => performance.now() }: MemoryOptions = {}): LocalServerMemories {
  const servers = new LRUCache<string, RememberedServer>({
    max: MAX_SERVERS,
    // A base URL has no space, and a client's name may have any.
    memoMethod: (key) => rememberServer(key.slice(0, key.indexOf(' ')), now),
  });
  return {
    of: (base, client) => servers.memo(`${serverKey(base) ?? base} ${client ?? ''}`),
    circuits: () => [...servers.values()].map(({ server, state }) => ({ server, state: state() })),
  };
}

type RememberedServer = ServerMemory & Pick<Breaker, 'state'> & { readonly server: string };

function rememberServer(server: string, now: () => number): RememberedServer {
  // What is remembered for longer than it may be matters more than the cost of reading the clock.
  const clock = { perf: { now }, ttlResolution: 0, max: MAX_ENTRIES };
  const ways = new LRUCache<string, number>({ ...clock, ttl: WAY_MS });
  const failures = new LRUCache<string, LastingFailure>({ ...clock, ttl: FAILURE_MS });
  let pausedUntil = Number.NEGATIVE_INFINITY;

  return {
    server,
    firstWay: (question) => ways.get(question) ?? 0,
    preferWay(question, way) {
      // Told again by calls that overlapped: the hour is that of the first, so that busy servers are tried anew as well.
      if (ways.get(question) !== way) ways.set(question, way);
    },
    knownFailure: (question) => failures.get(question),
    rememberFailure(question, reason) {
      if (!failures.has(question)) failures.set(question, reason);
    },
    isPaused: () => now() < pausedUntil,
    pause(ms) {
      if (ms > 0) pausedUntil = Math.max(pausedUntil, now() + Math.min(ms, LONGEST_PAUSE_MS));
    },
    ...createBreaker(now),
  };
}

interface Breaker extends Pick<ServerMemory, 'round'> {
  readonly state: () => Circuit['state'];
}

/** A round that says nothing of the server. cockatiel counts what is returned, and leaves what is thrown alone. */
class Undecided extends Error {}

function createBreaker(now: () => number): Breaker {
  let retryAt = 0;
  // cockatiel compares this with what has passed by the wall clock. That can be set back, and the server would not be asked for
  // as long; so the time is taken here, and cockatiel told that it is over, or is not.
  const untilRetry = {
    get duration() {
      return now() < retryAt ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
    },
    next: () => untilRetry,
  };
  const policy = circuitBreaker(
    handleWhenResult((isDown) => isDown !== false),
    { breaker: new ConsecutiveBreaker(ROUNDS_UNTIL_OPEN), halfOpenAfter: untilRetry },
  );
  policy.onBreak(() => {
    retryAt = now() + OPEN_MS;
  });

  return {
    state: () => STATES[policy.state],
    async round<Result>(ask: () => Promise<Result>, isDown: (result: Result) => boolean | 'unknown') {
      // cockatiel would have it wait for the round that finds out, for as long as a server that hangs may take.
      if (policy.state === CircuitState.HalfOpen) return 'circuit-open';
      const isProbe = policy.state === CircuitState.Open;
      const answer = Promise.withResolvers<Result | 'circuit-open'>();
      const judge = async () => {
        const asked = ask();
        answer.resolve(asked);
        const down = await asked.then(isDown, () => 'unknown' as const);
        if (down === 'unknown' && !isProbe) throw new Undecided();
        return down;
      };
      // What was asked has its answer already; what was refused gets it here.
      const down = await policy.execute(judge).catch((error: unknown) => {
        if (isBrokenCircuitError(error)) answer.resolve('circuit-open');
        else answer.reject(error);
      });
      // The round that was to find out did not: the next one is to.
      if (down === 'unknown') retryAt = now();
      return answer.promise;
    },
  };
}
