import { buildChart, diagnoseFrom } from '../../chart/chart.ts';
import type { Reading } from '../../chart/reading.ts';
import type { Guideline } from '../../guideline/guideline.ts';
import type { ServerAnswer, Situation } from '../situation.ts';
import type { ChartProgress } from './read-chart.ts';

export interface OpenedChart {
  readonly guideline: Guideline;
  readonly progress: ChartProgress;
  readonly patientId: string;
  /** As the EHR passed it on. */
  readonly openedFrom: string | undefined;
  readonly now: Date;
}

/** What can be shown of a chart that has been read so far. */
export type ChartState =
  /** The problem list has not come yet. */
  | { readonly kind: 'reading' }
  /** Without the problem list nobody can say whether it is ASPS. */
  | { readonly kind: 'conditions-unread'; readonly reading: Unread; readonly answer: ServerAnswer | undefined }
  | NoAsps
  /** What was read could not be assessed: a fault of ours, and no reason to say anything of the chart. */
  | { readonly kind: 'failed' }
  | { readonly kind: 'asps'; readonly situation: Situation };

type Unread = Extract<Reading, { readonly state: 'unread' }>;

/** Nothing in the problem list that was read says ASPS. */
export interface NoAsps {
  readonly kind: 'no-asps';
  /** How many Conditions were looked at. */
  readonly conditions: number;
  /** False: there is more than could be read, so that ASPS may stand there. */
  readonly isWhole: boolean;
  /** What the server said of the rest. */
  readonly answer: ServerAnswer | undefined;
}

/** Where the chart stands, of what has been read of it. Pure: the same progress gives the same. Never throws. */
export function situationOf(opened: OpenedChart): ChartState {
  try {
    return standing(opened);
  } catch {
    return { kind: 'failed' };
  }
}

function standing({ guideline, progress, patientId, openedFrom, now }: OpenedChart): ChartState {
  const { readings, pending, answers, skipped } = progress;
  const conditions = readings.get('conditions');
  const answer = answers.get('conditions');
  if (conditions === undefined) return { kind: 'reading' };
  if (conditions.state === 'unread') return { kind: 'conditions-unread', reading: conditions, answer };
  const diagnosis = diagnoseFrom(readings, guideline.terminology);
  if (diagnosis.certainty === 'absent')
    return {
      kind: 'no-asps',
      conditions: conditions.resources.filter(({ resourceType }) => resourceType === 'Condition').length,
      isWhole: conditions.state === 'complete',
      answer,
    };
  const chart = buildChart(patientId, diagnosis, readings, {}, guideline, now);
  const isCard = [...guideline.cards, ...guideline.off].some(({ file }) => file.id === openedFrom);
  return {
    kind: 'asps',
    situation: {
      guideline,
      chart,
      readings,
      pending,
      answers,
      skipped,
      openedFrom: isCard ? openedFrom : undefined,
      now,
    },
  };
}
