import { gatherFound } from './found-patients.ts';
import { type Plan, planUnits } from './plan.ts';
import { missingOf, requireComplete, STAGES, type Stage, type StageOutputs } from './stages.ts';
import type { Unit } from './units.ts';
import { gatherWanted } from './wanted-medications.ts';
import { type EvaluationSetting, runPieces } from './worker-pool.ts';

/** This machine's share of the pieces of a stage: each n-th, from the i-th on. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

export const WHOLE: Shard = { index: 0, of: 1 };

/** Told how a stage goes on. */
export interface StageWatch {
  /** Bytes of the export that the stage reads; for `evaluate` the number of buckets. */
  readonly onStage: (stage: Stage, total: number) => void;
  /** More of that. */
  readonly onProgress: (amount: number) => void;
}

export interface StageRun {
  readonly folder: string;
  readonly plan: Plan;
  readonly outputs: StageOutputs;
  readonly evaluation: EvaluationSetting;
  readonly workers: number;
  readonly signal: AbortSignal;
  readonly watch: StageWatch;
}

/** All stages, one after the other. What an earlier run has done is not done again. */
export async function runAllStages(run: StageRun): Promise<void> {
  for (const stage of STAGES) await runStage(run, stage, WHOLE);
}

/**
 * A share of one stage.
 *
 * @throws {WorkFolderError} if the stage before is not complete
 */
export async function runStage(run: StageRun, stage: Stage, shard: Shard): Promise<void> {
  const { folder, plan, outputs, evaluation, workers, signal, watch } = run;
  const pieces = missingOf(outputs, stage, prepare(run, stage)).filter((index) => index % shard.of === shard.index);
  const units = planUnits(plan);
  const weight = (index: number) => (stage === 'evaluate' ? 1 : sizeOf(units[index]));
  const told = new Map<number, number>();
  const tell = (index: number, amount: number) => {
    told.set(index, (told.get(index) ?? 0) + amount);
    watch.onProgress(amount);
  };
  watch.onStage(
    stage,
    pieces.reduce((sum, index) => sum + weight(index), 0),
  );
  // Whoever evaluates holds the whole guideline in memory, which counts for more than the little time that it takes.
  await runPieces({
    setting: { folder, stage, evaluation },
    pieces,
    workers: stage === 'evaluate' ? Math.ceil(workers / 2) : workers,
    signal,
    onRead: (index, bytes) => tell(index, Math.min(bytes, weight(index) - (told.get(index) ?? 0))),
    onDone: (index) => tell(index, weight(index) - (told.get(index) ?? 0)),
  });
}

function sizeOf(unit: Unit | undefined): number {
  return unit === undefined ? 0 : unit.to - unit.from;
}

/** What the workers of a stage go by is put together from the stage before; the number of the stage's pieces. */
function prepare({ folder, plan, outputs }: StageRun, stage: Stage): number {
  const units = planUnits(plan).length;
  if (stage === 'find') return units;
  const found = gatherFound(folder, outputs, units);
  if (stage === 'collect') return units;
  gatherWanted(folder, outputs, units, found);
  if (stage === 'medications') return units;
  requireComplete(outputs, 'medications', units);
  return found.buckets;
}
