import type { Exposure, StopReason } from '../../../chart/systemic-therapy.ts';
import type { Drug, DrugClass } from '../../../chart/terminology.ts';
import { beginsWithDose, type TherapyLine, uncountedOf } from '../../../chart/therapy-line.ts';
import { UNCOUNTED } from '../../header/treatment.ts';
import type { EventDraft, Fill } from '../event.ts';
import { type Days, daysOf, momentIn } from '../placement.ts';
import type { TrackContext, TrackSource } from '../track.ts';

/** The classes as clinicians call them, and how they are drawn. */
const CLASSES: Readonly<Record<DrugClass, readonly [words: string, fill: Fill]>> = {
  'pd-1-pd-l1-inhibitor': ['immunotherapy', 'immunotherapy'],
  'anti-angiogenic-tki': ['TKI', 'tki'],
  anthracycline: ['cytotoxic', 'cytotoxic'],
  'other-cytotoxic': ['cytotoxic', 'cytotoxic'],
  'bone-agent': ['bone agent', 'ink'],
};
const STOPS: Readonly<Record<StopReason, string>> = {
  'no-response': 'stopped for lack of response',
  'not-tolerated': 'stopped, not tolerated',
  other: 'stopped for another reason',
};

export const SYSTEMIC_THERAPY: TrackSource = {
  id: 'systemic-therapy',
  title: 'Systemic therapy',
  none: 'no drug of this guideline found',
  keys: ['medicationRequests', 'medicationAdministrations', 'medicationStatements'],
  read: (context) => [...context.chart.therapy.lines.map((line) => lineEvent(line, context)), ...uncounted(context)],
  notes: ({ chart: { namelessMedication } }) =>
    namelessMedication.length === 0
      ? []
      : [`orders or doses that do not say which drug they are of, and are not shown: ${namelessMedication.length}`],
};

/** One bar a line, however many doses. */
function lineEvent(line: TherapyLine, { chart, today, died }: TrackContext): EventDraft {
  const [words, fill] = CLASSES[line.drug.class];
  const begin = daysOf(line.start);
  const end = endOf(line, chart.exposures, begin, { today, died });
  const stopped = line.stopReason === undefined ? '' : STOPS[line.stopReason];
  const remarks = [
    line.again ? 'given before, and begun again' : '',
    begin?.from === -Infinity ? 'a record without a date may be older' : '',
    stopped,
    end.remark,
  ].filter((remark) => remark !== '');
  const start = line.start?.text ?? '';
  return {
    lane: laneOf(line.drug),
    label: `${line.drug.drug} (${words})`,
    word: stopped === '' ? end.word : stopped,
    look: { shape: 'bar', fill, isHollow: false },
    placement: begin === undefined ? undefined : { kind: 'stretch', begin, end: end.days },
    when: start === '' ? '' : `${beginsWithDose(line) ? 'first record' : 'from'} ${start}${end.when}`,
    remark: remarks.length === 0 ? undefined : remarks.join('; '),
    evidence: line.evidence,
  };
}

interface End {
  readonly days: Days | 'goes-on';
  readonly when: string;
  readonly word: string;
  readonly remark: string;
}

/** When a line ended, as the last record of it shows: a dose, the end of an order, or nothing but that it has ended. */
function endOf(
  line: TherapyLine,
  exposures: readonly Exposure[],
  begin: Days | undefined,
  { today, died }: Pick<TrackContext, 'today' | 'died'>,
): End {
  if (line.ongoing === 'yes' && died === undefined) {
    // An order for a day to come goes on from then, if at all.
    const when = begin !== undefined && begin.from > today ? '' : ', goes on';
    return { days: 'goes-on', when, word: '', remark: '' };
  }
  const said = new Set(line.evidence);
  const records = exposures.filter(({ evidence }) => said.has(evidence));
  const shown = records
    .map(({ evidence, date, end }) => ({
      isOrder: evidence.kind === 'order',
      days: evidence.kind === 'order' ? date : (end ?? date),
    }))
    .flatMap(({ isOrder, days }) => (days === undefined ? [] : [{ isOrder, days }]))
    .toSorted((a, b) => a.days.end - b.days.end || Number(b.isOrder) - Number(a.isOrder));
  const last = shown.at(-1);
  const from = Math.max(begin?.to ?? -Infinity, last?.days.start ?? -Infinity);
  const untilToday = { from, to: Math.max(died?.to ?? today, from) };
  if (line.ongoing !== 'no' && died !== undefined)
    return { days: untilToday, when: '', word: 'end not recorded', remark: 'its end is not recorded' };
  if (line.ongoing === 'unknown')
    return {
      days: untilToday,
      when: '',
      word: line.onHold ? 'on hold' : 'may go on',
      remark: line.onHold ? 'on hold' : 'whether it goes on, the records do not settle',
    };
  if (last !== undefined && !last.isOrder) {
    const { start, end, text } = last.days;
    const days = { from: Math.max(start, begin?.from ?? start), to: end };
    return { days, when: `, last record of it ${text}`, word: '', remark: '' };
  }
  if (line.reach > from && line.reach < today)
    return {
      days: { from, to: line.reach },
      when: '',
      word: 'ended, day not recorded',
      remark: 'ended by the end of its order; the day is not recorded',
    };
  return { days: untilToday, when: '', word: 'ended, day not recorded', remark: 'has ended; the day is not recorded' };
}

/** The records of no line: hollow, with the reason. */
function uncounted({ chart, today }: TrackContext): readonly EventDraft[] {
  return uncountedOf(chart).map(({ drug, why, date, evidence }) => {
    const word = why === 'only-planned' ? 'planned' : 'not counted';
    return {
      lane: laneOf(drug),
      label: `${drug.drug} (${CLASSES[drug.class][0]}), not counted: ${UNCOUNTED[why]}`,
      word,
      look: { shape: 'square', fill: CLASSES[drug.class][1], isHollow: true },
      placement: momentIn(date, false, today),
      when: date?.text ?? '',
      evidence: [evidence],
    };
  });
}

function laneOf({ drug, class: drugClass }: Drug): string {
  return `${drug} (${CLASSES[drugClass][0]})`;
}
