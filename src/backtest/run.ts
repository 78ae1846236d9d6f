import { loadGuidelines } from '../guidelines.ts';
import type { BacktestArguments } from './arguments.ts';
import { evaluationDigest } from './evaluation-digest.ts';
import { exportFiles } from './export-files.ts';
import { gatherFindings } from './gather-findings.ts';
import { gatherSummary } from './gather-summary.ts';
import { openPlan, planUnits } from './plan.ts';
import { reportOf } from './report.ts';
import type { BacktestReport } from './report-form.ts';
import { runAllStages, runStage, type StageWatch } from './run-stages.ts';
import { requireComplete, stageOutputs } from './stages.ts';
import { readWanted } from './wanted-medications.ts';
import { makeFolder } from './work-folder.ts';
import { requireOwnPlace } from './work-folder-place.ts';

/** What a run needs besides what was asked for. */
export interface Surroundings {
  readonly folder: string;
  /** `YYYY-MM-DD` (UTC): today, for work that begins now. */
  readonly day: string;
  readonly signal: AbortSignal;
  readonly watch: StageWatch;
  /** Smaller units than usual, for tests. */
  readonly unitBytes?: number;
}

/**
 * All of a run, or the stage that was asked for; the report, unless that is a stage before it.
 *
 * @throws {ExportError} when the export cannot be read, or nobody can be found in it
 * @throws {WorkFolderError} when the working folder is another run's or no place for one, or a stage before is not complete
 * @throws {GuidelineError} when the overlay cannot be used
 * @throws {WorkError} when a piece of the work fails
 */
export async function runBacktest(
  asked: BacktestArguments,
  { folder, day, signal, watch, unitBytes }: Surroundings,
): Promise<BacktestReport | undefined> {
  const { maxCards, ids, overlay, workers } = asked;
  const files = exportFiles(asked.inputs);
  const guideline = loadGuidelines({ overlayDir: overlay }).standard;
  requireOwnPlace(folder, asked.inputs);
  makeFolder(folder);
  const plan = openPlan(folder, { files, guideline, day, unitBytes });
  const evaluation = { asOf: asked.asOf ?? [plan.day], maxCards, ids, overlay };
  const outputs = stageOutputs(folder, evaluationDigest(evaluation));
  const stages = { folder, plan, outputs, evaluation, workers, signal, watch };

  if (asked.stage === undefined) await runAllStages(stages);
  else if (asked.stage !== 'merge') {
    await runStage(stages, asked.stage, asked.shard);
    return undefined;
  }
  const units = planUnits(plan);
  requireComplete(outputs, 'find', units.length);
  const { summary, conditionsWithoutPatient } = gatherSummary(outputs, units);
  return reportOf(summary, gatherFindings(folder, outputs), {
    guideline,
    asOf: evaluation.asOf,
    today: plan.day,
    maxCards,
    conditionsWithoutPatient,
    refersToMedications: readWanted(folder).size > 0,
  });
}
