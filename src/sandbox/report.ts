import type { ShownCard } from './call-service.ts';
import type { CleanUp } from './clean-up.ts';
import { type CardMark, cardsText, sameCards } from './compare.ts';
import type { PlayedCall, Way } from './play-calls.ts';
import type { LoggedCall } from './service-process.ts';

/** One call and what is to be said of it. */
export type ReportedCall = {
  readonly patient: string;
  readonly hook: string;
  readonly draft?: string;
  readonly way: Way;
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
};

/** What is to be said of a patient rather than of a call. */
export type PatientNote = {
  readonly patient: string;
  /**
   * `not-loaded`: the server did not take them. `not-found`: what should be on the server is not found there. `not-filled`: a query
   * of the prefetch was not answered, as on servers that do not have the type; the cards say so, and may be right.
   */
  readonly kind: 'not-loaded' | 'not-found' | 'not-filled';
  readonly note: string;
};

/** What is on the server afterwards. */
export type ReportedCleanUp =
  | { readonly kind: 'nothing-written' }
  | { readonly kind: 'deleted'; readonly tag: string; readonly resources: number }
  | {
      readonly kind: 'kept';
      readonly tag: string;
      readonly patients: Readonly<Record<string, string>>;
      readonly resources: number;
    }
  | ({ readonly kind: 'left-over'; readonly tag: string } & CleanUp);

/** Everything that is said of a run; `--json` prints it as it is. */
export type Report = {
  readonly fhirServer: string;
  readonly fhirVersion: string;
  readonly software?: string;
  /** `loaded`: synthetic patients with expected cards. `read-only`: patients of the server. */
  readonly mode: 'loaded' | 'read-only';
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
    // Both ways of a call stand side by side.
    const other = played[way === 'prefetch' ? at + 1 : at - 1]?.answer;
    const expected = call.expected ?? (other?.kind === 'cards' ? other.cards.map(markOf) : undefined);
    const log = logged.get(hookInstance);
    return {
      patient,
      hook,
      ...(draft === undefined ? {} : { draft }),
      way,
      asExpected: answer.kind === 'cards' && expected !== undefined && sameCards(answer.cards, expected),
      ...(expected === undefined ? {} : { expected }),
      ...(answer.kind === 'cards' ? { cards: answer.cards } : { problem: answer.problem }),
      ms: Math.round(answer.ms),
      ...(log === undefined ? {} : { fhirRequests: log.requests }),
      unread: log?.unread ?? [],
    };
  });
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

/** A report for people. */
export function reportText(report: Report): string {
  const { fhirServer, fhirVersion, software, mode, calls, notes, summary, cleanUp } = report;
  const server = [fhirServer, `FHIR ${fhirVersion}`, software].filter((part) => part !== undefined).join(', ');
  const different = calls.filter(({ asExpected }) => !asExpected);
  return [
    server,
    ...(mode === 'read-only' ? ['Read-only: patients of this server, and no cards that are known beforehand.'] : []),
    '',
    ...textTable([
      ['patient', 'hook', 'by', 'cards', 'ms', 'FHIR', 'unread'],
      ...calls.map((call) => [
        call.patient,
        call.draft === undefined ? call.hook : `${call.hook} ${call.draft}`,
        call.way,
        verdict(call, mode),
        String(call.ms),
        call.fhirRequests === undefined ? '?' : String(call.fhirRequests),
        call.unread.join(', '),
      ]),
    ]),
    '',
    ...(mode === 'read-only' ? cardLines(calls) : []),
    ...different.flatMap(differenceLines),
    ...notes.map(({ patient, note }) => `${patient}: ${note}`),
    ...(notes.length + different.length > 0 ? [''] : []),
    `${counted(summary.calls, 'call')} for ${counted(summary.patients, 'patient')}: ${summary.asExpected} as expected, ${different.length} different`,
    ...(['prefetch', 'call-back'] as const).map((way) => {
      const { medianMs, maxMs, maxFhirRequests } = summary.byWay[way];
      return `by ${way}: median ${medianMs} ms, longest ${maxMs} ms, at most ${counted(maxFhirRequests, 'FHIR request')} a call`;
    }),
    cleanUpText(fhirServer, cleanUp),
    '',
  ].join('\n');
}

/** What is on the server afterwards, and what to do about it. */
export function cleanUpText(fhirServer: string, cleanUp: ReportedCleanUp): string {
  switch (cleanUp.kind) {
    case 'nothing-written':
      return 'nothing was written';
    case 'deleted':
      return `deleted what was created: ${counted(cleanUp.resources, 'resource')}`;
    case 'kept':
      return [
        `kept: ${counted(cleanUp.resources, 'resource')} under the tag ${cleanUp.tag}`,
        ...Object.entries(cleanUp.patients).map(([name, id]) => `  ${name}: Patient/${id}`),
        howToClean(fhirServer, cleanUp.tag),
      ].join('\n');
    case 'left-over':
      return [
        cleanUp.left.length === 0
          ? `Deleted what is known to have been created: ${counted(cleanUp.deleted, 'resource')}. The server cannot be searched by tag, so there may be more.`
          : `NOT CLEANED UP, ${counted(cleanUp.left.length, 'resource')} left: ${cleanUp.left.join(', ')}`,
        howToClean(fhirServer, cleanUp.tag),
      ].join('\n');
    default:
      return cleanUp satisfies never;
  }
}

/** For whoever has to do by hand what the tool did not. */
export function howToClean(fhirServer: string, tag: string): string {
  return `delete them with: npm run -s sandbox -- --fhir-server ${fhirServer} --clean ${tag}`;
}

function verdict({ asExpected, cards, problem }: ReportedCall, mode: Report['mode']): string {
  if (problem !== undefined) return 'NONE';
  if (!asExpected) return 'DIFFERENT';
  const count = cards?.length ?? 0;
  return mode === 'loaded' ? `${count} as expected` : `${count}, the same`;
}

/** Of a patient of the server: what came, once for both ways. */
function cardLines(calls: readonly ReportedCall[]): readonly string[] {
  const lines = calls
    .filter(({ way, cards = [] }) => way === 'prefetch' && cards.length > 0)
    .flatMap(({ patient, hook, cards = [] }) => [
      `${patient}, ${hook}`,
      ...cards.map(({ id, indicator, summary }) => `  ${indicator}  ${id}: ${safe(summary)}`),
    ]);
  return lines.length === 0 ? [] : [...lines, ''];
}

function differenceLines({ patient, hook, draft, way, expected, cards, problem }: ReportedCall): readonly string[] {
  return [
    `${[patient, hook, draft].filter((part) => part !== undefined).join(', ')}, by ${way}`,
    `  expected  ${expected === undefined ? 'as by the other way' : cardsText(expected)}`,
    `  came      ${cards === undefined ? problem : cardsText(cards)}`,
  ];
}

/** A card may quote the chart: nothing in it may steer the terminal. */
function safe(text: string): string {
  return text.replaceAll(/\p{Cc}+/gu, ' ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

const GAP = '  ';
const NUMBER = /^(?:\d+|ms|FHIR|\?)$/;

function textTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_cell, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, at) => (NUMBER.test(cell) ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)))
      .join(GAP)
      .trimEnd(),
  );
}

function markOf({ id, indicator }: ShownCard): CardMark {
  return { id, indicator };
}
