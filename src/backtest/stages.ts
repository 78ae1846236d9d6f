import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WorkFolderError } from './work-folder.ts';

/** What is done with the units of the export, and then with the buckets of patients; each needs all of the one before. */
export const STAGES = ['find', 'collect', 'medications', 'evaluate'] as const;

export type Stage = (typeof STAGES)[number];

/** What one piece of work of each stage leaves behind; it is there when the work is done. */
export interface StageOutputs {
  readonly of: (stage: Stage, index: number) => string;
}

/** @param evaluation what tells evaluations of the same patients apart: their dates and limits */
export function stageOutputs(folder: string, evaluation: string): StageOutputs {
  return {
    of(stage, index) {
      const name = String(index).padStart(6, '0');
      switch (stage) {
        case 'find':
          return join(folder, 'find', `${name}.json`);
        case 'collect':
          return join(folder, 'collect', name);
        case 'medications':
          return join(folder, 'medications', `${name}.ndjson`);
        case 'evaluate':
          return join(folder, `evaluate-${evaluation}`, `${name}.json`);
        default:
          return stage satisfies never;
      }
    },
  };
}

/** The pieces of a stage's work that are still to be done. */
export function missingOf(outputs: StageOutputs, stage: Stage, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index).filter((index) => !existsSync(outputs.of(stage, index)));
}

const MOST_NAMED = 5;

/** @throws {WorkFolderError} that names what is missing, if the stage is not complete */
export function requireComplete(outputs: StageOutputs, stage: Stage, count: number): void {
  const missing = missingOf(outputs, stage, count);
  if (missing.length === 0) return;
  const named = missing.slice(0, MOST_NAMED).join(', ');
  const more = missing.length > MOST_NAMED ? ', …' : '';
  throw new WorkFolderError(
    `The stage ${stage} is not complete: ${missing.length} of its ${count} pieces are missing (${named}${more}). Run it again with the same --work: only these are done`,
  );
}
