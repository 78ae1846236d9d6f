import { createHash } from 'node:crypto';
import { eachLine, type LineSink } from './line-cutter.ts';
import { parseLine, resourceTypeIn } from './line-json.ts';
import { medicationOf } from './medication-reference.ts';
import { createPatientLines } from './patient-lines.ts';
import { patientsOf } from './patient-reference.ts';

/** The bucket of a patient: the same on every machine. */
export function bucketOf(patientId: string, buckets: number): number {
  return createHash('sha256').update(patientId).digest().readUInt32BE(0) % buckets;
}

/** Where lines go that belong to a patient with ASPS. */
export interface Collecting {
  readonly patients: ReadonlySet<string>;
  readonly buckets: number;
  /** The types that a chart is made of; others are passed over. */
  readonly types: ReadonlySet<string>;
  readonly write: (bucket: number, line: string) => void;
}

/** Picks the lines of these patients, each as it stands, and notes the Medications that they refer to. */
export function createCollector({ patients, buckets, types, write }: Collecting): LineSink & {
  readonly medications: () => readonly string[];
} {
  const ofPatients = createPatientLines(patients);
  const medications = new Set<string>();

  function take(line: string): void {
    const type = resourceTypeIn(line);
    if (type === undefined || !types.has(type)) return;
    const resource = parseLine(line);
    if (resource?.['resourceType'] !== type) return;
    const own = patientsOf(resource).filter((id) => patients.has(id));
    if (own.length === 0) return;
    for (const bucket of new Set(own.map((id) => bucketOf(id, buckets)))) write(bucket, line);
    const medication = medicationOf(resource);
    if (medication !== undefined) medications.add(medication);
  }

  return {
    lines: (text) => ofPatients.eachCandidate(text, take),
    tooLong() {},
    medications: () => [...medications],
  };
}

/** Picks the Medications with these ids. */
export function createMedicationPicker(wanted: ReadonlySet<string>, write: (line: string) => void): LineSink {
  return {
    lines: (text) =>
      eachLine(text, (line) => {
        if (resourceTypeIn(line) !== 'Medication') return;
        const id = parseLine(line)?.['id'];
        if (typeof id === 'string' && wanted.has(id)) write(line);
      }),
    tooLong() {},
  };
}
