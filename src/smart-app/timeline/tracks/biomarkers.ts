import { type BiomarkerName, readBiomarkerResults } from '../../../chart/biomarker-results.ts';
import type { Evidence } from '../../../chart/fact.ts';
import { DONE, type EventDraft, NOT_LINKED } from '../event.ts';
import { momentIn } from '../placement.ts';
import type { TrackContext, TrackSource } from '../track.ts';
import { serviceEvent } from './service.ts';

const LANES: Readonly<Record<BiomarkerName, string>> = {
  tfe3: 'TFE3',
  'tumour-mutation-burden': 'tumour mutation burden',
  'pd-l1': 'PD-L1',
  other: 'other markers',
};

export const BIOMARKERS: TrackSource = {
  id: 'biomarkers',
  title: 'Biomarkers',
  keys: ['observationsBiomarkers', 'diagnosticReports', 'serviceRequests', 'procedures'],
  read: (context) => {
    const word = answersOf(context);
    return [...results(context, word), ...reports(context, word), ...orders(context)];
  },
};

type Answer = { readonly lane: string; readonly word: string };
type AnswerOf = (evidence: Evidence) => Answer | undefined;

/** What the guideline made of a record, by the record. */
function answersOf({ chart: { biomarkers } }: TrackContext): AnswerOf {
  const { tfe3, tumourMutationBurden } = biomarkers;
  const answers: readonly (readonly [readonly Evidence[], Answer])[] = [
    [tfe3.staining.state === 'yes' ? tfe3.staining.evidence : [], { lane: LANES.tfe3, word: 'staining only' }],
    [tfe3.result.state === 'unknown' ? tfe3.result.evidence : [], { lane: LANES.tfe3, word: 'no clear result' }],
    [tfe3.negative.state === 'yes' ? tfe3.negative.evidence : [], { lane: LANES.tfe3, word: 'negative' }],
    [tfe3.positive.state === 'yes' ? tfe3.positive.evidence : [], { lane: LANES.tfe3, word: 'positive' }],
    [
      tumourMutationBurden.high.evidence,
      { lane: LANES['tumour-mutation-burden'], word: tumourMutationBurden.high.value ?? '' },
    ],
  ];
  const byRecord = new Map(answers.flatMap(([evidence, answer]) => evidence.map((one) => [keyOf(one), answer])));
  return (evidence) => byRecord.get(keyOf(evidence));
}

function keyOf(evidence: Evidence): string | Evidence {
  return evidence.reference ?? evidence;
}

function results({ chart, terminology, today }: TrackContext, answerOf: AnswerOf): readonly EventDraft[] {
  return readBiomarkerResults(chart.readings, chart.spread.primaries, terminology).map(
    ({ name, date, whose, evidence }): EventDraft => {
      const { lane, word } = answerOf(evidence) ?? { lane: LANES[name], word: '' };
      return {
        lane,
        label: word === '' ? lane : `${lane}: ${word}`,
        word,
        look: { ...DONE, shape: 'diamond' },
        placement: momentIn(date, true, today),
        when: date?.text ?? '',
        remark: whose === 'open' ? NOT_LINKED : undefined,
        evidence: [evidence],
      };
    },
  );
}

/** What a report says of TFE3. */
function reports({ chart, today }: TrackContext, answerOf: AnswerOf): readonly EventDraft[] {
  const { result, positive, negative, staining } = chart.biomarkers.tfe3;
  const evidence = new Set([result, positive, negative, staining].flatMap((fact) => fact.evidence));
  return [...evidence].flatMap((one): EventDraft[] => {
    const answer = one.kind === 'report' ? answerOf(one) : undefined;
    if (answer === undefined) return [];
    return [
      {
        lane: answer.lane,
        label: `${answer.lane}: ${answer.word}, report`,
        word: answer.word,
        look: { ...DONE, shape: 'diamond' },
        placement: momentIn(one.date, true, today),
        when: one.date?.text ?? '',
        evidence: [one],
      },
    ];
  });
}

function orders(context: TrackContext): readonly EventDraft[] {
  return context.chart.biomarkers.tfe3.ordered.evidence.flatMap((evidence) => {
    const service = context.serviceOf(evidence);
    return service === undefined ? [] : [serviceEvent(service, { lane: LANES.tfe3, name: 'TFE3 test' }, context)];
  });
}
