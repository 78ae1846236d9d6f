import { describe, expect, test } from '@jest/globals';
import { drugReader, medicationLookup, missingMedications, readMedication } from '../../src/chart/medication.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { chartOf, coded, local, RXNORM, terminology } from './builders.ts';

const medication = (id: string, more: JsonObject): JsonObject => ({ resourceType: 'Medication', id, ...more });
const refers = (reference: string, more: JsonObject = {}): JsonObject => ({
  medicationReference: { reference, ...more },
});
const drugs = (record: JsonObject, beside: readonly JsonObject[] = []) =>
  terminology.drugsIn(readMedication(record, medicationLookup(beside))).map(({ drug }) => drug);

const keytruda = medication('k', { code: coded(RXNORM, '1547550') });
const ingredients = (...codes: readonly string[]): JsonObject => ({
  ingredient: codes.map((code) => ({ itemCodeableConcept: coded(RXNORM, code) })),
});

describe('the medication is found', () => {
  test.each([
    ['in medicationCodeableConcept', { medicationCodeableConcept: coded(RXNORM, '1547550') }, []],
    ['there, in text only', { medicationCodeableConcept: { text: 'Keytruda' } }, []],
    ['there, beside a local code', { medicationCodeableConcept: { coding: [local('pembrolizumab 100 mg')] } }, []],
    ['contained', { ...refers('#k'), contained: [keytruda] }, []],
    ['contained, not as the first', { ...refers('#k'), contained: [medication('x', {}), keytruda] }, []],
    ['contained, not in a list', { ...refers('#k'), contained: keytruda }, []],
    ['contained, as an ingredient', { ...refers('#m'), contained: [medication('m', ingredients('1547545'))] }, []],
    [
      'contained, as an ingredient contained too',
      {
        ...refers('#m'),
        contained: [medication('m', { ingredient: [{ itemReference: { reference: '#k' } }] }), keytruda],
      },
      [],
    ],
    ['in a neighbouring entry', refers('Medication/k'), [keytruda]],
    ['in a neighbouring entry, by an absolute reference', refers('https://ehr.example/r4/Medication/k'), [keytruda]],
    ['in a neighbouring entry, by a version', refers('Medication/k/_history/2'), [keytruda]],
    ['in a neighbouring entry, by urn:uuid', refers('urn:uuid:k'), [keytruda]],
    [
      'in the display of the reference alone',
      refers('Medication/unknown', { display: 'pembrolizumab (KEYTRUDA) 100 mg' }),
      [],
    ],
    ['in a display without a reference', { medicationReference: { display: 'Pembrolizumab' } }, []],
    [
      'in the concept beside a reference that leads nowhere',
      { ...refers('#x'), medicationCodeableConcept: { text: 'Keytruda' } },
      [],
    ],
    [
      'in the display of a Medication without a name',
      refers('Medication/e', { display: 'Keytruda' }),
      [medication('e', {})],
    ],
  ])('%s', (_claim, record, beside) => {
    expect(drugs(record, beside)).toEqual(['pembrolizumab']);
  });

  test('each of its ingredients', () => {
    expect(drugs({ ...refers('#m'), contained: [medication('m', ingredients('12574', '72962'))] })).toEqual([
      'gemcitabine',
      'docetaxel',
    ]);
  });

  test('by its codes rather than by the display', () => {
    expect(drugs(refers('Medication/k', { display: 'docetaxel premedication' }), [keytruda])).toEqual([
      'pembrolizumab',
    ]);
  });
});

describe('nothing is found', () => {
  test.each([
    ['in a contained resource of another id', { ...refers('#x'), contained: [keytruda] }, []],
    ['in a neighbour of another id', refers('Medication/x'), [keytruda]],
    ['in a neighbour that is no Medication', refers('Medication/k'), [{ ...keytruda, resourceType: 'Substance' }]],
    ['in a neighbour for a contained reference', refers('#k'), [keytruda]],
    ['in an empty record', {}, [keytruda]],
    [
      'in references that are none',
      { medicationReference: 'Medication/k', medicationCodeableConcept: 'Keytruda' },
      [keytruda],
    ],
  ])('%s', (_claim, record, beside) => {
    expect(drugs(record, beside)).toEqual([]);
  });
});

test.each([
  ['itself', [medication('a', { code: { text: 'Keytruda' }, ingredient: [{ itemReference: { reference: '#a' } }] })]],
  [
    'one that refers back',
    [
      medication('a', { ingredient: [{ itemReference: { reference: '#b' } }] }),
      medication('b', { code: { text: 'Keytruda' }, ingredient: [{ itemReference: { reference: '#a' } }] }),
    ],
  ],
])('a contained Medication may be made of %s', (_claim, contained) => {
  expect(drugs({ ...refers('#a'), contained })).toEqual(['pembrolizumab']);
});

