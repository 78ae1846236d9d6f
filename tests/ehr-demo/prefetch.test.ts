import { describe, expect, test } from '@jest/globals';
import type { Resource } from '../../src/ehr-demo/patient-store.ts';
import { resolvePrefetch } from '../../src/ehr-demo/prefetch.ts';

const subject = { reference: 'Patient/p1' };
const patient: Resource = { resourceType: 'Patient', id: 'p1' };
const weight: Resource = {
  resourceType: 'Observation',
  id: 'weight',
  status: 'final',
  subject,
  category: [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' }] },
  ],
  code: { coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
};
const oidWeight: Resource = {
  resourceType: 'Observation',
  id: 'oid-weight',
  status: 'amended',
  subject,
  code: { coding: [{ system: 'urn:oid:2.16.840.1.113883.6.1', code: '29463-7' }] },
};
const textWeight: Resource = {
  resourceType: 'Observation',
  id: 'text',
  status: 'final',
  subject,
  code: { text: 'Weight' },
};
const elsewhere: Resource = { ...weight, id: 'elsewhere', subject: { reference: 'Patient/p2' } };
const chart = [patient, weight, oidWeight, textWeight, elsewhere];

const context = { patientId: 'p1', userId: 'Practitioner/dr', selections: ['MedicationRequest/a'] };

function answerTo(template: string, resources: readonly Resource[] = chart): unknown {
  return resolvePrefetch({ key: template }, context, resources)['key'];
}

function found(query: string, resources: readonly Resource[] = chart): readonly string[] {
  const answer = answerTo(query, resources) as { entry?: { resource: Resource }[] };
  return (answer.entry ?? []).map(({ resource }) => resource.id);
}

describe('tokens', () => {
  test('an instance read is answered with the resource itself', () => {
    expect(answerTo('Patient/{{context.patientId}}')).toBe(patient);
  });

  test('a read of what does not exist leaves the key out', () => {
    expect(resolvePrefetch({ user: '{{context.userId}}', gone: 'Patient/none' }, context, chart)).toEqual({});
  });

  test('the user is known by full reference and, for their own type only, by bare id (CH-46)', () => {
    const dr: Resource = { resourceType: 'Practitioner', id: 'dr' };
    expect(answerTo('{{context.userId}}', [dr])).toBe(dr);
    expect(answerTo('Practitioner/{{userPractitionerId}}', [dr])).toBe(dr);
    expect(resolvePrefetch({ key: 'Patient/{{userPatientId}}' }, context, chart)).toEqual({});
  });

  test.each(['{{context.encounterId}}', '{{context.selections}}', '{{today()}}', '{{patientId}}'])(
    'the key of %s, which the context cannot fill, is left out and not null',
    (token) => {
      expect(resolvePrefetch({ key: `Observation?patient=${token}` }, context, chart)).toEqual({});
    },
  );
});

describe('searches', () => {
  test('what was found comes as a searchset with its total', () => {
    expect(answerTo('Observation?patient={{context.patientId}}&code=29463-7')).toMatchObject({
      resourceType: 'Bundle',
      type: 'searchset',
      total: 2,
      entry: [{ resource: weight, search: { mode: 'match' } }, { resource: oidWeight }],
    });
  });

  test('nothing found is a Bundle of total 0 without an entry member', () => {
    const answer = answerTo('Procedure?patient=p1');
    expect(answer).toMatchObject({ resourceType: 'Bundle', total: 0 });
    expect(answer).not.toHaveProperty('entry');
  });

  test.each([
    ['patient=p1', ['weight', 'oid-weight', 'text']],
    ['subject=Patient/p1', ['weight', 'oid-weight', 'text']],
    ['patient=p1&code=http://loinc.org|29463-7', ['weight', 'oid-weight']],
    ['patient=p1&code=http%3A%2F%2Floinc.org%7C29463-7', ['weight', 'oid-weight']],
    ['patient=p1&code=http://snomed.info/sct|29463-7', []],
    ['patient=p1&code=1-1,29463-7', ['weight', 'oid-weight']],
    ['patient=p1&code=http://loinc.org|', ['weight', 'oid-weight']],
    ['patient=p1&category=vital-signs', ['weight']],
    ['patient=p1&status=amended', ['oid-weight']],
    ['patient=p1&status=final,amended', ['weight', 'oid-weight', 'text']],
    ['patient=p1&unheard-of=1&_sort=-date', ['weight', 'oid-weight', 'text']],
  ])('Observation?%s finds %j', (query, ids) => {
    expect(found(`Observation?${query}`)).toEqual(ids);
  });

  test('a drug is searched as code', () => {
    const order: Resource = {
      resourceType: 'MedicationRequest',
      id: 'order',
      subject,
      medicationCodeableConcept: {
        coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '1792776' }],
      },
    };
    expect(found('MedicationRequest?patient=p1&code=1792776', [order])).toEqual(['order']);
  });

  test('a subject is compared by id, whether absolute or version-suffixed', () => {
    const reference = 'https://ehr.example.org/fhir/Patient/p1/_history/3';
    expect(found('Observation?patient=p1', [{ ...weight, subject: { reference } }])).toEqual(['weight']);
  });

  test('the Medication of an order is sent along, uncounted', () => {
    const medication: Resource = { resourceType: 'Medication', id: 'm' };
    const order: Resource = {
      resourceType: 'MedicationRequest',
      id: 'order',
      subject,
      medicationReference: { reference: 'Medication/m' },
    };
    expect(answerTo('MedicationRequest?patient=p1', [order, medication, { ...medication, id: 'other' }])).toMatchObject(
      {
        total: 1,
        entry: [{ resource: order }, { resource: medication, search: { mode: 'include' } }],
      },
    );
  });

  test('a page shorter than the total names the next one', () => {
    expect(answerTo('Observation?patient=p1&_count=1')).toMatchObject({
      total: 3,
      link: [{ relation: 'self' }, { relation: 'next' }],
      entry: [{ resource: weight }],
    });
  });
});

