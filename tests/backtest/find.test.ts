import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createAspsLines } from '../../src/backtest/asps-lines.ts';
import { encounterDay } from '../../src/backtest/encounter-day.ts';
import { createFinder } from '../../src/backtest/find.ts';
import { asInLine, parseLine } from '../../src/backtest/line-json.ts';
import { patientsOf } from '../../src/backtest/patient-reference.ts';
import { countedAs, OTHER } from '../../src/backtest/resource-types.ts';
import { diagnose } from '../../src/chart/asps.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { loadGuidelines } from '../../src/guidelines.ts';
import { exportedLine, exportedResource, feed, strangeLine } from './export-lines.ts';

const { valueSets, terminology } = loadGuidelines().standard;
const asps = createAspsLines(valueSets);

function foundIn(lines: readonly string[], looking = asps) {
  const finder = createFinder(looking);
  feed(finder, lines.join('\n'));
  return finder.found();
}

function condition(code: object, more: object = {}): string {
  return JSON.stringify({ resourceType: 'Condition', subject: { reference: 'Patient/1' }, code, ...more });
}

describe('looking for patients', () => {
  test('finds in lines spelled in any way every patient that parsing every line finds, and no other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 9, arbitrary: exportedLine }, strangeLine), { maxLength: 12 }),
        (lines) => {
          const resources = lines.map((line) => parseLine(asInLine(line))).filter((one) => one !== undefined);
          const conditions = resources.filter(({ resourceType }) => resourceType === 'Condition');
          const having = conditions.filter((one) => diagnose([one], terminology).certainty !== 'absent');
          const { patients, withoutPatient } = foundIn(lines);
          expect(patients).toEqual([...new Set(having.flatMap(patientsOf))].toSorted());
          expect(withoutPatient).toBe(having.filter((one) => patientsOf(one).length === 0).length);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('counts types and days as parsing every line would', () => {
    fc.assert(
      fc.property(fc.array(exportedLine, { maxLength: 12 }), (lines) => {
        const resources = lines.map((line): JsonObject => JSON.parse(line) as JsonObject);
        const found = foundIn(lines);
        expect(found).toMatchObject({ lines: lines.length, unreadableLines: 0 });
        expect(found.resourcesByType).toEqual(countBy(resources.map(({ resourceType }) => String(resourceType))));
        const encounters = resources.filter(({ resourceType }) => resourceType === 'Encounter');
        expect(found.encountersByDay).toEqual(countBy(encounters.flatMap((one) => encounterDay(one) ?? [])));
      }),
      { numRuns: 200 },
    );
  });

  test('is the same where a text is cut into several', () => {
    fc.assert(
      fc.property(fc.array(exportedLine, { maxLength: 8 }), fc.integer({ min: 1, max: 400 }), (lines, bytes) => {
        const inPieces = createFinder(asps);
        feed(inPieces, lines.join('\n'), bytes);
        expect(inPieces.found()).toEqual(foundIn(lines));
      }),
    );
  });

  test.each([
    ['a code', condition({ coding: [{ system: 'http://snomed.info/sct', code: '404056007' }] })],
    [
      'the code of an older system',
      condition({ coding: [{ system: 'http://hl7.org/fhir/sid/icd-o-3', code: '9581/3' }] }),
    ],
    [
      'a slash that is escaped',
      condition({ coding: [{ system: 'http://hl7.org/fhir/sid/icd-o-3', code: '9581/3' }] }).replaceAll('/', '\\/'),
    ],
    ['its name in capitals', condition({ text: 'ALVEOLAR SOFT PART SARCOMA OF THIGH' })],
    ['its abbreviation', condition({ text: 'h/o ASPS' })],
    ['letters that are escaped', condition({ text: 'ASPS' }).replace('ASPS', '\\u0041SPS')],
  ])('finds them by %s', (_by, line) => {
    expect(foundIn([line]).patients).toEqual(['1']);
  });

  test.each([
    ['who are said not to have it', condition({ text: 'No evidence of ASPS' })],
    ['in whom it was refuted', condition({ text: 'ASPS' }, { verificationStatus: { coding: [{ code: 'refuted' }] } })],
    ['of whom an Observation speaks of it', condition({ text: 'ASPS' }).replace('Condition', 'Observation')],
  ])('does not find those %s', (_who, line) => {
    expect(foundIn([line]).patients).toEqual([]);
  });

  test('finds by the codes that a site adds, be they a pattern', () => {
    const own = {
      resourceType: 'ValueSet',
      id: 'asps',
      compose: {
        include: [
          { system: 'https://codes.example.org', concept: [{ code: 'Ö-1' }] },
          { system: 'https://codes.example.org', filter: [{ property: 'code', op: 'regex', value: 'ST-\\d+' }] },
        ],
      },
    };
    const withOwn = createAspsLines([...valueSets, own]);
    const lines = ['ST-12', 'Ö-1', 'ST-x'].map((code, at) =>
      JSON.stringify({
        resourceType: 'Condition',
        subject: { reference: `Patient/p${at}` },
        code: { coding: [{ system: 'https://codes.example.org', code }] },
      }),
    );
    expect(foundIn(lines, withOwn).patients).toEqual(['p0', 'p1']);
    expect(foundIn(lines).patients).toEqual([]);
  });
});

test('names that are no types of FHIR count as other, however many there are and whatever they say', () => {
  const lines = ['JohnSmithOfMainStreet', 'JohnSmithOfMainStreet', 'MadeUpType', 'Basic', 'Basic'].map((type) =>
    JSON.stringify({ resourceType: type, id: '1' }),
  );
  expect(foundIn(lines)).toMatchObject({ lines: 5, unreadableLines: 0, resourcesByType: { other: 3, Basic: 2 } });
});

test('the types of FHIR R4 are those of its definitions', () => {
  const definitions = readFileSync(new URL('../../node_modules/@types/fhir/r4.d.ts', import.meta.url), 'utf8');
  const types = [...definitions.matchAll(/readonly resourceType: ['"]([A-Za-z]+)/g)].map(([, type = '']) => type);
  expect(types.length).toBeGreaterThan(140);
  expect(types.filter((type) => countedAs(type) !== type)).toEqual([]);
  expect([countedAs('Nonsense'), countedAs('constructor')]).toEqual([OTHER, OTHER]);
});

test('days of no possible visit are not counted one by one', () => {
  const visits = ['0001-01-01', '1999-12-31', '9999-01-01'].map((start) =>
    JSON.stringify({ resourceType: 'Encounter', status: 'finished', period: { start } }),
  );
  expect(foundIn(visits).encountersByDay).toEqual({ '1999-12-31': 1 });
});

describe('what cannot be read', () => {
  test.each([
    ['is no JSON', 'Patient,1,ASPS'],
    ['was cut off', condition({ text: 'ASPS' }).slice(0, -1)],
    ['has no type', '{"id":"1"}'],
    ['is a list', '[{"resourceType":"Condition"}]'],
    ['has a type that is none', '{"resourceType":"<script>"}'],
    ['breaks off within', '{"resourceType":"Condition","code":{"text":"ASPS"}'],
  ])('is counted if it %s, and the rest is read', (_why, line) => {
    expect(foundIn([line, condition({ text: 'ASPS' })])).toMatchObject({
      lines: 2,
      unreadableLines: 1,
      patients: ['1'],
      resourcesByType: { Condition: 1 },
    });
  });

  test('is nothing of what is', () => {
    fc.assert(
      fc.property(exportedResource, (resource) => {
        expect(foundIn([JSON.stringify(resource)]).unreadableLines).toBe(0);
      }),
    );
  });
});

function countBy(names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
}
