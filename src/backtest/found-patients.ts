import { join } from 'node:path';
import { ExportError } from './export-files.ts';
import type { FoundInLines } from './find.ts';
import { requireComplete, type StageOutputs } from './stages.ts';
import { readWritten, WorkFolderError, writeOnce } from './work-folder.ts';

/** What `find` leaves of a unit. */
export interface FoundInUnit extends FoundInLines {
  readonly bytes: number;
  readonly isBroken: boolean;
}

/** Whom all of `find` found: what the later stages go by. Holds ids of patients. */
export interface FoundPatients {
  readonly patients: readonly string[];
  /** Into how many parts they are divided. */
  readonly buckets: number;
  readonly madeOf: readonly (readonly [string, readonly string[]])[];
}

/** The charts of so many patients are in the memory of a worker at a time. */
const PATIENTS_IN_A_BUCKET = 16;
const MOST_BUCKETS = 1024;

/**
 * Puts together what was found in all units, and writes it down for the workers of the stages to come.
 *
 * @throws {WorkFolderError} if `find` is not complete
 * @throws {ExportError} if nobody can be found in the export, so that no numbers of it would mean anything
 */
export function gatherFound(folder: string, outputs: StageOutputs, units: number): FoundPatients {
  const known = readWritten(foundPath(folder)) as FoundPatients | undefined;
  if (known !== undefined) return known;
  requireComplete(outputs, 'find', units);
  const patients = new Set<string>();
  const madeOf: FoundPatients['madeOf'][number][] = [];
  let readable = 0;
  let conditions = 0;
  for (let index = 0; index < units; index++) {
    const found = foundInUnit(outputs, index);
    for (const id of found.patients) patients.add(id);
    for (const one of found.madeOf) madeOf.push(one);
    readable += found.lines - found.unreadableLines;
    conditions += found.resourcesByType['Condition'] ?? 0;
  }
  if (readable === 0) throw new ExportError('Nothing of the export can be read: no line of it is a FHIR resource');
  if (conditions === 0) throw new ExportError('No patient can be found: the export has no Condition that can be read');
  const found: FoundPatients = {
    patients: [...patients].toSorted(),
    buckets: Math.min(MOST_BUCKETS, Math.ceil(patients.size / PATIENTS_IN_A_BUCKET)),
    madeOf,
  };
  writeOnce(foundPath(folder), JSON.stringify(found));
  return found;
}

export function readFound(folder: string): FoundPatients {
  const found = readWritten(foundPath(folder)) as FoundPatients | undefined;
  if (found === undefined) throw new WorkFolderError('The stage find is not complete');
  return found;
}

export function foundInUnit(outputs: StageOutputs, index: number): FoundInUnit {
  const found = readWritten(outputs.of('find', index)) as FoundInUnit | undefined;
  if (found === undefined) throw new WorkFolderError(`The stage find is not complete: piece ${index} is missing`);
  return found;
}

function foundPath(folder: string): string {
  return join(folder, 'found.json');
}
