import { type ReadAccess, readAccess } from '../cds-hooks/smart-scopes.ts';
import type { ResourceKey } from '../chart/reading.ts';
import { openCircuitRound } from './circuit-round.ts';
import type { FhirAnswer, FhirFailure } from './fhir-answer.ts';
import type { FhirRequest, FhirServerPort } from './fhir-server.ts';
import { urlUnderBase } from './server-base.ts';
import type { LastingFailure, ServerMemory } from './server-memory.ts';
import type { FhirTraffic, SparedQuestion } from './traffic.ts';

/** One question to a server. `page`: the page after one that was read, which a caller may have named. */
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
}

/** What passed between one call and its server. `ms`: for how long the call waited for it. */
export interface CallTraffic {
  readonly requests: number;
  readonly spared: number;
  readonly ms: number;
}

/** A part of the chart, as a server knows it. */
export interface Part {
  readonly key: ResourceKey;
  readonly resourceType: string;
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
  /** What this part of the chart is known to bring, so that it need not be asked for. */
  knownFailure(part: Part): FhirAnswer | undefined;
  /** The server does not have this part, or takes it in no way. Believed once it has shown that it knows the patient. */
  rememberFailure(part: Part, reason: LastingFailure): void;
  /** It has a resource of this patient. */
  patientIsKnown(): void;
  /** Something was not asked, for this reason. */
  spare(resourceType: string, because: SparedQuestion['because']): void;
  round(signal: AbortSignal): Round;
  readonly memory: ServerMemory;
  readonly traffic: () => CallTraffic;
}

const SPARED_AS = {
  'not-granted': 'refused',
  'not-offered': 'not-offered',
  invalid: 'invalid',
  paused: 'throttled',
  'circuit-open': 'failed',
  'off-server': 'blocked',
} as const satisfies Record<SparedQuestion['because'], FhirFailure>;

/** Without them no call can be answered: they are asked for each time. */
const INDISPENSABLE: ReadonlySet<ResourceKey> = new Set(['patient', 'conditions']);

/** Opens the session: asks what is worth asking, and learns from the answers how the server is best asked next time. */
export function openServerSession(options: SessionOptions): ServerSession {
  const { base, accessToken, reach, port, memory, traffic, label, scope } = options;
  const accesses = new Map<string, ReadAccess>();
  const failures = new Map<ResourceKey, LastingFailure>();
  let knowsPatient = false;
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

  function spare(resourceType: string, because: SparedQuestion['because']): FhirAnswer {
    spared += 1;
    traffic.spared({ server: label, resourceType, because });
    return { kind: 'failed', reason: SPARED_AS[because] };
  }

  async function exchange(question: Question, signal: AbortSignal): Promise<FhirAnswer> {
    const { url, resourceType } = question;
    requests += 1;
    const started = performance.now();
    const answer = await port.get({ base, url, accessToken, reach, signal });
    const outcome = answer.kind === 'answered' ? 'answered' : answer.reason;
    traffic.exchanged({ server: label, resourceType, outcome, ms: performance.now() - started });
    if (answer.kind === 'failed' && answer.retryAfterMs !== undefined) memory.pause(answer.retryAfterMs);
    return answer;
  }

  // A 404 may as well mean that there is no such patient: only who knows the patient has said it of the part.
  function believe(): void {
    knowsPatient = true;
    for (const [part, reason] of failures) memory.rememberFailure(part, reason);
    failures.clear();
  }

  return {
    base,
    resolve: (reference) => urlUnderBase(reference, base),
    access,
    memory,
    knownFailure({ key, resourceType }) {
      const reason = memory.knownFailure(key);
      return reason && spare(resourceType, reason);
    },
    rememberFailure({ key }, reason) {
      if (INDISPENSABLE.has(key)) return;
      failures.set(key, reason);
      if (knowsPatient) believe();
    },
    patientIsKnown: believe,
    spare,
    traffic: () => ({ requests, spared, ms: clock.ms() }),
    round(signal) {
      const round = openCircuitRound(memory);
      return {
        async ask(question) {
          const { resourceType } = question;
          if (access(question) === 'not-granted') return spare(resourceType, 'not-granted');
          if (memory.isPaused()) return spare(resourceType, 'paused');
          if (signal.aborted) return { kind: 'failed', reason: 'timed-out' };

          const stop = clock.start();
          const answer = await round.run(() => exchange(question, signal), question.kind !== 'page');
          stop();
          return answer === 'circuit-open' ? spare(resourceType, answer) : answer;
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