describe('FHIRPath tokens (CH-57)', () => {
  const TEMPLATE =
    'Medication?_id={{context.draftOrders.entry.resource.ofType(MedicationRequest).medication.resolve().id}}';
  const medications: readonly Resource[] = ['m1', 'm2', 'm3'].map((id) => ({ resourceType: 'Medication', id }));
  const draft = (id: string, medication: object) => ({
    resource: { resourceType: 'MedicationRequest', id, ...medication },
  });
  const fromDrafts = (...entry: readonly object[]) =>
    resolvePrefetch({ key: TEMPLATE }, { ...context, draftOrders: { resourceType: 'Bundle', entry } }, medications);

  test('the Medications that drafts refer to are found, each once', () => {
    const { key } = fromDrafts(
      draft('a', { medicationReference: { reference: 'Medication/m1' } }),
      draft('b', { medicationReference: { reference: 'Medication/m3' } }),
      draft('c', { medicationReference: { reference: 'Medication/m1' } }),
    );
    expect(key).toMatchObject({ total: 2, entry: [{ resource: { id: 'm1' } }, { resource: { id: 'm3' } }] });
    expect(key).toMatchObject({ link: [{ url: expect.stringMatching(/Medication\?_id=m1,m3$/) }] });
  });

  test.each<[string, readonly object[]]>([
    ['there is no draft', []],
    ['the drug is a code', [draft('a', { medicationCodeableConcept: { text: 'Doxorubicin' } })]],
    ['the Medication is not on file', [draft('a', { medicationReference: { reference: 'Medication/gone' } })]],
    ['the Medication is contained', [draft('a', { medicationReference: { reference: '#m1' } })]],
    [
      'the reference is no reference',
      [draft('a', { medicationReference: 'Medication/m1' }), { resource: null }, 7 as never],
    ],
    [
      'the draft is of another type (CH-58)',
      [{ resource: { resourceType: 'ServiceRequest', medicationReference: { reference: 'Medication/m1' } } }],
    ],
  ])('the key is left out when %s', (_claim, entries) => {
    expect(fromDrafts(...entries)).toEqual({});
  });

  test('the key is left out without the context member', () => {
    expect(resolvePrefetch({ key: TEMPLATE }, context, medications)).toEqual({});
  });
});
