import type { DateInterval, Day } from '../../chart/calendar.ts';
import type { Chart } from '../../chart/chart.ts';
import { lastOf, readAssessments } from '../../chart/disease-status.ts';
import { inMonths, monthsUntil } from '../../chart/duration.ts';
import { coverage, type Fact, newestFirst } from '../../chart/fact.ts';
import { MEDICATIONS } from '../../chart/progression.ts';
import type { StopReason } from '../../chart/systemic-therapy.ts';
import type { TherapyLine } from '../../chart/therapy-line.ts';
import { plainText } from '../../guideline/escape.ts';
import { partsInWords } from '../../guideline/wording.ts';
import type { Situation } from '../situation.ts';
import { absent, dateInWords, type HeaderItem, type HeaderValue, recorded, undecided, unlessAll } from './item.ts';

const STOPS: Readonly<Record<StopReason, string>> = {
  'no-response': 'stopped for lack of response',
  'not-tolerated': 'stopped as not tolerated',
  other: 'stopped, the reason is on file',
};

export function performanceStatusItem({ chart, pending }: Situation): HeaderItem {
  const status = chart.performanceStatus;
  return { term: 'Performance status', values: [value()] };

  function value(): HeaderValue {
    if (status.state === 'no') return absent('not recorded', status, pending);
    if (status.state === 'unknown') return undecided('undecided', status, pending);
    const date = status.evidence[0]?.date;
    return recorded(status.value ?? 'recorded', status.evidence, `${dateInWords(date)}${ago(date, chart.today)}`);
  }
}

/** How old it is, in whole months, from the first on. */
function ago(date: DateInterval | undefined, today: Day): string {
  const months = date === undefined ? undefined : monthsUntil(date, today);
  return months === undefined || months.most < 1 ? '' : `, ${inMonths(months)} ago`;
}

export function therapyItem({ chart, pending }: Situation): HeaderItem {
  const { lines, ongoing } = chart.therapy;
  const current = lines.filter((line) => line.ongoing === 'yes');
  const open = lines.filter((line) => line.ongoing === 'unknown');
  const sources = coverage(chart.readings, MEDICATIONS);
  /** Hardly any EHR serves these: that there is no record does not need them, but they are named. */
  const optional = coverage(chart.readings, ['medicationStatements']);
  const going = [...current.map(currentLine), ...open.map((line) => openLine(line, chart.therapy.ongoing))];
  const values =
    going.length > 0
      ? [...going, ...unlessAll('there may be others', { unread: [...sources.unread, ...optional.unread] }, pending)]
      : withoutOne();
  return { term: 'Systemic therapy', values };

  function openLine(line: TherapyLine, fact: Fact): HeaderValue {
    const words = line.onHold ? `${line.drug.drug}, on hold` : `${line.drug.drug}, going on or not: undecided`;
    return {
      ...undecided(words, { ...fact, doubt: line.onHold ? 'on-hold' : 'date-not-comparable' }, pending),
      evidence: line.evidence,
    };
  }

  function withoutOne(): readonly HeaderValue[] {
    const last = lines.findLast((line) => line.ongoing === 'no');
    const none =
      ongoing.state === 'unknown' && ongoing.evidence.length > 0
        ? undecided('going on or not: undecided', ongoing, pending)
        : absent('none going on found', sources, pending, `in ${partsInWords(ongoing.searched)}`);
    const more = sources.unread.length > 0 ? [] : unlessAll('not all was looked at', optional, pending);
    return [none, ...(last === undefined ? [] : [lastLine(last)]), ...more];
  }
}

/** "pazopanib, since 2024-01-02, last record 2025-01-04, stopped for lack of response" */
export function lineInWords(line: TherapyLine): string {
  const stopped = line.stopReason === undefined ? [] : [STOPS[line.stopReason]];
  const how =
    line.ongoing === 'yes'
      ? ['going on']
      : [line.onHold ? 'on hold' : `last record ${dateInWords(line.evidence[0]?.date)}`, ...stopped];
  return [line.drug.drug, sinceInWords(line), ...how].join(', ');
}

function currentLine(line: TherapyLine): HeaderValue {
  return recorded(line.drug.drug, line.evidence, `${sinceInWords(line)}${line.again ? ', begun anew' : ''}`);
}

function sinceInWords({ start }: TherapyLine): string {
  if (start === undefined) return 'since when is not recorded';
  return `since ${start.text}${Number.isFinite(start.start) ? '' : ' or earlier'}`;
}

function lastLine({ drug, evidence, stopReason }: TherapyLine): HeaderValue {
  const how = stopReason === undefined ? '' : `, ${STOPS[stopReason]}`;
  return recorded(`last: ${drug.drug}`, evidence, `last record ${dateInWords(evidence[0]?.date)}${how}`);
}

export function diseaseStatusItem({ guideline, chart, pending }: Situation): HeaderItem {
  const sources = coverage(chart.readings, ['observationsDiseaseStatus']);
  const onFile = readAssessments(chart.readings, chart.spread.primaries, guideline.terminology);
  return { term: 'Disease status', values: valuesOf(chart) };

  function valuesOf({ therapy: { statuses } }: Chart): readonly HeaderValue[] {
    const last = lastOf(statuses);
    if (last === undefined)
      return onFile.length === 0
        ? [absent('not recorded', sources, pending)]
        : [
            undecided(
              'on file, but its course, day or cancer is open',
              { ...sources, evidence: newestFirst(onFile) },
              pending,
            ),
          ];
    if (last === 'undecided') {
      const evidence = statuses.map((status) => status.evidence);
      return [undecided('undecided', { ...sources, evidence, doubt: 'date-not-comparable' }, pending)];
    }
    const words = plainText(last.evidence.text).replace(/^disease status: /, '');
    return [
      recorded(words, [last.evidence], dateInWords(last.date)),
      ...unlessAll('a later one may exist', sources, pending),
    ];
  }
}
