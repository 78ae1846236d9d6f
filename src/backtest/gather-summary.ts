import { basename } from 'node:path';
import { EMPTY_SUMMARY, type ExportSummary, mergeSummaries } from './export-summary.ts';
import { foundInUnit } from './found-patients.ts';
import type { StageOutputs } from './stages.ts';
import type { Unit } from './units.ts';

export interface GatheredSummary {
  readonly summary: ExportSummary;
  /** Conditions that say ASPS, and name no patient of the export. */
  readonly conditionsWithoutPatient: number;
}

/** What the units of an export come to; `find` has to be complete. */
export function gatherSummary(outputs: StageOutputs, units: readonly Unit[]): GatheredSummary {
  let summary = EMPTY_SUMMARY;
  let conditionsWithoutPatient = 0;
  for (const { index, file, from, to } of units) {
    const found = foundInUnit(outputs, index);
    conditionsWithoutPatient += found.withoutPatient;
    summary = mergeSummaries(summary, {
      lines: found.lines,
      bytes: to - from,
      resourcesByType: found.resourcesByType,
      unreadableLines: found.unreadableLines,
      brokenFiles: found.isBroken ? [basename(file.path)] : [],
      encountersByDay: found.encountersByDay,
    });
  }
  return { summary, conditionsWithoutPatient };
}
