import { describe, expect, test } from '@jest/globals';
import { isAnotherPatients } from '../../src/chart/subject.ts';

const condition = (subject: unknown) => ({ resourceType: 'Condition', subject });

describe("another patient's", () => {
  test.each([
    ['a relative reference', 'Patient/p2'],
    ['an absolute reference', 'https://ehr.example/r4/Patient/p2'],
    ['a version-suffixed reference', 'Patient/p2/_history/3'],
    ['an absolute and version-suffixed reference', 'https://ehr.example/r4/Patient/p2/_history/p1'],
    ['a bare id', 'p2'],
    ['an id beyond what FHIR allows', 'Patient/a_b'],
    ['an id longer than FHIR allows', `Patient/${'a'.repeat(65)}`],
    ['an id that starts the same', 'Patient/p10'],
    ['an id in another case', 'Patient/P1'],
    ['a trailing slash', 'Patient/p2/'],
    ['spaces around it', ' Patient/p2 '],
    ['our id in a query', 'Patient/p2?x=Patient/p1'],
    ['our id in a fragment', 'Patient/p2#Patient/p1'],
    ['our id as the version', 'Patient/p2/_history/p1'],
    ['a line break before it', 'x\n/Patient/p2'],
  ])('%s', (_claim, reference) => {
    expect(isAnotherPatients(condition({ reference }), 'p1')).toBe(true);
  });

  test('patient counts as subject does', () => {
    expect(isAnotherPatients({ resourceType: 'Immunization', patient: { reference: 'Patient/p2' } }, 'p1')).toBe(true);
  });

  test('one foreign reference is enough', () => {
    const resource = { ...condition({ reference: 'Patient/p1' }), patient: { reference: 'Patient/p2' } };
    expect(isAnotherPatients(resource, 'p1')).toBe(true);
  });

  test('a Patient with another id', () => {
    expect(isAnotherPatients({ resourceType: 'Patient', id: 'p2' }, 'p1')).toBe(true);
    expect(isAnotherPatients({ resourceType: 'Patient', id: 1 }, 'p1')).toBe(true);
  });
});

describe('not held against the resource', () => {
  test.each([
    ['our id, relative', 'Patient/p1'],
    ['our id, absolute', 'https://ehr.example/r4/Patient/p1'],
    ['our id, on another server', 'https://other.example/Patient/p1'],
    ['our id, version-suffixed', 'Patient/p1/_history/p2'],
    ['our id, bare', 'p1'],
    ['a urn', 'urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0'],
    ['an upper-case urn', 'URN:UUID:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0'],
    ['a contained patient', '#p2'],
    ['a conditional reference', 'Patient?identifier=x|2'],
    ['an empty reference', ''],
  ])('%s', (_claim, reference) => {
    expect(isAnotherPatients(condition({ reference }), 'p1')).toBe(false);
  });

  test.each([
    ['no subject', undefined],
    ['a null subject', null],
    ['a subject that is text', 'Patient/p2'],
    ['a logical reference', { identifier: { value: 'p2' } }],
    ['a display alone', { display: 'Somebody else' }],
    ['a reference that is no text', { reference: 7 }],
  ])('%s', (_claim, subject) => {
    expect(isAnotherPatients(condition(subject), 'p1')).toBe(false);
  });

  test('the patient, with the id or with none', () => {
    expect(isAnotherPatients({ resourceType: 'Patient', id: 'p1' }, 'p1')).toBe(false);
    expect(isAnotherPatients({ resourceType: 'Patient' }, 'p1')).toBe(false);
  });
});

test('a hostile reference is judged in linear time', () => {
  const started = performance.now();
  isAnotherPatients(condition({ reference: `${'a/'.repeat(200_000)}!` }), 'p1');
  isAnotherPatients(condition({ reference: `${'/'.repeat(200_000)}a!` }), 'p1');
  isAnotherPatients(condition({ reference: 'a'.repeat(400_000) }), 'p1');
  expect(performance.now() - started).toBeLessThan(10_000);
});
