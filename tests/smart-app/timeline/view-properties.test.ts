import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type JsonObject, RESOURCE_KEYS, type Readings } from '../../../src/chart/reading.ts';
import { layoutOf } from '../../../src/smart-app/timeline/layout.ts';
import { boundsOf } from '../../../src/smart-app/timeline/placement.ts';
import { eventsOf } from '../../../src/smart-app/timeline/table.tsx';
import { timelineOf } from '../../../src/smart-app/timeline/view.ts';
import { asps } from '../../chart/builders.ts';
import { situationFrom } from '../header/situation-of.ts';

const date = fc.oneof(
  fc.constantFrom(
    '2026-11-30',
    '2025',
    '2024-02',
    '2026-02-30',
    '0001-01-01',
    '9999',
    '',
    'soon',
    '2024-05-01T10:00:00Z',
  ),
  fc.integer({ min: 1980, max: 2035 }).map((year) => `${year}-03-04`),
  fc.constantFrom<unknown>(null, 7, {}, []),
);
const period = fc.oneof(fc.record({ start: date, end: date }, { requiredKeys: [] }), date);
const text = fc.constantFrom(
  'CT chest',
  'MRI brain',
  'MRI left thigh',
  'Wide excision of sarcoma',
  'Lung metastases',
  'Radiotherapy',
  'Radiosurgery of brain metastasis',
  'Biopsy',
  'Referral to sarcoma surgery',
  'pazopanib 800 mg',
  'atezolizumab',
  'ECOG performance status',
  'TFE3 rearrangement: present',
  'PD-L1',
  'TMB',
  'Stage IV',
  '<b>\u202E',
);
const concept = fc.oneof(
  text.map((one) => ({ text: one })),
  fc.constantFrom('97509-4', '83052-1', '95779-5', '94076-7', '89247-1').map((code) => ({
    coding: [{ system: 'http://loinc.org', code }],
  })),
  fc.constantFrom<unknown>(null, 'CT', [], 3),
);
const member = {
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  status: fc.constantFrom<unknown>(
    'final',
    'active',
    'completed',
    'stopped',
    'on-hold',
    'draft',
    'unknown',
    undefined,
    3,
  ),
  intent: fc.constantFrom('order', 'plan'),
  code: concept,
  medicationCodeableConcept: concept,
  valueCodeableConcept: fc.oneof(
    concept,
    fc.constant({ coding: [{ system: 'http://snomed.info/sct', code: '271299001' }] }),
  ),
  valueInteger: fc.constantFrom(1, 99),
  description: text,
  onsetDateTime: date,
  recordedDate: date,
  abatementDateTime: date,
  onsetPeriod: period,
  effectiveDateTime: date,
  effectivePeriod: period,
  performedDateTime: date,
  performedPeriod: period,
  occurrenceDateTime: date,
  occurrencePeriod: period,
  authoredOn: date,
  started: date,
};
const TYPES = [
  'Condition',
  'Procedure',
  'MedicationRequest',
  'MedicationAdministration',
  'MedicationStatement',
  'ServiceRequest',
  'DiagnosticReport',
  'ImagingStudy',
  'Observation',
];
const resource: fc.Arbitrary<JsonObject> = fc
  .tuple(fc.constantFrom(...TYPES), fc.record(member, { requiredKeys: ['code', 'medicationCodeableConcept'] }))
  .map(([resourceType, members]) => ({ resourceType, ...members }));

/** Every part holds all of them: each reader takes what is of its type. */
const readings = fc
  .array(resource, { maxLength: 12 })
  .map(
    (resources): Readings =>
      new Map(RESOURCE_KEYS.map((key) => [key, { state: 'complete', resources: [asps(), ...resources] }])),
  );

test('whatever a chart holds, each event lies within the span, and picture and table hold the same', () => {
  let seen = 0;
  fc.assert(
    fc.property(readings, (all) => {
      const view = timelineOf(situationFrom('p1', all));
      const { from, to } = view.span;
      expect(from).toBeLessThan(view.today);
      expect(to).toBeGreaterThan(view.today);
      const placed = view.tracks.flatMap(({ lanes }) => lanes.flatMap(({ events }) => events));
      for (const { placement } of placed) {
        for (const day of placement === undefined ? [] : boundsOf(placement)) {
          expect(day).toBeGreaterThanOrEqual(from);
          expect(day).toBeLessThan(to);
        }
      }
      const { rows } = layoutOf(view, view.span, 900);
      const drawn = rows.flatMap(({ marks }) => marks.map(({ event }) => event.id));
      const unplaced = view.tracks.flatMap((track) => track.unplaced.map(({ id }) => id));
      expect([...drawn, ...unplaced].toSorted()).toEqual(
        view.tracks
          .flatMap(eventsOf)
          .map(({ id }) => id)
          .toSorted(),
      );
      expect(JSON.stringify(rows.map(({ marks }) => marks.map(({ extents }) => extents)))).not.toContain('null');
      seen += placed.length;
    }),
    { numRuns: 200 },
  );
  // It is no test of empty charts.
  expect(seen).toBeGreaterThan(100);
});
