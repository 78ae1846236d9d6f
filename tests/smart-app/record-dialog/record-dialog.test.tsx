import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { renderToString } from 'preact-render-to-string';
import type { JsonObject, Readings } from '../../../src/chart/reading.ts';
import { findRecord } from '../../../src/smart-app/record-dialog/find-record.ts';
import { recordJson } from '../../../src/smart-app/record-dialog/record-json.ts';
import { MAX_DEPTH, recordRows } from '../../../src/smart-app/record-dialog/record-rows.ts';
import { RecordDialog } from '../../../src/smart-app/record-dialog.tsx';

const contained = { resourceType: 'Medication', id: 'm', code: { text: 'within' } };
const order = { resourceType: 'MedicationRequest', id: 'r', contained: [contained] };
const drug = { resourceType: 'Medication', id: 'd', code: { text: 'pazopanib' } };

const readings: Readings = new Map([
  ['conditions', { state: 'unread', reason: 'refused' }],
  ['medicationRequests', { state: 'incomplete', resources: [order, drug], reason: 'more-pages' }],
]);

/** What a resource says, name by name. */
const said = (resource: JsonObject) => recordRows(resource).rows.map(({ name, lines }) => [name, ...lines]);

function nested(depth: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 'end';
  for (let at = 0; at < depth; at += 1) value = wrap(value);
  return value;
}

describe('a record is found', () => {
  test.each([
    ['MedicationRequest/r', order],
    ['https://fhir.example/r4/MedicationRequest/r', order],
    ['MedicationRequest/r/_history/2', order],
    ['Medication/d', drug],
    ['Medication/m', contained],
    ['Medication/r', undefined],
    ['Condition/c', undefined],
    ['#m', undefined],
    ['', undefined],
  ])('by %s', (reference, found) => {
    expect(findRecord(readings, reference)).toBe(found);
  });
});

describe('the members of a record', () => {
  test('are named as FHIR names them, what it is and when first', () => {
    expect(
      said({
        resourceType: 'Observation',
        id: 'o',
        subject: { reference: 'Patient/p' },
        performer: [{ display: 'Dr A', reference: 'Practitioner/a' }],
        effectiveDateTime: '2026-01-02',
        status: 'final',
        code: {
          text: 'Body weight',
          coding: [{ system: 'http://loinc.org', code: '29463-7', display: 'Weight' }, { code: 'W' }],
        },
        valueQuantity: { value: 60.5, unit: 'kg', code: 'kg' },
      }),
    ).toEqual([
      ['status', 'final'],
      ['code', 'Body weight', 'Weight (LOINC 29463-7)', 'W'],
      ['valueQuantity', '60.5 kg'],
      ['effectiveDateTime', '2026-01-02'],
      ['performer', 'Dr A – Practitioner/a'],
    ]);
  });

  test('that stand within others stand below them', () => {
    expect(recordRows({ stage: [{ summary: { text: 'IV' }, type: { coding: [] } }] }).rows).toEqual([
      { depth: 0, name: 'stage', lines: [] },
      { depth: 1, name: 'summary', lines: ['IV'] },
      { depth: 1, name: 'type', lines: ['empty'] },
    ]);
  });

  test('that are extensions go by what they are of', () => {
    const extension = [{ url: 'http://x.example/histology', valueCodeableConcept: { text: 'ASPS' } }];
    expect(said({ extension })).toEqual([['histology', 'ASPS']]);
  });

  test.each([
    ['a period without an end', { start: '2025' }, '2025 to not said'],
    ['a code with its system alone', { system: 'http://snomed.info/sct', code: '1' }, '1 (SNOMED CT)'],
    ['an empty text', ' ', 'empty'],
    ['nothing', null, 'null'],
    ['a text that turns round', 'a\u202Eb\nc', 'a b c'],
  ])('say %s as it is', (_what, value, line) => {
    expect(said({ item: value })).toEqual([['item', line]]);
  });

  test('are bounded, and it is said that there is more', () => {
    const { rows, isCut } = recordRows({ note: Array.from({ length: 1000 }, (_, at) => ({ text: `note ${at}` })) });
    expect(rows.length).toBeLessThan(200);
    expect(isCut).toBe(true);
    expect(recordRows({ note: 'x'.repeat(5000) }).isCut).toBe(true);
    expect(recordRows({ note: 'x' }).isCut).toBe(false);
  });
});

describe('the JSON of a record', () => {
  test('is what the server sent', () => {
    expect(JSON.parse(recordJson(order).text)).toEqual(order);
    expect(recordJson(order).isCut).toBe(false);
  });

  test('shows what cannot be seen', () => {
    const resource = { text: 'a\u202Eb\u200B\u{E0041}\u0085' };
    const { text } = recordJson(resource);
    expect(text).toContain(String.raw`a\u202eb\u200b\udb40\udc41\u0085`);
    expect(JSON.parse(text)).toEqual(resource);
  });

  test.each([
    ['a long text', { data: 'x'.repeat(50_000) }],
    ['many members', { item: Array.from({ length: 50_000 }, () => ({ a: 1 })) }],
    ['objects in objects', { item: nested(5000, (item) => ({ item })) }],
    ['lists in lists', { item: nested(5000, (item) => [item]) }],
  ])('is cut, and says so, with %s', (_what, resource) => {
    const { text, isCut } = recordJson(resource);
    expect(isCut).toBe(true);
    expect(text.length).toBeLessThan(110_000);
    expect(recordRows(resource).isCut).toBe(true);
  });
});

test('whatever a record holds, it is shown: all of it in the JSON, and its members within bounds', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (resource) => {
      expect(JSON.parse(recordJson(resource).text)).toEqual(JSON.parse(JSON.stringify(resource)));
      for (const { depth, lines } of recordRows(resource).rows) {
        expect(depth).toBeLessThanOrEqual(MAX_DEPTH);
        for (const line of lines) expect(line).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\n]/u);
      }
    }),
  );
});

describe('the dialog', () => {
  const shown = (reference: string, some = readings) =>
    renderToString(<RecordDialog readings={some} reference={reference} onClose={() => {}} />);

  test('is named by what it shows, and can be closed', () => {
    const html = shown('Medication/d');
    expect(html).toContain('<h2 id="record-dialog-title">Medication: pazopanib</h2>');
    expect(html).toContain('aria-labelledby="record-dialog-title"');
    expect(html).toMatch(/<button type="button">Close<\/button>/);
    expect(html).toContain('As the server sent it');
  });

  test('says that a record is not among those that were read', () => {
    expect(shown('Condition/c')).toContain('not among those that were read');
  });

  test('shows what a chart holds as text', () => {
    const hostile = { resourceType: 'Condition', id: 'c', code: { text: '<img src=x onerror=alert(1)>\u202E' } };
    const html = shown('Condition/c', new Map([['conditions', { state: 'complete', resources: [hostile] }]]));
    expect(html).not.toContain('<img');
    expect(html).not.toContain('\u202E');
    expect(html).toContain('&lt;img src=x onerror=alert(1)>');
  });
});
