import type { JsonObject } from '../chart/reading.ts';
import { medicationOf, withIngredients } from './medication-reference.ts';
import { newestVersions } from './newest-versions.ts';
import type { PatientRecord } from './patient-record.ts';
import { patientsOf } from './patient-reference.ts';

/** Puts the resources of patients together that were collected from all over an export. */
export interface Assembler {
  /** In the order of the export. */
  readonly add: (resource: JsonObject) => void;
  /** By patient, with the Medications that their resources refer to; by id, so that the order is the same on every machine. */
  readonly records: () => readonly PatientRecord[];
}

/**
 * Each resource in its newest version.
 *
 * @param medications by id, with those that others are made of
 * @param madeOf what Medications are made of, by id
 */
export function createAssembler(
  isWanted: (patientId: string) => boolean,
  medications: ReadonlyMap<string, JsonObject>,
  madeOf: ReadonlyMap<string, readonly string[]>,
): Assembler {
  const byPatient = new Map<string, JsonObject[]>();
  return {
    add(resource) {
      for (const patientId of patientsOf(resource)) {
        if (!isWanted(patientId)) continue;
        const own = byPatient.get(patientId) ?? [];
        byPatient.set(patientId, own);
        own.push(resource);
      }
    },
    records: () =>
      [...byPatient]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([id, all]) => {
          const own = newestVersions(all);
          const orders = own.flatMap((resource) => medicationOf(resource) ?? []);
          const named = [...withIngredients(orders, madeOf)].map((one) => medications.get(one));
          return { id, resources: [...own, ...named.filter((one) => one !== undefined)] };
        }),
  };
}
