import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createCollector } from '../../src/backtest/collect.ts';
import { asInLine, parseLine } from '../../src/backtest/line-json.ts';
import { patientIdOf, patientsOf } from '../../src/backtest/patient-reference.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { exportedLine, feed, strangeLine } from './export-lines.ts';

describe('the patient that a reference names', () => {
  test.each([
    ['Patient/1', '1'],
    ['Patient/1/_history/2', '1'],
    ['https://fhir.example.org/r4/Patient/a-b.c', 'a-b.c'],
    ['https://fhir.example.org/r4/Patient/1/_history/2', '1'],
    [' Patient/1/ ', '1'],
    ['Patient/1?_format=json', '1'],
    ['urn:uuid:0b0c4a5e-4b6f-4d1e-8a55-0d6a1a2b3c4d', '0b0c4a5e-4b6f-4d1e-8a55-0d6a1a2b3c4d'],
    ['Group/1', undefined],
    ['RelatedPerson/1', undefined],
    ['Patient/', undefined],
    ['NotPatient/1', undefined],
    ['https://example.org/?x=Patient/1', undefined],
    ['#1', undefined],
    ['urn:oid:1.2.3', undefined],
    ['', undefined],
  ])('by %s is %s', (reference, id) => {
    expect(patientIdOf(reference)).toBe(id);
  });
});

describe('collecting', () => {
  const TYPES = new Set(['Condition', 'Patient', 'Encounter', 'Observation']);

  function collected(lines: readonly string[], ids: readonly string[]): readonly string[] {
    const written: string[] = [];
    const write = (_bucket: number, line: string) => written.push(line);
    feed(createCollector({ patients: new Set(ids), buckets: 1, types: TYPES, write }), lines.join('\n'));
    return written;
  }

  test('takes every line of the patients that parsing every line takes, each as it stands, and no other', () => {
    const ids: fc.Arbitrary<readonly string[]> = fc.subarray(['1', '12', 'a-1', 'a-1.b', 'Patient', 'x_y'], {
      minLength: 1,
    });
    const anyIds: fc.Arbitrary<readonly string[]> = fc.oneof(
      { weight: 9, arbitrary: ids },
      fc.constantFrom<readonly string[]>(['1', 'ä b'], ['"q"']),
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 9, arbitrary: exportedLine }, strangeLine), { maxLength: 12 }),
        anyIds,
        (lines, wanted) => {
          const own = lines.filter((line) => {
            const resource: JsonObject = parseLine(asInLine(line)) ?? {};
            const isOfChart = TYPES.has(String(resource['resourceType']));
            return isOfChart && patientsOf(resource).some((id) => wanted.includes(id));
          });
          expect(collected(lines, wanted)).toEqual(own.map(asInLine));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('notes the Medications that the lines refer to, and not those of others', () => {
    const collector = createCollector({
      patients: new Set(['1']),
      buckets: 4,
      types: new Set(['MedicationRequest']),
      write: () => {},
    });
    const order = (patient: string, medication: string) =>
      JSON.stringify({
        resourceType: 'MedicationRequest',
        subject: { reference: `Patient/${patient}` },
        medicationReference: { reference: medication },
      });
    feed(
      collector,
      [order('1', 'Medication/m1'), order('1', '#m2'), order('2', 'Medication/m3'), order('1', 'urn:uuid:m4')].join(
        '\n',
      ),
    );
    expect(collector.medications()).toEqual(['m1', 'm4']);
  });
});
