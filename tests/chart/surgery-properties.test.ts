import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Chart } from '../../src/chart/chart.ts';
import type { Fact } from '../../src/chart/fact.ts';
import {
  type JsonObject,
  RESOURCE_KEYS,
  type Reading,
  type Readings,
  type ResourceKey,
} from '../../src/chart/reading.ts';
import { SURGERY_CRITERIA } from '../../src/guideline/criteria/surgery.ts';
import {
  asps,
  chartFrom,
  clinically,
  coded,
  condition,
  draftsOf,
  ICD,
  LOINC,
  named,
  observation,
  SNOMED,
} from './builders.ts';

const answersOf = (chart: Chart): Readonly<Record<string, Fact>> =>
  Object.fromEntries(SURGERY_CRITERIA.map(({ id, evaluate }) => [id, evaluate(chart)]));
const saidOf = (chart: Chart) =>
  Object.fromEntries(Object.entries(answersOf(chart)).map(([id, { state, value }]) => [id, `${state} ${value ?? ''}`]));

const date = fc.option(
  fc.constantFrom(
    '2024',
    '2025-02',
    '2025-03-20',
    '2026-03-11',
    '2026-04-01',
    '2026-06-10',
    '2026-08-20',
    '2026-09-15',
    '2026-11-20',
  ),
  { nil: undefined },
);
const optional = (member: string, value: unknown): JsonObject => (value === undefined ? {} : { [member]: value });
const reason = fc.constantFrom<JsonObject>(
  {},
  { reasonReference: [{ reference: 'Condition/asps' }] },
  { reasonCode: [{ text: 'Melanoma' }] },
);
const operation = fc.constantFrom<JsonObject>(
  { text: 'Wide excision of soft tissue sarcoma' },
  { text: 'Excision of mass' },
  coded(SNOMED, '397117006', 'Amputation of lower limb'),
  { text: 'VATS wedge resection of lung' },
  { text: 'Core needle biopsy' },
  coded(SNOMED, '1217123003', 'Radiotherapy course'),
  { text: 'Referral to sarcoma surgery' },
  { text: 'CT chest' },
  { text: 'MRI brain' },
);
const services = (type: string, dateElement: string, ...statuses: readonly string[]) =>
  fc.array(
    fc
      .tuple(operation, fc.constantFrom(...statuses), date, reason)
      .map(([code, status, on, more]) => named(type, code, { status, ...optional(dateElement, on), ...more })),
    { maxLength: 4 },
  );
const parts = fc.record({
  conditions: fc
    .array(
      fc
        .tuple(
          fc.constantFrom<JsonObject>(
            coded(ICD, 'C78.02'),
            coded(ICD, 'C79.51'),
            { text: 'Metastatic alveolar soft part sarcoma' },
            { text: 'Possible liver metastasis' },
            { text: 'Melanoma' },
          ),
          fc.constantFrom<JsonObject>({}, clinically('active'), clinically('resolved')),
          date,
        )
        .map(([code, clinical, on]) => condition(code, { ...clinical, ...optional('onsetDateTime', on) })),
      { maxLength: 3 },
    )
    .map((others) => [asps({ onsetDateTime: '2025-03-01' }), ...others]),
  procedures: services('Procedure', 'performedDateTime', 'completed', 'preparation', 'not-done', 'unknown'),
  serviceRequests: services('ServiceRequest', 'authoredOn', 'active', 'completed', 'revoked'),
  diagnosticReports: fc.array(
    fc
      .tuple(
        fc.constantFrom('CT chest', 'MRI brain', 'Surgical pathology'),
        fc.constantFrom('Margins positive', 'Margins free', ''),
        fc.constantFrom('final', 'registered'),
        date,
      )
      .map(([text, conclusion, status, on]) =>
        named('DiagnosticReport', text, { conclusion, status, ...optional('effectiveDateTime', on) }),
      ),
    { maxLength: 4 },
  ),
  observationsStaging: fc.array(
    fc
      .tuple(fc.constantFrom('positive', 'R0', 'R1', 'cannot be assessed'), date)
      .map(([valueString, on]) =>
        observation(coded(LOINC, '84892-9'), { valueString, ...optional('effectiveDateTime', on) }),
      ),
    { maxLength: 2 },
  ),
});

const charts: fc.Arbitrary<Readings> = parts.map((resources) => {
  let count = 0;
  return new Map(
    RESOURCE_KEYS.map((key): [ResourceKey, Reading] => [
      key,
      {
        state: 'complete',
        resources: ((resources as Partial<Record<ResourceKey, readonly JsonObject[]>>)[key] ?? []).map((each) =>
          each['id'] === 'asps' ? each : { ...each, id: `x${(count += 1)}` },
        ),
      },
    ]),
  );
});

