import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { JsonObject } from '../chart/reading.ts';
import type { Guideline } from '../guideline/guideline.ts';
import type { ExportFile } from './export-files.ts';
import { type Unit, unitBytesFor, unitsOf } from './units.ts';
import { readWritten, WorkFolderError, writeOnce } from './work-folder.ts';

/** What a working folder is about, written once when its work begins: whoever goes on with it must mean the same. */
export interface Plan {
  readonly format: 1;
  /** `YYYY-MM-DD` (UTC), the day on which the work began: the "today" of everyone who goes on with it. */
  readonly day: string;
  readonly files: readonly ExportFile[];
  readonly unitBytes: number;
  /** SHA-256 of the guideline with its overlay. */
  readonly guideline: string;
  /** Those that name the disease: all that finding patients needs of the guideline. */
  readonly valueSets: readonly JsonObject[];
}

export function planUnits({ files, unitBytes }: Plan): readonly Unit[] {
  return unitsOf(files, unitBytes);
}

export interface PlannedRun {
  readonly files: readonly ExportFile[];
  readonly guideline: Guideline;
  readonly day: string;
  /** Smaller ones than usual, for tests. */
  readonly unitBytes?: number | undefined;
}

/**
 * The plan of a working folder: the one that is there, if it is of the same export and the same guideline, or a new one.
 *
 * @throws {WorkFolderError} if what is there was made of something else
 */
export function openPlan(folder: string, { files, guideline, day, unitBytes }: PlannedRun): Plan {
  const digest = createHash('sha256').update(JSON.stringify(guideline.content)).digest('hex');
  const path = planPath(folder);
  const wanted: Plan = {
    format: 1,
    day,
    files,
    unitBytes: unitBytes ?? unitBytesFor(files),
    guideline: digest,
    valueSets: guideline.valueSets.filter(({ id }) => id === 'asps' || id === 'asps-cpt'),
  };
  if (readWritten(path) === undefined) writeOnce(path, JSON.stringify(wanted));
  const plan = readPlan(folder);
  const change = changeOf(plan, wanted);
  if (change !== undefined)
    throw new WorkFolderError(
      `${folder} belongs to another run: ${change}. Go on with what it was begun with, or take another folder with --work`,
    );
  return plan;
}

/** The plan that was written there. */
export function readPlan(folder: string): Plan {
  const plan = readWritten(planPath(folder)) as Plan | undefined;
  if (plan?.format !== 1) throw new WorkFolderError(`${folder} holds no work that this version can go on with`);
  return plan;
}

function planPath(folder: string): string {
  return join(folder, 'plan.json');
}

function changeOf(plan: Plan, wanted: Plan): string | undefined {
  const known = new Map(plan.files.map((file) => [file.path, file]));
  for (const file of wanted.files) {
    const before = known.get(file.path);
    if (before === undefined) return `${file.path} was not part of it`;
    if (before.bytes !== file.bytes || before.modified !== file.modified) return `${file.path} has changed since`;
    known.delete(file.path);
  }
  const [missing] = known.keys();
  if (missing !== undefined) return `${missing} was part of it`;
  return plan.guideline === wanted.guideline
    ? undefined
    : 'the cards, the value sets or the overlay have changed since';
}
