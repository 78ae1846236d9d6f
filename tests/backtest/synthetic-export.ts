import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Resource } from '../../src/ehr-demo/patient-store.ts';
import { loadPatient } from '../../src/ehr-demo/scenarios.ts';

/** Of the synthetic patients: with ASPS, with other diseases, and one whose drugs are resources of their own. */
const PATIENTS = [
  'metastatic-untreated',
  'localised-by-text',
  'family-history-only',
  'primary-care',
  'on-pazopanib',
  'progressed-on-both',
  'abbreviation-only',
] as const;

/** Those of them that ASPS is established or suspected of. */
export const WITH_ASPS = PATIENTS.filter((name) => name !== 'family-history-only' && name !== 'primary-care');

/** Where an order says what it is of: in itself, or in Medications of their own, as servers with one for each order have it. */
export type Medications = 'within' | 'apart';

function resources(medications: Medications): readonly Resource[] {
  return PATIENTS.flatMap((name) => loadPatient(name).resources).flatMap((resource) => {
    if (medications === 'within') return [resource];
    const { medicationCodeableConcept: code, ...order } = resource;
    if (code === undefined) return [resource];
    const id = `of-${resource.id}`;
    return [
      {
        ...order,
        resourceType: resource.resourceType,
        id: resource.id,
        medicationReference: { reference: `Medication/${id}` },
      },
      // A product made of another: the drug stands one reference further.
      {
        resourceType: 'Medication',
        id,
        ingredient: [{ itemReference: { reference: `Medication/${id}-substance` } }],
      },
      { resourceType: 'Medication', id: `${id}-substance`, code },
    ];
  });
}

/** Writes an export of them as a server does: a file for each type, some compressed, some in a folder of their own. */
export function writeSyntheticExport(folder: string, medications: Medications = 'apart'): void {
  mkdirSync(join(folder, 'more'), { recursive: true });
  const byType = Map.groupBy(resources(medications), ({ resourceType }) => resourceType);
  for (const [type, all] of byType) {
    const content = all.map((resource) => `${JSON.stringify(resource)}\n`).join('');
    if (type === 'Observation') writeFileSync(join(folder, 'more', `${type}.000.ndjson.gz`), gzipSync(content));
    else writeFileSync(join(folder, `${type}.ndjson`), content);
  }
  writeFileSync(join(folder, 'manifest.json'), '{"output":[]}');
}
