import { join } from 'node:path';
import type { FoundPatients } from './found-patients.ts';
import { withIngredients } from './medication-reference.ts';
import { requireComplete, type StageOutputs } from './stages.ts';
import { readWritten, writeOnce } from './work-folder.ts';

/** Beside a unit's buckets: the Medications that their lines refer to. */
export const MEDICATIONS_FILE = 'medications.json';

/**
 * The ids of the Medications that the collected lines refer to, with all that these are made of.
 *
 * @throws {WorkFolderError} if `collect` is not complete
 */
export function gatherWanted(
  folder: string,
  outputs: StageOutputs,
  units: number,
  { madeOf }: FoundPatients,
): ReadonlySet<string> {
  const known = readWritten(wantedPath(folder)) as readonly string[] | undefined;
  if (known !== undefined) return new Set(known);
  requireComplete(outputs, 'collect', units);
  const named = new Set<string>();
  for (let index = 0; index < units; index++) {
    const inUnit = (readWritten(join(outputs.of('collect', index), MEDICATIONS_FILE)) ?? []) as readonly string[];
    for (const id of inUnit) named.add(id);
  }
  const wanted = withIngredients(named, new Map(madeOf));
  writeOnce(wantedPath(folder), JSON.stringify([...wanted].toSorted()));
  return wanted;
}

export function readWanted(folder: string): ReadonlySet<string> {
  return new Set((readWritten(wantedPath(folder)) ?? []) as readonly string[]);
}

function wantedPath(folder: string): string {
  return join(folder, 'wanted.json');
}
