import type { ShownCard } from './call-service.ts';
import type { CleanUp } from './clean-up.ts';
import { type CardMark, memberDifferences, sameCards } from './compare.ts';
import type { PlayedCall, Way } from './play-calls.ts';
import type { LoggedCall } from './service-process.ts';

/** One call and what is to be said of it. */
export type ReportedCall = {
  readonly patient: string;
  readonly hook: string;
  readonly draft?: string;
  readonly way: Way;
  /** The expected cards, and by call-back the same in every member as by prefetch, with the same unread. */
  readonly asExpected: boolean;
  /** From the fixtures; for a patient of the server, what the other way brought. */
  readonly expected?: readonly CardMark[];
  readonly cards?: readonly ShownCard[];
  /** Why there are no cards at all. */
  readonly problem?: string;
  /** From the call's first byte to the answer's last. */
  readonly ms: number;
  /** Requests that the service made to the FHIR server; absent if its log does not say. */
  readonly fhirRequests?: number;
  /** Prefetch keys of which something was missing. */
  readonly unread: readonly string[];
  /** In what a call-back answer is not the same as that by prefetch; absent if in nothing. */
  readonly notAsByPrefetch?: readonly string[];
};

/** What is to be said of a patient rather than of a call. */
export type PatientNote = {
  readonly patient: string;
  /**
   * `not-loaded`: the server did not take them. `not-found`: what should be on the server is not found there. `not-filled`: a query
   * of the prefetch was not answered, as on servers that do not have the type; the cards say so, and may be right. `others`: a search
   * for this patient brought records of other patients, which the service leaves out.
   */
  readonly kind: 'not-loaded' | 'not-found' | 'not-filled' | 'others';
  readonly note: string;
};

/** What is on the server afterwards. */
export type ReportedCleanUp =
  | { readonly kind: 'nothing-written' }
  /** It was tried, and nothing is there. */
  | { readonly kind: 'nothing-created'; readonly tag: string }
  | { readonly kind: 'deleted'; readonly tag: string; readonly resources: number }
  | {
      readonly kind: 'kept';
      readonly tag: string;
      readonly patients: Readonly<Record<string, string>>;
      readonly resources: number;
    }
  | ({ readonly kind: 'left-over'; readonly tag: string } & CleanUp)
  /** The run ended before it could see to it. `known`: `Type/id` of what it knows to have created. */
  | { readonly kind: 'unsettled'; readonly tag: string; readonly known: readonly string[] };

/** Everything that is said of a run; `--json` prints it as it is. */
export type Report = {
  readonly fhirServer: string;
  readonly fhirVersion: string;
  readonly software?: string;
  /** `loaded`: synthetic patients with expected cards. `read-only`: patients of the server. */
  readonly mode: 'loaded' | 'read-only';
  /** Why synthetic patients were to be created and were not, in words. */
  readonly refusal?: string;
  readonly calls: readonly ReportedCall[];
  readonly notes: readonly PatientNote[];
  readonly summary: Summary;
  readonly cleanUp: ReportedCleanUp;
};

export type Summary = {
  readonly patients: number;
  readonly calls: number;
  readonly asExpected: number;
  readonly byWay: Readonly<Record<Way, WaySummary>>;
};

export type WaySummary = {
  readonly calls: number;
  readonly medianMs: number;
  readonly maxMs: number;
  /** Over the calls of which the log says it. */
  readonly maxFhirRequests: number;
};

/** Each call with what the service's log says of it, and whether its cards are the ones that were to come. */
export function reportCalls(
  played: readonly PlayedCall[],
  logged: ReadonlyMap<string, LoggedCall>,
): readonly ReportedCall[] {
  return played.map((call, at) => {
    const { patient, hook, draft, way, hookInstance, answer } = call;
    // Both ways of a call stand side by side, prefetch first.
    const other = played[way === 'prefetch' ? at + 1 : at - 1];
    const otherCards = other?.answer.kind === 'cards' ? other.answer.cards.map(markOf) : undefined;
    const expected = call.expected ?? otherCards;
    const log = logged.get(hookInstance);
    const different = way === 'call-back' && other !== undefined ? differencesBetween(other, call, logged) : [];
    const isExpected = answer.kind === 'cards' && expected !== undefined && sameCards(answer.cards, expected);
    return {
      patient,
      hook,
      ...(draft === undefined ? {} : { draft }),
      way,
      asExpected: isExpected && different.length === 0,
      ...(expected === undefined ? {} : { expected }),
      ...(answer.kind === 'cards' ? { cards: answer.cards } : { problem: answer.problem }),
      ms: Math.round(answer.ms),
      ...(log === undefined ? {} : { fhirRequests: log.requests }),
      unread: log?.unread ?? [],
      ...(different.length === 0 ? {} : { notAsByPrefetch: different }),
    };
  });
}

/** In what the answer to a call-back is not the one by prefetch, besides which cards there are: that is told otherwise. */
function differencesBetween(
  { answer: sent, hookInstance: ofSent }: PlayedCall,
  { answer: asked, hookInstance: ofAsked }: PlayedCall,
  logged: ReadonlyMap<string, LoggedCall>,
): readonly string[] {
  const members =
    sent.kind === 'cards' && asked.kind === 'cards' && sameCards(sent.cards, asked.cards)
      ? memberDifferences(sent.whole, asked.whole, asked.cards)
      : [];
  const [before, now] = [logged.get(ofSent), logged.get(ofAsked)];
  if (before === undefined || now === undefined || listed(before.unread) === listed(now.unread)) return members;
  return [...members, `unread ${listed(now.unread)}, by prefetch ${listed(before.unread)}`];
}

function listed(keys: readonly string[]): string {
  return keys.length === 0 ? 'nothing' : keys.toSorted().join(', ');
}

/** The figures of a run. */
export function summarise(calls: readonly ReportedCall[]): Summary {
  const ofWay = (way: Way): WaySummary => {
    const some = calls.filter((call) => call.way === way);
    const times = some.map(({ ms }) => ms).toSorted((a, b) => a - b);
    return {
      calls: some.length,
      medianMs: times[Math.floor(times.length / 2)] ?? 0,
      maxMs: times.at(-1) ?? 0,
      maxFhirRequests: Math.max(0, ...some.map(({ fhirRequests = 0 }) => fhirRequests)),
    };
  };
  return {
    patients: new Set(calls.map(({ patient }) => patient)).size,
    calls: calls.length,
    asExpected: calls.filter(({ asExpected }) => asExpected).length,
    byWay: { prefetch: ofWay('prefetch'), 'call-back': ofWay('call-back') },
  };
}

function markOf({ id, indicator }: ShownCard): CardMark {
  return { id, indicator };
}
