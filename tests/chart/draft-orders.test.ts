import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/chart/reading.ts';
import { asps, chartOf, coded, condition, draftsOf, ICD, LOINC, medicated, named, RXNORM } from './builders.ts';

const conditions = [asps(), condition(coded(ICD, 'C50.911'), { id: 'breast' })];
const read = (context: ReturnType<typeof draftsOf>) => {
  const { drafts = [], skipped } = chartOf({ conditions }, context);
  return { drafts, skipped };
};
const drafts = (...resources: readonly unknown[]) => read(draftsOf(resources)).drafts;

const doxorubicin = (more: JsonObject = {}) =>
  medicated('MedicationRequest', 'doxorubicin 50 mg IV', { status: 'draft', ...more });
const mri = (more: JsonObject = {}) => named('ServiceRequest', 'MRI brain', { status: 'draft', ...more });

describe('which drafts are judged', () => {
  const judged = (selections?: readonly string[]) =>
    read(draftsOf([doxorubicin({ id: 'a' }), mri({ id: 'b' })], selections)).drafts.map((draft) => draft.judged);

  test.each([
    ['without selections all are', undefined, [true, true]],
    ['with none selected all are', [], [true, true]],
    ['those selected as Type/id', ['MedicationRequest/a'], [true, false]],
    ['by an absolute reference', ['https://ehr.example/r4/ServiceRequest/b'], [false, true]],
    ['by a bare id', ['a'], [true, false]],
    ['several', ['MedicationRequest/a', 'ServiceRequest/b'], [true, true]],
    ['none of them', ['MedicationRequest/z'], [false, false]],
  ])('%s', (_claim, selections, expected) => {
    expect(judged(selections)).toEqual(expected);
  });

  test('a selection is of its type', () => {
    const both = [doxorubicin({ id: '1' }), mri({ id: '1' })];
    expect(read(draftsOf(both, ['ServiceRequest/1'])).drafts.map((draft) => draft.judged)).toEqual([false, true]);
  });

  test('by the fullUrl of its entry', () => {
    const entry = [{ fullUrl: 'urn:uuid:7d1f', resource: doxorubicin({ id: undefined }) }, { resource: mri() }];
    const selected = read({ draftOrders: { resourceType: 'Bundle', entry }, selections: ['urn:uuid:7d1f'] });
    expect(selected.drafts.map((draft) => draft.judged)).toEqual([true, false]);
  });

  test.each([
    ['by a version', 'https://ehr.example/r4/MedicationRequest/a/_history/3', [true, false]],
    ['by a relative version', 'MedicationRequest/a/_history/3', [true, false]],
    ['by the last part of a path that names no type', 'orders-2/a', [true, false]],
    ['not by an empty text', '', [false, false]],
    ['not by slashes', '//', [false, false]],
  ])('%s', (_claim, selection, expected) => {
    expect(judged([selection])).toEqual(expected);
  });

  // A pattern that looks for `Type/` from each letter on would take hours.
  test.each(['a', '/', 'a/', '/_history/', '?', '#'])('a long selection of %p costs its length', (part) => {
    expect(judged([part.repeat(1_000_000 / part.length), 'ServiceRequest/b'])[1]).toBe(true);
  });

  test('one without an id is not the selected one', () => {
    expect(read(draftsOf([doxorubicin({ id: undefined })], ['MedicationRequest/a'])).drafts[0]?.judged).toBe(false);
  });
});

describe('which drafts count', () => {
  test.each(['draft', 'active', 'on-hold', 'unknown', undefined])('one that is %p', (status) => {
    expect(drafts(doxorubicin({ status }))).toHaveLength(1);
  });

  test.each(['entered-in-error', 'cancelled', 'revoked', 'stopped', 'completed'])('not one that is %s', (status) => {
    expect(drafts(doxorubicin({ status }), mri({ status }))).toEqual([]);
  });

  test('not one that says do not perform', () => {
    expect(drafts(doxorubicin({ doNotPerform: true }), mri({ doNotPerform: true }))).toEqual([]);
  });

  test("another patient's is left out and counted", () => {
    const other = { subject: { reference: 'Patient/p2' } };
    const own = { subject: { reference: 'Patient/p1' } };
    expect(read(draftsOf([doxorubicin(other), mri(own), mri(other)]))).toMatchObject({
      drafts: [{ studies: ['mri-brain'] }],
      skipped: 2,
    });
  });

  test.each([
    ['a Medication', named('Medication', 'doxorubicin')],
    ['an order for nutrition', named('NutritionOrder', 'doxorubicin')],
    ['nothing', {}],
    ['null', null],
    ['text', 'doxorubicin'],
  ])('not %s', (_claim, resource) => {
    expect(drafts(resource)).toEqual([]);
  });

  test('one for a drug or service that no card knows is kept, with what it says', () => {
    const [drug, service] = drafts(
      medicated('MedicationRequest', 'ondansetron'),
      named('ServiceRequest', 'XR chest', { bodySite: [{ text: 'thorax' }] }),
    );
    expect(drug).toMatchObject({ drugs: [], studies: [], concept: { texts: ['ondansetron'] } });
    expect(service).toMatchObject({ drugs: [], studies: [], concept: { texts: ['XR chest', 'thorax'] } });
  });

  test.each([{}, { entry: null }, { entry: 'x' }, { entry: [null, 7, {}] }, { entry: {} }])(
    'an empty Bundle %j has none',
    (draftOrders) => {
      expect(read({ draftOrders })).toEqual({ drafts: [], skipped: 0 });
    },
  );
});

