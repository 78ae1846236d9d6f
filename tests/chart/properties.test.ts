import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { buildChart, type Chart, diagnoseFrom } from '../../src/chart/chart.ts';
import type { Evidence, Fact, Truth } from '../../src/chart/fact.ts';
import { ageBetween } from '../../src/chart/patient.ts';
import {
  type JsonObject,
  RESOURCE_KEYS,
  type Reading,
  type Readings,
  type ResourceKey,
} from '../../src/chart/reading.ts';
import { CRITERIA } from '../../src/guideline/criteria/registry.ts';
import { guideline, TODAY } from '../support/service.ts';
import {
  ASPS_SNOMED,
  asps,
  chartFrom,
  chartOf,
  clinically,
  coded,
  coding,
  condition,
  draftsOf,
  HISTOLOGY,
  ICD,
  ICD_O,
  LOINC,
  local,
  medicated,
  named,
  observation,
  RELATED_PRIMARY,
  RXNORM,
  SNOMED,
  terminology,
  verified,
} from './builders.ts';

const BRAIN = 'MRI brain';

/** Every question that a chart answers, by name. */
function factsOf(chart: Chart): Readonly<Record<string, Fact>> {
  return {
    metastatic: chart.spread.metastatic,
    unresectable: chart.spread.unresectable,
    stageFound: chart.spread.stageFound,
    otherActiveCancer: chart.spread.otherActiveCancer,
    ...chart.exposureTo,
    progression: chart.therapy.progressionOnImmunotherapy,
    progressionOnTki: chart.therapy.progressionOnTki,
    progressionOnLatest: chart.therapy.progressionOnLatest,
    systemicTherapyOngoing: chart.therapy.ongoing,
    diseaseWorsened: chart.therapy.worsened,
    stableOrBetter: chart.therapy.stableOrBetter,
    responding: chart.therapy.responding,
    lateResponseWindow: chart.therapy.lateResponseWindow,
    atezolizumabLong: chart.therapy.atezolizumabLong,
    brainMriDone: chart.brainMri.done,
    brainMriOrdered: chart.brainMri.ordered,
    chestCtDone: chart.chestCt.done,
    chestCtOrdered: chart.chestCt.ordered,
    symptoms: chart.neurologicalSymptoms,
    adult: ageBetween(chart.age, 18, Infinity, chart.readings),
    weight: chart.weight.fact,
  };
}

const statesOf = (chart: Chart) =>
  Object.fromEntries(Object.entries(factsOf(chart)).map(([name, { state }]) => [name, state]));

// Dates differ within a kind, so that "the latest" is one: a tie is another matter.
const date = fc.constantFrom('2024', '2025-11', '2026-03-11', '2026-03-12', '2026-06-10', '2026-09-01', '2026-11-20');
const maybe = (...choices: readonly JsonObject[]) => fc.constantFrom<JsonObject>({}, ...choices);

const conditionCode = fc.constantFrom<JsonObject>(
  { coding: [coding(ICD, 'C78.02'), local('Lung lesion')] },
  { coding: [coding(ICD, 'C50.911'), coding(SNOMED, '254837009', 'Breast cancer')] },
  { coding: [coding(ICD, 'C49.22'), coding(SNOMED, ASPS_SNOMED)], text: 'ASPS' },
  coded(ICD, 'R51.9'),
  { text: 'Metastasis to brain' },
  { text: 'Possible bone metastasis' },
  { text: 'Localised alveolar soft part sarcoma' },
  { text: 'Unresectable ASPS' },
  { text: 'Melanoma' },
);
const conditions = fc.array(
  fc
    .tuple(
      conditionCode,
      maybe(verified('confirmed'), verified('provisional'), verified('refuted')),
      maybe(clinically('active'), clinically('resolved')),
      fc.option(date, { nil: undefined }),
      maybe({ stage: [{ summary: { text: 'Stage IV' } }] }, { stage: [{ summary: { text: 'T2 N0 M0' } }] }),
      maybe({ extension: [{ url: RELATED_PRIMARY, valueReference: { reference: 'Condition/asps' } }] }),
    )
    .map(([code, verification, clinical, onsetDateTime, stage, related]) =>
      condition(code, {
        ...verification,
        ...clinical,
        ...(onsetDateTime === undefined ? {} : { onsetDateTime }),
        ...stage,
        ...related,
      }),
    ),
  { maxLength: 4 },
);
const drug = fc.constantFrom<JsonObject>(
  { coding: [coding(RXNORM, '1792776'), local('atezolizumab')] },
  { text: 'pembrolizumab' },
  coded(RXNORM, '714438'),
  { text: 'doxorubicin' },
  { text: 'ondansetron' },
);
const medications = (type: string, dateElement: string) =>
  fc.array(
    fc
      .tuple(
        drug,
        fc.constantFrom('active', 'completed', 'stopped', 'cancelled', 'not-done'),
        date,
        maybe({ statusReason: coded(SNOMED, '266721009') }, { intent: 'plan' }),
      )
      .map(([code, status, on, more]) => medicated(type, code, { status, [dateElement]: on, ...more })),
    { maxLength: 3 },
  );
