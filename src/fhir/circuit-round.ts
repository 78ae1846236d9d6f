import type { FhirAnswer } from './fhir-answer.ts';
import type { ServerMemory } from './server-memory.ts';

/**
 * Questions that are put to a server at the same time, as one to its circuit breaker: seventeen that time out together are one
 * sign that the server is down, not seventeen.
 */
export interface CircuitRound {
  /**
   * Runs it, unless the breaker lets no round through: then `circuit-open`. `isOurs`: the question is one of our own, so that silence
   * tells of the server; an address that a caller may have named (a next link) may be one that nobody answers.
   */
  run(ask: () => Promise<FhirAnswer>, isOurs: boolean): Promise<FhirAnswer | 'circuit-open'>;
  /** To be called when all are settled; resolves when the server's memory knows what they came to. */
  end(): Promise<void>;
}

/** A question that is given up sooner, by the client or at the end of our own time, has given the server no chance. */
const PATIENCE_MS = 500;

/** Opens a round with the server of this memory. It holds the server's circuit breaker until its end. */
export function openCircuitRound(memory: ServerMemory): CircuitRound {
  const judged = Promise.withResolvers<boolean | 'unknown'>();
  let admission: Admission | undefined;
  let isAlive = false;
  let isSilent = false;

  return {
    async run(ask, isOurs) {
      // Begun by the first question: a round in which nothing is asked says nothing about the server.
      admission ??= admit(memory, judged.promise);
      if (!(await admission.isGranted)) return 'circuit-open';
      const asked = performance.now();
      const answer = await ask();
      const says = whatItSays(answer);
      isAlive ||= says === 'alive';
      isSilent ||= isOurs && (says === 'gone' || (says === 'silent' && performance.now() - asked >= PATIENCE_MS));
      return answer;
    },
    end() {
      // One type that fails is the type's matter.
      judged.resolve(isAlive ? false : isSilent ? true : 'unknown');
      return admission?.isOver ?? Promise.resolve();
    },
  };
}

interface Admission {
  readonly isGranted: Promise<boolean>;
  readonly isOver: Promise<void>;
}

/** For the breaker the round is under way until it has been judged. */
function admit(memory: ServerMemory, judged: Promise<boolean | 'unknown'>): Admission {
  const granted = Promise.withResolvers<boolean>();
  const ask = () => {
    granted.resolve(true);
    return judged;
  };
  const isOver = memory.round(ask, (isDown) => isDown).then((result) => granted.resolve(result !== 'circuit-open'));
  return { isGranted: granted.promise, isOver };
}

/** A refusal is an answer too, and so is a failure over one chart; an address that may not be asked says nothing of what is there. */
function whatItSays(answer: FhirAnswer): 'alive' | 'silent' | 'gone' | 'nothing' {
  if (answer.kind === 'answered') return 'alive';
  switch (answer.reason) {
    case 'unreachable':
      return 'gone';
    case 'timed-out':
      return 'silent';
    case 'blocked':
      return 'nothing';
    case 'failed':
    case 'invalid':
    case 'refused':
    case 'not-offered':
    case 'throttled':
    case 'malformed':
    case 'too-long':
      return 'alive';
    default:
      return answer.reason satisfies never;
  }
}
