import { CHART_TYPES } from '../../src/backtest/chart-types.ts';
import { patientEvaluator } from '../../src/backtest/evaluate.ts';
import { EMPTY_SUMMARY, type ExportSummary } from '../../src/backtest/export-summary.ts';
import type { Findings } from '../../src/backtest/findings.ts';
import type { PatientRecord } from '../../src/backtest/patient-record.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { FIXTURE_DATE } from '../../src/ehr-demo/hook-request.ts';
import { loadPatient } from '../../src/ehr-demo/scenarios.ts';
import { loadGuideline } from '../../src/guideline/load.ts';
import { CARDS_FOLDER, readGuidelineFolder } from '../../src/guideline-folder.ts';

export const guideline = loadGuideline(readGuidelineFolder(CARDS_FOLDER));

/** An export that has everything that the cards ask about, but for what is left out. */
export function exportOf(without: readonly string[] = []): ExportSummary {
  const types = [...CHART_TYPES, 'Medication'].filter((type) => !without.includes(type));
  return { ...EMPTY_SUMMARY, lines: types.length, resourcesByType: Object.fromEntries(types.map((type) => [type, 1])) };
}

/** A synthetic patient as an export holds them. */
export function exported(patient: string): PatientRecord {
  return { id: patient, resources: loadPatient(patient).resources };
}

export interface EvaluateOptions {
  readonly asOf?: readonly string[];
  readonly maxCards?: number;
  readonly summary?: ExportSummary;
  readonly withIds?: boolean;
  readonly guidelineOf?: typeof guideline;
}

/** What the cards say of this record, on the day the stories are told unless others are given. */
export function evaluated(record: PatientRecord, options: EvaluateOptions = {}): Promise<Findings> {
  const {
    asOf = [FIXTURE_DATE],
    maxCards = 4,
    summary = exportOf(),
    withIds = true,
    guidelineOf = guideline,
  } = options;
  return patientEvaluator({ guideline: guidelineOf, asOf, today: FIXTURE_DATE, maxCards, summary, withIds })(record);
}

/** What stands in a resource may be anything. */
export function patientRecord(id: string, ...resources: readonly JsonObject[]): PatientRecord {
  return { id, resources };
}