describe('what a draft is of', () => {
  const drugsOf = (...resources: readonly unknown[]) =>
    drafts(...resources).flatMap((draft) => draft.drugs.map(({ drug }) => drug));
  const refers = (reference: string, more: JsonObject = {}): JsonObject => ({
    resourceType: 'MedicationRequest',
    id: 'a',
    medicationReference: { reference, ...more },
  });

  test.each([
    ['its text', [doxorubicin()]],
    ['its code', [medicated('MedicationRequest', coded(RXNORM, '3639'))]],
    [
      'a contained Medication',
      [{ ...refers('#m'), contained: [{ resourceType: 'Medication', id: 'm', code: coded(RXNORM, '3639') }] }],
    ],
    [
      'a Medication entry',
      [refers('Medication/m'), { resourceType: 'Medication', id: 'm', code: coded(RXNORM, '3639') }],
    ],
    ['the display of a Medication elsewhere', [refers('Medication/x', { display: 'DOXORUBICIN IVPB' })]],
  ])('by %s', (_claim, resources) => {
    expect(drugsOf(...resources)).toEqual(['doxorubicin']);
  });

  test.each([
    ['urn:uuid', 'urn:uuid:7d1f', 'urn:uuid:7d1f'],
    ['an absolute URL', 'https://ehr.example/r4/Medication/9', 'https://ehr.example/r4/Medication/9'],
  ])('by a Medication entry under its fullUrl: %s', (_claim, fullUrl, reference) => {
    const entry = [
      { resource: refers(reference) },
      { fullUrl, resource: { resourceType: 'Medication', code: coded(RXNORM, '3639') } },
    ];
    const { drafts: found } = read({ draftOrders: { resourceType: 'Bundle', entry } });
    expect(found.flatMap((draft) => draft.drugs.map(({ drug }) => drug))).toEqual(['doxorubicin']);
  });

  test.each([
    ['its text', mri(), ['mri-brain']],
    ['its code', named('ServiceRequest', coded(LOINC, '24590-2')), ['mri-brain']],
    ['the details of the order', named('ServiceRequest', 'MRI', { orderDetail: [{ text: 'brain' }] }), ['mri-brain']],
    ['a chest CT', named('ServiceRequest', 'CT chest'), ['ct-chest']],
  ])('a study: %s', (_claim, resource, expected) => {
    expect(drafts(resource)[0]?.studies).toEqual(expected);
  });

  test('it is shown by its name', () => {
    expect(drafts(doxorubicin())[0]?.evidence).toMatchObject({
      reference: 'MedicationRequest/m1',
      kind: 'draft',
      text: 'doxorubicin 50 mg IV',
      drug: 'doxorubicin',
    });
  });

  test('one that is up for signing again is an order in force', () => {
    expect(drafts(doxorubicin({ status: 'active', authoredOn: '2026-11-01' }))[0]).toMatchObject({
      judged: true,
      evidence: { kind: 'order', date: { text: '2026-11-01' } },
    });
  });
});

describe('what a draft is for', () => {
  test.each([
    ['another cancer, by reference', { reasonReference: [{ reference: 'Condition/breast' }] }, 'other'],
    ['another cancer, in words', { reasonCode: [{ text: 'Breast cancer' }] }, 'other'],
    ['the ASPS', { reasonReference: [{ reference: 'Condition/asps' }] }, 'asps'],
    ['nothing said', {}, 'open'],
  ])('%s', (_claim, more, indication) => {
    expect(drafts(doxorubicin(more))[0]).toMatchObject({ indication });
  });
});