const images = (type: string, dateElement: string, ...statuses: readonly string[]) =>
  fc.array(
    fc
      .tuple(
        fc.constantFrom(BRAIN, 'CT chest', 'PET/CT', 'X-ray'),
        fc.constantFrom(...statuses),
        fc.option(date, { nil: undefined }),
      )
      .map(([text, status, on]) => named(type, text, { status, ...(on === undefined ? {} : { [dateElement]: on }) })),
    { maxLength: 3 },
  );
const unlikeDates = { maxLength: 3, selector: (record: JsonObject) => record['effectiveDateTime'] };
const parts = fc.record({
  patient: fc
    .constantFrom('2008-11-22', '2008', '2020')
    .map((birthDate) => [{ resourceType: 'Patient', id: 'p1', birthDate }]),
  conditions: conditions.map((others) => [asps(), ...others]),
  procedures: images('Procedure', 'performedDateTime', 'completed', 'preparation', 'not-done'),
  medicationRequests: medications('MedicationRequest', 'authoredOn'),
  medicationAdministrations: medications('MedicationAdministration', 'effectiveDateTime'),
  medicationStatements: medications('MedicationStatement', 'effectiveDateTime'),
  serviceRequests: images('ServiceRequest', 'authoredOn', 'active', 'completed', 'revoked'),
  diagnosticReports: images('DiagnosticReport', 'effectiveDateTime', 'final', 'registered', 'cancelled'),
  imagingStudies: fc.constant<JsonObject[]>([]),
  observationsStaging: fc.array(
    fc
      .tuple(fc.constantFrom('21908-9', '21907-1'), fc.constantFrom('Stage IV', 'Stage II', 'M0', 'M1'))
      .map(([code, text]) => observation(coded(LOINC, code), { valueCodeableConcept: { text } })),
    { maxLength: 2 },
  ),
  observationsDiseaseStatus: fc.uniqueArray(
    fc
      .tuple(fc.constantFrom('271299001', '359746009', '268910001'), date)
      .map(([code, effectiveDateTime]) =>
        observation(coded(LOINC, '97509-4'), { valueCodeableConcept: coded(SNOMED, code), effectiveDateTime }),
      ),
    unlikeDates,
  ),
  observationsBodyWeight: fc.uniqueArray(
    fc
      .tuple(fc.constantFrom(70, 700), date)
      .map(([value, effectiveDateTime]) =>
        observation(coded(LOINC, '29463-7'), { valueQuantity: { value, code: 'kg' }, effectiveDateTime }),
      ),
    unlikeDates,
  ),
});

const READ: fc.Arbitrary<Reading['state']> = fc.constantFrom('complete', 'complete', 'incomplete', 'unread');

/** What every criterion answers: each part of the chart is read for one of them. */
function answersOf(chart: Chart): readonly Truth[] {
  return [...CRITERIA.values()].map((criterion) => criterion.evaluate(chart).state);
}

const EVERY_ANSWER = [...CRITERIA.values()].map(() => expect.stringMatching(/^(?:yes|no|unknown)$/));

