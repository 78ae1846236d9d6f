import { type ReadAccess, readAccess } from '../cds-hooks/smart-scopes.ts';
import { openCircuitRound } from './circuit-round.ts';
import type { FhirAnswer, FhirRequest, FhirServerPort } from './fhir-server.ts';
import { urlUnderBase } from './server-base.ts';
import type { ServerMemory } from './server-memory.ts';
import type { FhirTraffic, SparedQuestion } from './traffic.ts';

/** One question to a server. `page`: a next link, of which a 404 says nothing about the resource type. */
export interface Question {
  readonly kind: 'search' | 'page' | 'read';
  readonly url: string;
  readonly resourceType: string;
}

/** What a hook call knows of its FHIR server, and with what it may be asked. */
export interface SessionOptions extends Pick<FhirRequest, 'base' | 'accessToken' | 'reach'> {
  readonly port: FhirServerPort;
  readonly memory: ServerMemory;
  readonly traffic: FhirTraffic;
  /** What the server is called in figures. */
  readonly label: string;
  /** What the token is said to be good for (CH-78). */
  readonly scope: string | undefined;
  /** Aborted when nobody waits for the answers any more. */
  readonly gone: AbortSignal;
}

/** What passed between one call and its server. `ms`: for how long the call waited for it. */
export interface CallTraffic {
  readonly requests: number;
  readonly spared: number;
  readonly ms: number;
}

/** Questions that are put at the same time. */
export interface Round {
  /** Never rejects. What is known to bring nothing is not asked. */
  ask(question: Question): Promise<FhirAnswer>;
  /** To be called when all are settled: the server is judged by what they came to, and that is remembered when this resolves. */
  end(): Promise<void>;
}

/** One hook call with one server that may be asked. */
export interface ServerSession {
  readonly base: string;
  /** The URL that may be asked for this path, link or reference; `undefined` if it leads away from the server. */
  readonly resolve: (reference: string) => string | undefined;
  access(question: Pick<Question, 'kind' | 'resourceType'>): ReadAccess;
  round(signal: AbortSignal): Round;
  readonly memory: ServerMemory;
  readonly traffic: () => CallTraffic;
}

const SPARED_AS = {
  'not-granted': 'refused',
  'not-offered': 'not-offered',
  paused: 'throttled',
  'circuit-open': 'failed',
} as const satisfies Record<SparedQuestion['because'], string>;

/** Opens the session: asks what is worth asking, and learns from the answers how the server is best asked next time. */
export function openServerSession(options: SessionOptions): ServerSession {
  const { base, accessToken, reach, port, memory, traffic, label, scope, gone } = options;
  const accesses = new Map<string, ReadAccess>();
  const withoutType = new Set<string>();
  let hasAnswered = false;
  let requests = 0;
  let spared = 0;
  const clock = sharedClock();

  function access({ kind, resourceType }: Pick<Question, 'kind' | 'resourceType'>): ReadAccess {
    const needed = kind === 'read' ? 'read' : 'search';
    const key = `${needed} ${resourceType}`;
    const known = accesses.get(key) ?? readAccess(scope, resourceType, needed);
    accesses.set(key, known);
    return known;
  }

  function spare({ resourceType }: Question, because: SparedQuestion['because']): FhirAnswer {
    spared += 1;
    traffic.spared({ server: label, resourceType, because });
    return { kind: 'failed', reason: SPARED_AS[because] };
  }

  function reasonToSpare(question: Question): SparedQuestion['because'] | undefined {
    if (access(question) === 'not-granted') return 'not-granted';
    if (question.kind === 'search' && !memory.offers(question.resourceType)) return 'not-offered';
    return memory.isPaused() ? 'paused' : undefined;
  }

  async function exchange(question: Question, signal: AbortSignal): Promise<FhirAnswer> {
    const { url, resourceType } = question;
    requests += 1;
    const started = performance.now();
    const answer = await port.get({ base, url, accessToken, reach, signal });
    const outcome = answer.kind === 'answered' ? 'answered' : answer.reason;
    traffic.exchanged({ server: label, resourceType, outcome, ms: performance.now() - started });
    learn(question, answer);
    return answer;
  }

  function learn({ kind, resourceType }: Question, answer: FhirAnswer): void {
    if (answer.kind === 'failed' && answer.retryAfterMs !== undefined) memory.pause(answer.retryAfterMs);
    if (kind !== 'search') return;
    if (answer.kind === 'answered') hasAnswered = true;
    else if (answer.reason === 'not-offered') withoutType.add(resourceType);
    // A 404 may as well mean that there is no such patient: only who answers something about them has said it of the type.
    if (!hasAnswered) return;
    for (const type of withoutType) memory.doesNotOffer(type);
    withoutType.clear();
  }

  return {
    base,
    resolve: (reference) => urlUnderBase(reference, base),
    access,
    memory,
    traffic: () => ({ requests, spared, ms: clock.ms() }),
    round(signal) {
      const round = openCircuitRound(memory, gone);
      return {
        async ask(question) {
          const because = reasonToSpare(question);
          if (because !== undefined) return spare(question, because);
          if (signal.aborted) return { kind: 'failed', reason: 'timed-out' };

          const stop = clock.start();
          const answer = await round.run(() => exchange(question, signal));
          stop();
          return answer === 'circuit-open' ? spare(question, answer) : answer;
        },
        end: () => round.end(),
      };
    },
  };
}

/** Milliseconds during which at least one of several overlapping things was under way. */
function sharedClock(): { readonly start: () => () => void; readonly ms: () => number } {
  let running = 0;
  let since = 0;
  let total = 0;
  return {
    start() {
      if (running === 0) since = performance.now();
      running += 1;
      return () => {
        running -= 1;
        if (running === 0) total += performance.now() - since;
      };
    },
    ms: () => total,
  };
}
