import { join } from 'node:path';
import { createAspsLines } from './asps-lines.ts';
import { lineBytes, openBucketFiles } from './bucket-files.ts';
import { CHART_TYPES } from './chart-types.ts';
import { createCollector, createMedicationPicker } from './collect.ts';
import { createFinder } from './find.ts';
import { type FoundInUnit, type FoundPatients, foundInUnit, readFound } from './found-patients.ts';
import type { LineSink } from './line-cutter.ts';
import { type Plan, planUnits } from './plan.ts';
import { readUnit, type UnitReading } from './read-unit.ts';
import type { StageOutputs } from './stages.ts';
import type { Unit } from './units.ts';
import { MEDICATIONS_FILE, readWanted } from './wanted-medications.ts';
import { makeFolder, moveFolder, partOf, removeFolder, writeWhole } from './work-folder.ts';

/** Reads one unit of the export for one of the stages, and leaves the stage's output of it behind. */
export type UnitJob = (index: number, onBytes: (bytes: number) => void) => Promise<void>;

/** The jobs of the stages that read the export; what they need is read when the first of them needs it. */
export function createUnitJobs(
  folder: string,
  plan: Plan,
  outputs: StageOutputs,
): Readonly<Record<'find' | 'collect' | 'medications', UnitJob>> {
  const units = planUnits(plan);
  const asps = createAspsLines(plan.valueSets);
  let found: (FoundPatients & { readonly ids: ReadonlySet<string> }) | undefined;
  let wanted: ReadonlySet<string> | undefined;

  async function read(
    index: number,
    sink: LineSink,
    onBytes: (bytes: number) => void,
  ): Promise<UnitReading & { readonly unit: Unit }> {
    const unit = units[index];
    if (unit === undefined) throw new RangeError(`There is no unit ${index}`);
    return { unit, ...(await readUnit(unit, sink, onBytes)) };
  }

  return {
    async find(index, onBytes) {
      const finder = createFinder(asps);
      const { bytes, isBroken } = await read(index, finder, onBytes);
      const inUnit: FoundInUnit = { ...finder.found(), bytes, isBroken };
      writeWhole(outputs.of('find', index), JSON.stringify(inUnit));
    },

    async collect(index, onBytes) {
      if (found === undefined) {
        const gathered = readFound(folder);
        found = { ...gathered, ids: new Set(gathered.patients) };
      }
      const place = outputs.of('collect', index);
      const part = partOf(place);
      removeFolder(part);
      makeFolder(part);
      const files = openBucketFiles(part);
      const { ids, buckets } = found;
      const collector = createCollector({ patients: ids, buckets, types: CHART_TYPES, write: files.write });
      if (ids.size > 0 && hasSome(outputs, index, CHART_TYPES)) await read(index, collector, onBytes);
      files.close();
      writeWhole(join(part, MEDICATIONS_FILE), JSON.stringify(collector.medications()));
      moveFolder(part, place);
    },

    async medications(index, onBytes) {
      wanted ??= readWanted(folder);
      const lines: Buffer[] = [];
      const picker = createMedicationPicker(wanted, (line) => lines.push(lineBytes(line)));
      if (wanted.size > 0 && hasSome(outputs, index, MEDICATION)) await read(index, picker, onBytes);
      writeWhole(outputs.of('medications', index), Buffer.concat(lines));
    },
  };
}

const MEDICATION: ReadonlySet<string> = new Set(['Medication']);

/** As `find` counted them: a unit without any need not be read again. */
function hasSome(outputs: StageOutputs, index: number, types: ReadonlySet<string>): boolean {
  return Object.keys(foundInUnit(outputs, index).resourcesByType).some((type) => types.has(type));
}