describe('a Medication that thousands of orders share', () => {
  const many = 4000;
  const shared = () => {
    let reads = 0;
    const ingredient = Array.from({ length: many }, (_unused, at) => ({ itemCodeableConcept: { text: `part ${at}` } }));
    const resource = {
      ...medication('k', { code: { text: 'Keytruda' } }),
      get ingredient() {
        reads += 1;
        return ingredient;
      },
    };
    return { resource, reads: () => reads };
  };
  const orders = (more: (at: number) => JsonObject = () => ({})): readonly JsonObject[] =>
    Array.from({ length: many }, (_unused, at) => ({
      resourceType: 'MedicationRequest',
      id: `order-${at}`,
      status: 'active',
      ...refers('Medication/k', more(at)),
    }));

  test('is read once', () => {
    const { resource, reads } = shared();
    const list = [...orders(), resource];
    const read = list.map((record) => readMedication(record, medicationLookup(list)));
    expect(new Set(read.slice(0, many)).size).toBe(1);
    expect(reads()).toBe(1);
  });

  test('is read once by all that read the chart', () => {
    const { resource, reads } = shared();
    const { exposures, safety } = chartOf({ medicationRequests: [...orders(), resource] });
    expect(exposures).toHaveLength(many);
    expect(safety.strongCyp3a4Inhibitor.state).toBe('no');
    expect(reads()).toBe(1);
  });

  test('says no more than a Medication may', () => {
    const { texts } = readMedication(refers('Medication/k'), medicationLookup([shared().resource]));
    expect(texts).toHaveLength(200);
    expect(texts[0]).toBe('Keytruda');
  });

  test('says less beside words that each order adds', () => {
    const list = [...orders((at) => ({ display: `display ${at}` })), shared().resource];
    const { texts } = readMedication(list[7] ?? {}, medicationLookup(list));
    expect(texts).toHaveLength(11);
    expect([texts[0], texts.at(-1)]).toEqual(['Keytruda', 'display 7']);
  });

  test('adds nothing by a display that it has itself', () => {
    const list = [...orders(() => ({ display: 'Keytruda' })), shared().resource];
    const lookup = medicationLookup(list);
    expect(readMedication(list[0] ?? {}, lookup)).toBe(readMedication(list[1] ?? {}, lookup));
  });

  test('is looked up among the drugs once', () => {
    let asked = 0;
    const drugsOf = drugReader({
      ...terminology,
      drugsIn: (concept) => {
        asked += 1;
        return terminology.drugsIn(concept);
      },
    });
    const list = [...orders(), shared().resource];
    const found = list.slice(0, many).flatMap((record) => drugsOf(readMedication(record, medicationLookup(list))));
    expect(found).toHaveLength(many);
    expect(asked).toBe(1);
  });

  test('may be made of many, of which some are read', () => {
    const parts = Array.from({ length: many }, (_unused, at) => medication(`p${at}`, { code: { text: `part ${at}` } }));
    const whole = medication('k', {
      ingredient: parts.map(({ id }) => ({ itemReference: { reference: `Medication/${String(id)}` } })),
    });
    const { texts } = readMedication(refers('Medication/k'), medicationLookup([whole, ...parts]));
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.length).toBeLessThan(51);
  });
});

describe('Medications that are nowhere near are named, to be read by their id', () => {
  test.each<[string, readonly JsonObject[], readonly string[], readonly string[]]>([
    ['one', [refers('Medication/k')], ['Medication/k'], []],
    ['one of two records once', [refers('Medication/k'), refers('Medication/k')], ['Medication/k'], []],
    [
      'one with a display apart from one without',
      [refers('Medication/a', { display: 'A' }), refers('Medication/b')],
      ['Medication/b'],
      ['Medication/a'],
    ],
    [
      'one with a display here and none there as one without',
      [refers('Medication/a', { display: 'A' }), refers('Medication/a')],
      ['Medication/a'],
      [],
    ],
    ['none that stands beside', [refers('Medication/k'), keytruda], [], []],
    ['none that is contained', [{ ...refers('#k'), contained: [keytruda] }], [], []],
    ['none of a record entered in error', [{ ...refers('Medication/k'), status: 'entered-in-error' }], [], []],
    [
      'none of a record without a reference',
      [{ medicationReference: { display: 'A' } }, { medicationReference: 7 }],
      [],
      [],
    ],
  ])('%s', (_claim, resources, nameless, named) => {
    expect(missingMedications(resources)).toEqual({ nameless, named });
  });
});