const mapResources = (
  readings: Readings,
  change: (resources: readonly JsonObject[]) => readonly JsonObject[],
): Readings =>
  new Map(
    [...readings].map(([key, reading]): [ResourceKey, Reading] => [
      key,
      reading.state === 'unread' ? reading : { ...reading, resources: change(reading.resources) },
    ]),
  );

test('the order of resources says nothing', () => {
  fc.assert(
    fc.property(charts, fc.nat(), (readings, seed) => {
      const reordered = mapResources(readings, (resources) =>
        resources
          .map((resource, at) => ({ resource, key: Math.sin((at + 1) * (seed + 1)) }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ resource }) => resource),
      );
      expect(saidOf(chartFrom(reordered))).toEqual(saidOf(chartFrom(readings)));
    }),
    { numRuns: 500 },
  );
});

test('a resource that is there twice is there once', () => {
  fc.assert(
    fc.property(charts, (readings) => {
      const twice = mapResources(readings, (resources) => [...resources, ...resources]);
      expect(saidOf(chartFrom(twice))).toEqual(saidOf(chartFrom(readings)));
    }),
    { numRuns: 300 },
  );
});

describe('a source that is lost', () => {
  const lost = fc.constantFrom<ResourceKey>(
    'procedures',
    'serviceRequests',
    'diagnosticReports',
    'observationsStaging',
  );
  /** A closed order or a report only hints at what the decisive sources would show. */
  const HINTS: Partial<Record<ResourceKey, readonly string[]>> = {
    serviceRequests: ['primary-resected', 'positive-margin', 'interval-ct-met', 'interval-ct-due'],
    diagnosticReports: ['primary-resected', 'positive-margin'],
  };

  test('makes no fact a no', () => {
    fc.assert(
      fc.property(charts, lost, (readings, key) => {
        const before = answersOf(chartFrom(readings));
        const after = answersOf(chartFrom(new Map([...readings, [key, { state: 'unread', reason: 'failed' }]])));
        const wronged = Object.keys(before).filter(
          (id) => before[id]?.state !== 'no' && after[id]?.state === 'no' && HINTS[key]?.includes(id) !== true,
        );
        expect(wronged).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

test('evidence is what was given, and values are in our own words', () => {
  fc.assert(
    fc.property(charts, (readings) => {
      const given = new Set(
        [...readings.values()].flatMap((reading) =>
          reading.state === 'unread'
            ? []
            : reading.resources.map(({ resourceType, id }) => `${String(resourceType)}/${String(id)}`),
        ),
      );
      for (const { evidence, value } of Object.values(answersOf(chartFrom(readings)))) {
        for (const { reference } of evidence) expect(given).toContain(reference);
        expect(value ?? '').toMatch(/^[\w ,()-]*$/);
      }
    }),
    { numRuns: 200 },
  );
});

describe('never throws', () => {
  const MEMBERS = [
    'code',
    'status',
    'intent',
    'date',
    'performedDateTime',
    'performedPeriod',
    'effectiveDateTime',
    'authoredOn',
    'onsetDateTime',
    'recordedDate',
    'bodySite',
    'category',
    'conclusion',
    'conclusionCode',
    'outcome',
    'note',
    'reasonCode',
    'reasonReference',
    'focus',
    'valueCodeableConcept',
    'valueString',
    'clinicalStatus',
    'verificationStatus',
    'extension',
    'id',
  ];

  test('whatever any member is', () => {
    fc.assert(
      fc.property(charts, fc.constantFrom(...MEMBERS), fc.anything(), fc.nat(), (readings, member, value, at) => {
        const hostile = mapResources(readings, (resources) =>
          resources.map((resource, index) => (index % 3 === at % 3 ? { ...resource, [member]: value } : resource)),
        );
        for (const { state } of Object.values(answersOf(chartFrom(hostile))))
          expect(state).toMatch(/^(yes|no|unknown)$/);
      }),
      { numRuns: 1000 },
    );
  });

  test('whatever a draft is', () => {
    fc.assert(
      fc.property(charts, operation, fc.constantFrom(...MEMBERS), fc.anything(), (readings, code, member, value) => {
        const drafts = draftsOf([named('ServiceRequest', code, { status: 'draft', [member]: value }), value]);
        for (const { state } of Object.values(answersOf(chartFrom(readings, drafts))))
          expect(state).toMatch(/^(yes|no|unknown)$/);
      }),
      { numRuns: 300 },
    );
  });

  test('at the ends of the calendar', () => {
    fc.assert(
      fc.property(charts, fc.constantFrom('0000', '0001-01-01', '9999', '9999-12-31'), (readings, end) => {
        const extreme = mapResources(readings, (resources) =>
          resources.map((resource) => ({
            ...resource,
            onsetDateTime: end,
            performedDateTime: end,
            effectiveDateTime: end,
          })),
        );
        expect(() => answersOf(chartFrom(extreme))).not.toThrow();
      }),
    );
  });
});
