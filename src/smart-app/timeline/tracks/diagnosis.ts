import { conditionEvidence, isActive, isOnlySuspected } from '../../../chart/condition.ts';
import { stageStatements } from '../../../chart/stage.ts';
import { DONE, type EventDraft, NOT_LINKED } from '../event.ts';
import { momentIn } from '../placement.ts';
import type { TrackContext, TrackSource } from '../track.ts';

const STAGES = {
  metastatic: 'metastatic',
  'was-metastatic': 'metastatic in the past',
  localised: 'localised',
} as const;

export const DIAGNOSIS: TrackSource = {
  id: 'diagnosis',
  title: 'Diagnosis',
  keys: ['conditions', 'observationsStaging'],
  read: (context) => [...diagnoses(context), ...stages(context)],
};

function diagnoses({ chart: { diagnosis }, today }: TrackContext): readonly EventDraft[] {
  return diagnosis.conditions.map((condition, at) => {
    const evidence = diagnosis.evidence[at] ?? conditionEvidence(condition);
    const isSuspected = diagnosis.certainty === 'suspected' || isOnlySuspected(condition);
    const word = isSuspected ? 'suspected' : 'diagnosed';
    return {
      lane: 'ASPS',
      label: `ASPS, ${word}`,
      word,
      look: { ...DONE, isHollow: isSuspected },
      placement: momentIn(evidence.date, true, today),
      when: evidence.date?.text ?? '',
      remark: isActive(condition) ? undefined : 'recorded as inactive, in remission or resolved',
      evidence: [evidence],
    };
  });
}

function stages({ chart, terminology, today }: TrackContext): readonly EventDraft[] {
  return stageStatements(chart.readings, chart.diagnosis.conditions, chart.spread.primaries, terminology).map(
    ({ says, whose, evidence }) => ({
      lane: 'stage',
      label: `stage: ${STAGES[says]}`,
      word: STAGES[says],
      look: { ...DONE, shape: 'diamond' },
      placement: momentIn(evidence.date, true, today),
      when: evidence.date?.text ?? '',
      remark: whose === 'open' ? NOT_LINKED : undefined,
      evidence: [evidence],
    }),
  );
}
