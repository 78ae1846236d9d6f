import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { AS_OF_ELEMENTS, dayText, isUndated, knownOn, knownSince, readDay } from '../../src/backtest/as-of.ts';
import { CHART_TYPES } from '../../src/backtest/chart-types.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { documentAt } from '../docs/documents.ts';
import { evaluated, exported, patientRecord } from './exported-patients.ts';

const TODAY = day('2026-11-22');

function day(text: string): number {
  const found = readDay(text);
  if (found === undefined) throw new Error(text);
  return found;
}

function sinceOf(resource: JsonObject): string | undefined {
  const since = knownSince(resource);
  return since === undefined ? undefined : dayText(since);
}

describe('when a resource came to be known', () => {
  test.each<[string, JsonObject, string | undefined]>([
    [
      'a Condition, when it was recorded',
      { resourceType: 'Condition', recordedDate: '2024-05-02', onsetDateTime: '2023-01-01' },
      '2024-05-02',
    ],
    ['one that does not say, when it began', { resourceType: 'Condition', onsetDateTime: '2023-01-01' }, '2023-01-01'],
    [
      'one with a recording date that is none, when it began',
      { resourceType: 'Condition', recordedDate: 'May', onsetDateTime: '2023-01-01' },
      '2023-01-01',
    ],
    [
      'an Observation, when it was issued',
      { resourceType: 'Observation', issued: '2024-05-03T10:00:00Z', effectiveDateTime: '2024-05-01' },
      '2024-05-03',
    ],
    [
      'one that was not, when it was true',
      { resourceType: 'Observation', effectivePeriod: { start: '2024-05-01', end: '2024-06-01' } },
      '2024-05-01',
    ],
    [
      'a report, when it was issued',
      { resourceType: 'DiagnosticReport', issued: '2024-05-03T23:30:00-05:00' },
      '2024-05-03',
    ],
    ['a Procedure, when it was done', { resourceType: 'Procedure', performedDateTime: '2024-05' }, '2024-05-01'],
    [
      'one of which only the end is known, then',
      { resourceType: 'Procedure', performedPeriod: { end: '2024-05-09' } },
      '2024-05-09',
    ],
    ['an order, when it was written', { resourceType: 'MedicationRequest', authoredOn: '2024' }, '2024-01-01'],
    [
      'a request, when it was written, not when it is due',
      { resourceType: 'ServiceRequest', occurrenceDateTime: '2024-05-01' },
      undefined,
    ],
    [
      'a dose, when it was given',
      { resourceType: 'MedicationAdministration', effectivePeriod: { start: '2024-05-01T08:00:00Z' } },
      '2024-05-01',
    ],
    ['a Patient never', { resourceType: 'Patient', birthDate: '1990-01-01' }, undefined],
    ['a Medication never', { resourceType: 'Medication', issued: '2024-05-01' }, undefined],
    [
      'a type named like a member of every object never',
      { resourceType: 'constructor', issued: '2024-05-01' },
      undefined,
    ],
    ['what is no type never', { resourceType: 7, issued: '2024-05-01' }, undefined],
  ])('%s', (_name, resource, since) => {
    expect(sinceOf(resource)).toBe(since);
  });

  test('only what should have a day and has none is undated', () => {
    expect(isUndated({ resourceType: 'Procedure' })).toBe(true);
    expect(isUndated({ resourceType: 'Procedure', performedDateTime: '2024' })).toBe(false);
    expect(isUndated({ resourceType: 'Patient' })).toBe(false);
    expect(isUndated({ resourceType: 'Medication' })).toBe(false);
  });

  test('every type that the cards ask about but the Patient has a day, and the documentation has the same table', () => {
    const text = documentAt('docs/backtest.md').text.replaceAll(/ +/g, ' ');
    expect([...AS_OF_ELEMENTS.keys(), 'Patient'].toSorted()).toEqual([...CHART_TYPES].toSorted());
    for (const [type, elements] of AS_OF_ELEMENTS)
      expect(text).toContain(`| ${type} | ${elements.map((element) => `\`${element}\``).join(', else ')} |`);
  });
});

test.each(['2026-02-30', '2026-1-1', '2026', 'today', '2026-11-22T00:00:00Z', ''])('%p is no day', (text) => {
  expect(readDay(text)).toBeUndefined();
});

const dateText = fc.oneof(
  fc.integer({ min: 0, max: 25_000 }).map(dayText),
  fc.constantFrom('2024', '2024-05', '2024-05-01T10:00:00+02:00', 'unknown', ''),
);
const resources = fc.array(
  fc.record(
    {
      resourceType: fc.constantFrom(...CHART_TYPES, 'Medication', 'Nonsense'),
      recordedDate: dateText,
      authoredOn: dateText,
      issued: dateText,
      effectiveDateTime: dateText,
      performedPeriod: fc.record({ start: dateText, end: dateText }, { requiredKeys: [] }),
      period: fc.record({ start: dateText }, { requiredKeys: [] }),
      started: dateText,
      deceasedDateTime: dateText,
    },
    { requiredKeys: ['resourceType'] },
  ),
);
const days = fc.integer({ min: 0, max: 25_000 });

describe('what was known on a day', () => {
  test('of today and later, everything, as it is', () => {
    fc.assert(
      fc.property(resources, fc.nat(1000), (all, later) => {
        expect(knownOn(all, TODAY + later, TODAY)).toEqual(all);
      }),
    );
  });

  test('never less on a later day', () => {
    fc.assert(
      fc.property(resources, days, days, (all, one, other) => {
        const named = all.map((resource, at) => ({ ...resource, id: `${at}` }));
        const idsOn = (on: number) => knownOn(named, on, TODAY).map(({ id }) => id);
        const later = new Set(idsOn(Math.max(one, other)));
        expect(idsOn(Math.min(one, other)).filter((id) => !later.has(id))).toEqual([]);
      }),
    );
  });

  test('nothing that is dated later, and all that is undated', () => {
    fc.assert(
      fc.property(resources, days, (all, on) => {
        fc.pre(on < TODAY);
        const known = knownOn(all, on, TODAY);
        expect(known.every((resource) => (knownSince(resource) ?? -Infinity) <= on)).toBe(true);
        expect(known.filter(isUndated).length).toBe(all.filter(isUndated).length);
      }),
    );
  });

  test('a death only from its day on, and one without a day on every day', () => {
    const died = { resourceType: 'Patient', deceasedDateTime: '2025-03-04T10:00:00Z' };
    expect(knownOn([died], day('2025-03-03'), TODAY)).toEqual([{ resourceType: 'Patient' }]);
    expect(knownOn([died], day('2025-03-04'), TODAY)).toEqual([died]);
    const undated = { resourceType: 'Patient', deceasedBoolean: true };
    expect(knownOn([undated], day('2025-03-03'), TODAY)).toEqual([undated]);
  });
});

describe('the cards of a past day', () => {
  const early = '2015-01-01';
  const late = '2026-11-22';

  test('are none before the diagnosis was on file, and those of today today', async () => {
    const patient = exported('metastatic-untreated');
    const findings = await evaluated(patient, { asOf: [late, early, late] });
    expect(Object.keys(findings.byDate)).toEqual([early, late]);
    expect([findings.byDate[early]?.absent, findings.byDate[early]?.withCard]).toEqual([1, 0]);
    expect(findings.byDate[late]).toEqual((await evaluated(patient)).byDate[late]);
  });

  test('know nothing of a scan that was done since', async () => {
    const { id, resources: onFile } = exported('metastatic-untreated');
    const mri = {
      resourceType: 'ImagingStudy',
      id: 'mri',
      status: 'available',
      subject: { reference: `Patient/${id}` },
      started: '2026-11-21',
      procedureCode: [{ coding: [{ system: 'http://loinc.org', code: '24590-2' }], text: 'MRI brain' }],
    };
    const { ids } = await evaluated(patientRecord(id, ...onFile, mri), { asOf: ['2026-11-20', late] });
    const cardsOn = (date: string) => ids[id]?.[date]?.map((name) => name.split('@')[0]);
    expect(cardsOn('2026-11-20')).toContain('baseline-brain-mri');
    expect(cardsOn(late)).not.toContain('baseline-brain-mri');
  });
});
