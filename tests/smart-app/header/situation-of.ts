import { buildChart, diagnoseFrom } from '../../../src/chart/chart.ts';
import type { Readings, ResourceKey, UnreadReason } from '../../../src/chart/reading.ts';
import type { Resource } from '../../../src/ehr-demo/patient-store.ts';
import { loadPatient } from '../../../src/ehr-demo/scenarios.ts';
import type { ServerAnswer, Situation } from '../../../src/smart-app/situation.ts';
import { chartOfResources } from '../../guideline/patient-chart.ts';
import { guideline, TODAY } from '../../support/service.ts';

/** Synthetic patients that differ in what the chart says, and in what it leaves out. */
export const PATIENTS = [
  'metastatic-untreated',
  'on-atezolizumab-lung-bone',
  'progressed-on-both',
  'localised-resected',
  'no-stage',
  'abbreviation-only',
  'second-cancer',
  'stable-on-pazopanib',
  'hostile-text',
  'age-unknown',
  'child-9y',
  'epic-on-atezolizumab',
] as const;

export interface SituationOptions {
  /** Parts that could not be read. */
  readonly without?: readonly ResourceKey[];
  /** Parts that are still being read. */
  readonly pending?: readonly ResourceKey[];
  readonly reason?: UnreadReason;
  readonly answers?: ReadonlyMap<ResourceKey, ServerAnswer>;
  /** Changes the resources before they are read. */
  readonly edit?: (resources: readonly Resource[]) => readonly Resource[];
}

/** What the panels get of a synthetic patient. */
export async function situationOf(patientId: string, options: SituationOptions = {}): Promise<Situation> {
  const { resources } = loadPatient(patientId);
  const { readings } = await chartOfResources(patientId, options.edit?.(resources) ?? resources);
  return situationFrom(patientId, readings, options);
}

/** What the panels get of these readings, be they what they may. */
export function situationFrom(
  patientId: string,
  all: Readings,
  { without = [], pending = [], reason = 'refused', answers = new Map() }: SituationOptions = {},
): Situation {
  const readings: Readings = new Map(
    [...all].flatMap(([key, reading]) => {
      if (pending.includes(key)) return [];
      return [[key, without.includes(key) ? { state: 'unread', reason } : reading] as const];
    }),
  );
  const diagnosis = diagnoseFrom(readings, guideline.terminology);
  const chart = buildChart(patientId, diagnosis, readings, {}, guideline, TODAY);
  return {
    guideline,
    chart,
    readings,
    pending: new Set(pending),
    answers,
    skipped: 0,
    openedFrom: undefined,
    now: TODAY,
  };
}
