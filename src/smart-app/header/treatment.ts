import type { DateInterval, Day } from '../../chart/calendar.ts';
import type { Chart } from '../../chart/chart.ts';
import { lastOf, readAssessments } from '../../chart/disease-status.ts';
import { inMonths, monthsUntil } from '../../chart/duration.ts';
import { coverage, type Fact, newestFirst } from '../../chart/fact.ts';
import { MEDICATIONS } from '../../chart/progression.ts';
import type { StopReason } from '../../chart/systemic-therapy.ts';
import { beginsWithDose, type TherapyLine, type Uncounted, uncountedOf } from '../../chart/therapy-line.ts';
import { plainText } from '../../guideline/escape.ts';
import { partsInWords } from '../../guideline/wording.ts';
import type { Situation } from '../situation.ts';
import { absent, dateInWords, type HeaderItem, type HeaderValue, recorded, undecided, unlessAll } from './item.ts';

const STOPS: Readonly<Record<StopReason, string>> = {
  'no-response': 'stopped for lack of response',
  'not-tolerated': 'stopped as not tolerated',
  other: 'stopped, the reason is on file',
};

export const UNCOUNTED: Readonly<Record<Uncounted['why'], string>> = {
  'for-another-condition': 'for something other than the ASPS, by its reason',
  'only-planned': 'only planned or reported',
  'before-the-diagnosis': 'dated before the diagnosis',
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
  const going = lines
    .filter((line) => line.ongoing !== 'no')
    .toSorted((a, b) => Number(a.ongoing === 'unknown') - Number(b.ongoing === 'unknown'));
  const sources = coverage(chart.readings, MEDICATIONS);
  /** Hardly any EHR serves these: that there is no record does not need them, but they are named. */
  const optional = coverage(chart.readings, ['medicationStatements']);
  const shown = chart.deceased ? (going.length > 0 ? going : lines.slice(-1)).map(lastLine) : going.map(goingLine);
  const values =
    shown.length > 0
      ? [...shown, ...unlessAll('there may be others', { unread: [...sources.unread, ...optional.unread] }, pending)]
      : withoutOne();
  return { term: 'Systemic therapy', values: [...values, ...uncountedValues(chart)] };

  function goingLine(line: TherapyLine): HeaderValue {
    if (line.ongoing === 'unknown') return openLine(line, ongoing);
    const begin = beginInWords(line, chart.today);
    const value = recorded(line.drug.drug, line.evidence, `${begin}${line.again ? ', begun anew' : ''}`);
    return isAhead(line, chart.today) ? { ...value, standing: 'open' } : value;
  }

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
      ongoing.state === 'unknown' && ongoing.evidence.length > 0 && !chart.deceased
        ? undecided('going on or not: undecided', ongoing, pending)
        : absent(
            `no drug of this guideline for the ASPS found${chart.deceased ? '' : ' going on'}`,
            sources,
            pending,
            `in ${partsInWords(ongoing.searched)}`,
          );
    const more = sources.unread.length > 0 ? [] : unlessAll('not all was looked at', optional, pending);
    return [none, ...(last === undefined ? [] : [lastLine(last)]), ...more];
  }
}

/** The records of no line, by drug and reason. */
function uncountedValues(chart: Chart): readonly HeaderValue[] {
  const byDrugAndReason = Map.groupBy(uncountedOf(chart), ({ drug, why }) => `${drug.drug} ${why}`);
  return [...byDrugAndReason.values()].flatMap((alike): readonly HeaderValue[] => {
    const [first] = alike;
    if (first === undefined) return [];
    const evidence = newestFirst(alike);
    const note = `${UNCOUNTED[first.why]}; last record ${dateInWords(evidence[0]?.date)}`;
    return [{ words: `not counted: ${first.drug.drug}`, note, evidence, standing: 'open' }];
  });
}

/** Each line: "pazopanib, since 2024-01-02, last record 2025-01-04, stopped for lack of response". */
export function linesInWords({ therapy, today, deceased }: Chart): readonly string[] {
  return therapy.lines.map((line) => {
    const stopped = line.stopReason === undefined ? [] : [STOPS[line.stopReason]];
    const isOnHold = line.onHold && !deceased;
    const how =
      line.ongoing === 'yes' && !deceased
        ? isAhead(line, today)
          ? []
          : ['going on']
        : [isOnHold ? 'on hold' : `last record ${dateInWords(line.evidence[0]?.date)}`, ...stopped];
    return [line.drug.drug, beginInWords(line, today), ...how].join(', ');
  });
}

function isAhead({ start }: TherapyLine, today: Day): boolean {
  return start !== undefined && start.start > today;
}

function beginInWords(line: TherapyLine, today: Day): string {
  const { start } = line;
  if (start === undefined) return 'since when is not recorded';
  if (isAhead(line, today)) return `dated after today: ${start.text}`;
  const words = `${beginsWithDose(line) ? 'first record' : 'since'} ${start.text}`;
  return `${words}${Number.isFinite(start.start) ? '' : ' or earlier'}`;
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
