import { describe, expect, test } from '@jest/globals';
import { answerTo, type Manner } from '../../bench/fhir-answers.ts';
import { storeOf } from '../../src/ehr-demo/patient-store.ts';

const BASE = 'http://127.0.0.1:8080/r4';
const PATIENT = 'htest';

function order(id: string, drug: string) {
  const subject = { reference: `Patient/${PATIENT}` };
  return {
    resourceType: 'MedicationRequest',
    id,
    subject,
    medicationReference: { reference: `Medication/${drug}` },
  };
}

function observation(id: string, code: string) {
  return { resourceType: 'Observation', id, code: { coding: [{ system: 'http://loinc.org', code }] } };
}

const chart = storeOf(PATIENT, [
  { resourceType: 'Patient', id: PATIENT },
  order('o1', 'd1'),
  order('o2', 'd2'),
  order('o3', 'elsewhere'),
  { resourceType: 'Medication', id: 'd1' },
  { resourceType: 'Medication', id: 'd2' },
  observation('weight', '29463-7'),
  observation('potassium', '2823-3'),
]);

type Searchset = {
  readonly total: number;
  readonly link: readonly { readonly relation: string; readonly url: string }[];
  readonly entry: readonly { readonly resource: { readonly id: string }; readonly search: { readonly mode: string } }[];
};

function search(path: string, manner: Manner = 'as-asked'): Searchset {
  const { status, body } = answerTo(path, BASE, chart, manner);
  expect(status).toBe(200);
  return body as Searchset;
}

function idsIn({ entry }: Searchset): readonly string[] {
  return entry.map(({ resource }) => resource.id);
}

function nextOf({ link }: Searchset): string | undefined {
  return link.find(({ relation }) => relation === 'next')?.url;
}

test('a read brings the resource, and what is not there is a 404 with an OperationOutcome', () => {
  expect(answerTo(`Patient/${PATIENT}`, BASE, chart, 'as-asked')).toEqual({
    status: 200,
    body: { resourceType: 'Patient', id: PATIENT },
  });
  const { status, body } = answerTo('Medication/elsewhere', BASE, chart, 'as-asked');
  expect(status).toBe(404);
  expect(body).toMatchObject({ resourceType: 'OperationOutcome' });
});

test('a search brings all of the type in one page, and of another patient nothing', () => {
  const all = search(`MedicationRequest?patient=${PATIENT}`);
  expect(idsIn(all)).toEqual(['o1', 'o2', 'o3']);
  expect(nextOf(all)).toBeUndefined();
  expect(search('MedicationRequest?patient=another')).toMatchObject({ total: 0, entry: [] });
});

test('a search by code brings what holds one of the codes', () => {
  const codes = encodeURIComponent('http://loinc.org|29463-7,http://loinc.org|8302-2');
  expect(idsIn(search(`Observation?patient=${PATIENT}&code=${codes}`))).toEqual(['weight']);
});

test('pages are as long as asked, and their next links lead to the end', () => {
  const first = search(`MedicationRequest?patient=${PATIENT}&_count=2`);
  expect(idsIn(first)).toEqual(['o1', 'o2']);
  const next = nextOf(first) ?? '';
  expect(next.startsWith(`${BASE}/MedicationRequest?`)).toBe(true);
  const second = search(next.slice(BASE.length + 1));
  expect(idsIn(second)).toEqual(['o3']);
  expect(nextOf(second)).toBeUndefined();
});

describe('Medications by reference', () => {
  const asked = `MedicationRequest?patient=${PATIENT}&_include=MedicationRequest:medication`;

  test('come along when they are asked for', () => {
    const found = search(asked);
    expect(found.entry.filter(({ search: { mode } }) => mode === 'include').map(({ resource }) => resource.id)).toEqual(
      ['d1', 'd2'],
    );
    expect(found.total).toBe(3);
  });

  test('stay away when they are not, or when the server ignores it', () => {
    expect(idsIn(search(`MedicationRequest?patient=${PATIENT}`))).toEqual(['o1', 'o2', 'o3']);
    expect(idsIn(search(asked, 'include-ignored'))).toEqual(['o1', 'o2', 'o3']);
  });
});

test.each(['_count=1000', '_include=MedicationRequest:medication'])('a server that refuses refuses %s alone', (aid) => {
  const plain = `MedicationRequest?patient=${PATIENT}`;
  expect(answerTo(`${plain}&${aid}`, BASE, chart, 'refusing').status).toBe(400);
  expect(idsIn(search(plain, 'refusing'))).toEqual(['o1', 'o2', 'o3']);
});
