import { cardsText, sameCards } from './compare.ts';
import type { Report, ReportedCall, ReportedCleanUp } from './report.ts';

/** A report for people. */
export function reportText(report: Report): string {
  const { fhirServer, fhirVersion, software, mode, refusal, calls, notes, summary, cleanUp } = report;
  const server = [fhirServer, `FHIR ${fhirVersion}`, software].filter((part) => part !== undefined).join(', ');
  const different = calls.filter(({ asExpected }) => !asExpected);
  return [
    server,
    ...(refusal === undefined ? [] : [refusal]),
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
    case 'nothing-created':
      return 'nothing was created';
    case 'deleted':
      if (cleanUp.resources === 0) return `nothing is there any more under the tag ${cleanUp.tag}`;
      return `deleted what was created: ${counted(cleanUp.resources, 'resource')}`;
    case 'kept':
      return [
        `kept: ${counted(cleanUp.resources, 'resource')} under the tag ${cleanUp.tag}`,
        ...Object.entries(cleanUp.patients).map(([name, id]) => `  ${name}: Patient/${id}`),
        howToClean(fhirServer, cleanUp.tag),
      ].join('\n');
    case 'left-over':
      return [...leftOverLines(cleanUp), howToClean(fhirServer, cleanUp.tag)].join('\n');
    case 'unsettled':
      return [
        `NOT CLEANED UP, tag ${cleanUp.tag}. There may be resources of this run on the server.`,
        ...(cleanUp.known.length === 0 ? [] : [`Created were: ${cleanUp.known.join(', ')}`]),
        howToClean(fhirServer, cleanUp.tag),
      ].join('\n');
    default:
      return cleanUp satisfies never;
  }
}

function leftOverLines({
  deleted,
  left,
  untagged,
  searched,
  lost,
}: Extract<ReportedCleanUp, { readonly kind: 'left-over' }>): readonly string[] {
  return [
    ...(left.length === 0 ? [] : [`NOT CLEANED UP, ${counted(left.length, 'resource')} left: ${left.join(', ')}`]),
    ...(untagged.length === 0
      ? []
      : [`Said to be created and without the run's tag, so not deleted: ${untagged.join(', ')}`]),
    ...(lost ? ['A transaction got no answer, and nothing of it is there yet. The server may still do it.'] : []),
    ...(searched || left.length > 0
      ? []
      : [
          `Deleted what is known to have been created: ${counted(deleted, 'resource')}. The server cannot be searched by tag, so there may be more.`,
        ]),
  ];
}

/** For whoever has to do by hand what the tool did not. */
function howToClean(fhirServer: string, tag: string): string {
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

function differenceLines({
  patient,
  hook,
  draft,
  way,
  expected,
  cards,
  problem,
  notAsByPrefetch,
}: ReportedCall): readonly string[] {
  const isSame = cards !== undefined && expected !== undefined && sameCards(cards, expected);
  return [
    `${[patient, hook, draft].filter((part) => part !== undefined).join(', ')}, by ${way}`,
    ...(isSame
      ? []
      : [
          `  expected  ${expected === undefined ? 'as by the other way' : cardsText(expected)}`,
          `  came      ${cards === undefined ? problem : cardsText(cards)}`,
        ]),
    ...(notAsByPrefetch ?? []).map((difference) => `  not as by prefetch  ${difference}`),
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