/** Random charts, each resource with an id of its own, each part read to its end, in part or not at all. */
const charts: fc.Arbitrary<Readings> = fc
  .tuple(parts, fc.array(READ, { minLength: RESOURCE_KEYS.length, maxLength: RESOURCE_KEYS.length }))
  .map(([resources, states]) => {
    let count = 0;
    return new Map(
      RESOURCE_KEYS.map((key, at): [ResourceKey, Reading] => {
        const list = ((resources as Partial<Record<ResourceKey, readonly JsonObject[]>>)[key] ?? []).map((each) =>
          each['id'] === 'asps' ? each : { ...each, id: `x${(count += 1)}` },
        );
        const state = key === 'conditions' ? 'complete' : (states[at] ?? 'complete');
        if (state === 'unread') return [key, { state, reason: 'failed' }];
        return [
          key,
          state === 'complete' ? { state, resources: list } : { state, resources: list, reason: 'more-pages' },
        ];
      }),
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

describe('a source that is lost', () => {
  const lost = fc.constantFrom(...RESOURCE_KEYS.filter((key) => key !== 'conditions'));

  /** Names of the facts that changed in a way they may not. */
  function wronged(before: Chart, after: Chart, allowed: readonly string[]): readonly string[] {
    const now = statesOf(after);
    return Object.entries(statesOf(before)).flatMap(([name, was]) => {
      const change = `${was} → ${String(now[name])}`;
      return was === now[name] || allowed.includes(change) ? [] : [`${name}: ${change}`];
    });
  }

  /** What a source says and yet need not be read for; the first two are by the rules, the others a finding of their own. */
  const NOT_MISSED: Partial<Record<ResourceKey, readonly string[]>> = {
    medicationStatements: [
      'pd-1-pd-l1-inhibitor',
      'anti-angiogenic-tki',
      'anthracycline',
      'other-cytotoxic',
      'progression',
      'progressionOnTki',
      'progressionOnLatest',
      'systemicTherapyOngoing',
      'stableOrBetter',
      'responding',
      'lateResponseWindow',
      'atezolizumabLong',
    ],
    medicationAdministrations: ['anti-angiogenic-tki'],
    procedures: ['brainMriOrdered', 'chestCtOrdered'],
    diagnosticReports: ['brainMriOrdered', 'chestCtOrdered'],
  };

  test('leaves a fact as it was or makes it unknown: it never says no', () => {
    const allowed = ['yes → unknown', 'no → unknown', 'no → yes', 'unknown → yes'];
    fc.assert(
      fc.property(charts, lost, (readings, key) => {
        const after: Readings = new Map([...readings, [key, { state: 'unread', reason: 'failed' }]]);
        const wrong = wronged(chartFrom(readings), chartFrom(after), allowed);
        expect(wrong.filter((change) => NOT_MISSED[key]?.includes(change.split(':')[0] ?? '') !== true)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('in part makes a no unknown at most, if nothing of it is missing', () => {
    fc.assert(
      fc.property(charts, fc.constantFrom(...RESOURCE_KEYS), (readings, key) => {
        const reading = readings.get(key);
        if (reading?.state !== 'complete') return;
        const after: Readings = new Map([
          ...readings,
          [key, { ...reading, state: 'incomplete', reason: 'more-pages' }],
        ]);
        const wrong = wronged(chartFrom(readings), chartFrom(after), ['no → unknown']);
        // To be within it is not to have begun earlier, and not to have progressed.
        expect(wrong.filter((change) => change !== 'lateResponseWindow: yes → unknown')).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('turns a yes to a no nowhere, be it the Conditions themselves', () => {
    fc.assert(
      fc.property(charts, (readings) => {
        const before = chartFrom(readings);
        const after: Readings = new Map([...readings, ['conditions', { state: 'unread', reason: 'failed' }]]);
        const said = statesOf(chartFrom(after));
        const names = ['metastatic', 'stageFound', 'otherActiveCancer', 'symptoms'];
        const was = statesOf(before);
        expect(names.filter((name) => was[name] !== 'no' && said[name] === 'no')).toEqual([]);
      }),
    );
  });
});

describe('order says nothing', () => {
  const reordered = (list: readonly unknown[], seed: number): unknown[] =>
    list
      .map((each, at) => ({ each, key: Math.sin((at + 1) * (seed + 1)) }))
      .toSorted((a, b) => a.key - b.key)
      .map(({ each }) => each);

  test('of resources', () => {
    fc.assert(
      fc.property(charts, fc.nat(), (readings, seed) => {
        const after = mapResources(readings, (resources) => reordered(resources, seed) as JsonObject[]);
        expect(statesOf(chartFrom(after))).toEqual(statesOf(chartFrom(readings)));
        expect(diagnoseFrom(after, terminology)).toMatchObject({
          certainty: 'established',
          active: chartFrom(readings).diagnosis.active,
        });
      }),
      { numRuns: 500 },
    );
  });

  test('of codings', () => {
    const turn = (value: unknown, seed: number): unknown => {
      if (Array.isArray(value)) return value.map((each) => turn(each, seed));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([member, each]) => [
          member,
          member === 'coding' && Array.isArray(each) ? reordered(each, seed) : turn(each, seed),
        ]),
      );
    };
    fc.assert(
      fc.property(charts, fc.nat(), (readings, seed) => {
        const after = mapResources(readings, (resources) => turn(resources, seed) as JsonObject[]);
        expect(statesOf(chartFrom(after))).toEqual(statesOf(chartFrom(readings)));
      }),
      { numRuns: 500 },
    );
  });
});

test('a resource that is there twice is there once', () => {
  fc.assert(
    fc.property(charts, (readings) => {
      const twice = mapResources(readings, (resources) => [...resources, ...resources]);
      expect(statesOf(chartFrom(twice))).toEqual(statesOf(chartFrom(readings)));
    }),
  );
});

test('evidence refers only to resources that were given', () => {
  fc.assert(
    fc.property(charts, (readings) => {
      const drafts = draftsOf([
        named('ServiceRequest', BRAIN, { id: 'd1' }),
        medicated('MedicationRequest', 'doxorubicin', { id: 'd2' }),
      ]);
      const chart = chartFrom(readings, drafts);
      const given = new Set(['ServiceRequest/d1', 'MedicationRequest/d2']);
      for (const reading of readings.values()) {
        if (reading.state === 'unread') continue;
        for (const resource of reading.resources)
          given.add(`${String(resource['resourceType'])}/${String(resource['id'])}`);
      }
      const told: readonly Evidence[] = [
        ...chart.diagnosis.evidence,
        ...Object.values(factsOf(chart)).flatMap(({ evidence }) => evidence),
        ...chart.exposures.map(({ evidence }) => evidence),
        ...chart.imaging.map(({ evidence }) => evidence),
        ...(chart.drafts ?? []).map(({ evidence }) => evidence),
      ];
      expect(told.map(({ reference }) => reference).filter((reference) => !given.has(String(reference)))).toEqual([]);
    }),
  );
});

test('a yes has evidence, and an unknown says why', () => {
  fc.assert(
    fc.property(charts, (readings) => {
      for (const [name, fact] of Object.entries(factsOf(chartFrom(readings)))) {
        const explained =
          fact.state === 'yes'
            ? fact.evidence.length > 0
            : fact.state === 'no' || fact.doubt !== undefined || fact.unread.length > 0;
        expect([name, explained]).toEqual([name, true]);
      }
    }),
  );
});

test('what was read is not changed', () => {
  fc.assert(
    fc.property(charts, (readings) => {
      const before = JSON.stringify([...readings]);
      chartFrom(readings);
      expect(JSON.stringify([...readings])).toBe(before);
    }),
  );
});

describe('whatever stands in a resource', () => {
  const json = fc.jsonValue();
  const rich: Readings = new Map(
    Object.entries({
      patient: [{ resourceType: 'Patient', id: 'p1', birthDate: '2000-01-01' }],
      conditions: [
        asps({
          stage: [{ summary: { text: 'Stage IV' } }],
          extension: [{ url: HISTOLOGY, valueCodeableConcept: coded(ICD_O, '9581/3') }],
          category: [coded('x', 'problem-list-item')],
          ...clinically('active'),
        }),
        condition(coded(ICD, 'C78.02'), {
          extension: [{ url: RELATED_PRIMARY, valueReference: { reference: 'Condition/asps' } }],
        }),
      ],
      procedures: [
        named('Procedure', BRAIN, { status: 'completed', performedPeriod: { start: '2026' }, bodySite: [] }),
      ],
      medicationRequests: [
        medicated('MedicationRequest', 'pembrolizumab', {
          status: 'stopped',
          intent: 'order',
          authoredOn: '2026-03-01',
          statusReason: coded(SNOMED, '266721009'),
          medicationReference: { reference: '#m', display: 'x' },
          contained: [{ resourceType: 'Medication', id: 'm', ingredient: [{ itemReference: { reference: '#m' } }] }],
          reasonCode: [{ text: 'Breast cancer' }],
          reasonReference: [{ reference: 'Condition/c1' }],
        }),
      ],
      medicationAdministrations: [
        medicated('MedicationAdministration', 'atezolizumab', { effectivePeriod: { start: '2026' } }),
      ],
      medicationStatements: [medicated('MedicationStatement', 'pazopanib', { effectiveDateTime: '2026' })],
      serviceRequests: [named('ServiceRequest', BRAIN, { status: 'completed', intent: 'order', authoredOn: '2026' })],
      diagnosticReports: [named('DiagnosticReport', 'CT chest', { status: 'final', issued: '2026-07-01' })],
      imagingStudies: [
        {
          resourceType: 'ImagingStudy',
          started: '2026',
          description: 'MR',
          modality: [{ code: 'MR' }],
          series: [{ modality: { code: 'MR' }, bodySite: { display: 'Brain' } }],
          procedureCode: [coded(LOINC, '24590-2')],
        },
      ],
      observationsStaging: [observation(coded(LOINC, '21908-9'), { valueCodeableConcept: { text: 'Stage IV' } })],
      observationsDiseaseStatus: [
        observation(coded(LOINC, '97509-4'), {
          valueCodeableConcept: coded(SNOMED, '271299001'),
          effectiveDateTime: '2026-09-01',
        }),
      ],
      observationsBodyWeight: [
        observation(coded(LOINC, '29463-7'), {
          valueQuantity: { value: 70, code: 'kg' },
          effectiveDateTime: '2026-11-20',
        }),
      ],
      encounters: [
        {
          resourceType: 'Encounter',
          id: 'e1',
          status: 'finished',
          type: [{ text: 'Palliative care consultation' }],
          period: { start: '2026-08-01', end: '2026-08-02' },
          serviceProvider: { display: 'Sarcoma centre' },
        },
      ],
      careTeams: [
        {
          resourceType: 'CareTeam',
          id: 't1',
          status: 'active',
          name: 'Sarcoma team',
          participant: [{ member: { display: 'Sarcoma surgeon' }, onBehalfOf: { display: 'Sarcoma centre' } }],
        },
      ],
      observationsPerformanceStatus: [
        observation(coded(LOINC, '89247-1'), { valueInteger: 1, effectiveDateTime: '2026-10-01' }),
      ],
      observationsBiomarkers: [
        observation(coded(LOINC, '94076-7'), {
          valueQuantity: { value: 12, unit: 'mut/Mb' },
          effectiveDateTime: '2026-10-01',
        }),
        observation(coded(LOINC, '69548-6'), {
          id: 'o2',
          valueCodeableConcept: coded(LOINC, 'LA9633-4'),
          component: [{ code: coded(LOINC, '48018-6'), valueCodeableConcept: { text: 'TFE3' } }],
          interpretation: [{ text: 'positive' }],
        }),
      ],
      observationsLaboratory: [
        observation(coded(LOINC, '1920-8'), {
          valueQuantity: { value: 30, unit: 'U/L' },
          effectiveDateTime: '2026-11-15',
        }),
        observation(coded(LOINC, '2118-8'), {
          id: 'o2',
          valueCodeableConcept: { text: 'Negative' },
          effectiveDateTime: '2026-11-15',
        }),
      ],
    } satisfies Record<ResourceKey, readonly JsonObject[]>).map(([key, resources]) => [
      key as ResourceKey,
      { state: 'complete', resources },
    ]),
  );

  /** Where every member of a value stands, at every depth. */
  function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([member, each]) => {
      const here = [...path, member];
      return [here, ...pathsOf(each, here)];
    });
  }

  function put(value: unknown, [member, ...rest]: readonly string[], replacement: unknown): unknown {
    if (member === undefined) return replacement;
    if (Array.isArray(value))
      return value.map((each, at) => (String(at) === member ? put(each, rest, replacement) : each));
    return { ...(value as JsonObject), [member]: put((value as JsonObject)[member], rest, replacement) };
  }

  const members = [...rich].flatMap(([key, reading]) =>
    reading.state === 'unread'
      ? []
      : pathsOf(reading.resources[0]).map((path) => ({ key, resource: reading.resources[0], path })),
  );

  test('in place of any member, the chart can be read', () => {
    fc.assert(
      fc.property(fc.constantFrom(...members), json, ({ key, resource, path }, value) => {
        const changed = put(resource, path, value) as JsonObject;
        const readings: Readings = new Map([...rich, [key, { state: 'complete', resources: [changed] }]]);
        expect(answersOf(chartFrom(readings, draftsOf([changed])))).toEqual(EVERY_ANSWER);
      }),
      { numRuns: 2000 },
    );
  });

  test('null, nothing, a number, a text, a list or an object in place of each member', () => {
    for (const { key, resource, path } of members) {
      for (const value of [null, undefined, 0, '', 'x', [], [null], [[]], {}, true]) {
        const changed = put(resource, path, value) as JsonObject;
        const readings: Readings = new Map([...rich, [key, { state: 'complete', resources: [changed] }]]);
        expect(answersOf(chartFrom(readings, draftsOf([changed, value])))).toEqual(EVERY_ANSWER);
      }
    }
  });

  test('and any objects in place of the resources', () => {
    const type = fc.constantFrom(
      'Condition',
      'Observation',
      'MedicationRequest',
      'Procedure',
      'ServiceRequest',
      'Patient',
    );
    const resource = fc
      .tuple(fc.dictionary(fc.constantFrom('code', 'status', 'id', 'subject', 'contained', 'series'), json), type)
      .map(([members_, resourceType]): JsonObject => ({ ...members_, resourceType }));
    fc.assert(
      fc.property(fc.constantFrom(...RESOURCE_KEYS), fc.array(resource), fc.array(json), (key, resources, drafts) => {
        const readings: Readings = new Map([...rich, [key, { state: 'complete', resources }]]);
        const diagnosis = diagnoseFrom(rich, terminology);
        const context = { drafts: draftsOf([...resources, ...drafts]) };
        expect(answersOf(buildChart('p1', diagnosis, readings, context, guideline, TODAY))).toEqual(EVERY_ANSWER);
        expect(answersOf(chartFrom(readings))).toEqual(EVERY_ANSWER);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a hostile resource', () => {
  test.each([
    [
      'the status of an order',
      { medicationRequests: [medicated('MedicationRequest', 'opdivo', { status: { toString: 1 } })] },
    ],
    ['a modality', { imagingStudies: [{ resourceType: 'ImagingStudy', modality: [{ code: { toString: 1 } }] }] }],
  ])('an object with a member toString is no reason to fail: %s', (_claim, given) => {
    expect(() => chartOf(given)).not.toThrow();
  });

  test('nor is it in a draft', () => {
    expect(() =>
      chartOf({}, draftsOf([medicated('MedicationRequest', 'opdivo', { status: { toString: 1 } })])),
    ).not.toThrow();
  });

  test('any JSON in place of a status', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom('toString', 'valueOf'), fc.jsonValue())),
        (status) => {
          const order = medicated('MedicationRequest', 'opdivo', { status });
          expect(() => chartOf({ medicationRequests: [order] }, draftsOf([order]))).not.toThrow();
        },
      ),
    );
  });

  test('a Medication of 200,000 codings can be read', () => {
    const code = { coding: Array.from({ length: 200_000 }, () => ({ system: 'a', code: 'b' })) };
    const order = {
      resourceType: 'MedicationRequest',
      medicationReference: { reference: '#m' },
      contained: [{ id: 'm', code }],
    };
    expect(() => chartOf({ medicationRequests: [order] })).not.toThrow();
  });

  test('so can 15,000 orders of nine drugs each', () => {
    const nine = 'opdivo keytruda tecentriq imfinzi bavencio jemperli libtayo loqtorzi camrelizumab';
    const medicationRequests = Array.from({ length: 15_000 }, () =>
      medicated('MedicationRequest', nine, { authoredOn: '2026' }),
    );
    expect(() => chartOf({ medicationRequests })).not.toThrow();
  });

  test('a Medication that is twenty times its own ingredient is read at once', () => {
    const ingredient = Array.from({ length: 20 }, () => ({ itemReference: { reference: '#m' } }));
    const order = {
      resourceType: 'MedicationRequest',
      medicationReference: { reference: '#m' },
      contained: [{ id: 'm', ingredient }],
    };
    const started = performance.now();
    chartOf({ medicationRequests: [order] });
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('so is a stage of 30,000 spaces', () => {
    const staged = asps({ stage: [{ summary: { text: `stage${' '.repeat(30_000)}x` } }] });
    const started = performance.now();
    chartOf({ conditions: [staged] });
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
