import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { readCodedText } from '../../src/chart/coding.ts';
import { checkValueSet, compileTerminology, type Drug } from '../../src/chart/terminology.ts';
import { ATC, coded, coding, ICD, RXNORM, SNOMED, terminology } from './builders.ts';

const HCPCS = 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets';
const drugs = (concept: unknown) => terminology.drugsIn(readCodedText(concept)).map(({ drug }) => drug);
const classes = (concept: unknown) => [
  ...new Set(terminology.drugsIn(readCodedText(concept)).map((drug) => drug.class)),
];
const sets = (concept: unknown) => terminology.valueSetsOf(readCodedText(concept));

const colours = {
  resourceType: 'ValueSet',
  id: 'red',
  compose: {
    include: [
      { system: 'urn:colour', concept: [{ code: 'r1' }, { code: 'r2' }] },
      { system: 'urn:colour', filter: [{ property: 'code', op: 'regex', value: 'R(\\..*)?' }] },
    ],
  },
};

describe('a value set', () => {
  const { isIn, tokens, valueSetsOf } = compileTerminology(
    [colours, { id: 'red-cpt', compose: { include: [{ system: 'urn:cpt', concept: [{ code: '7' }] }] } }],
    [],
  );
  const has = (system: string, code: string) => isIn(readCodedText(coded(system, code)), 'red');

  test('holds its enumerated codes in their system only', () => {
    expect([has('urn:colour', 'r1'), has('urn:colour', 'r3'), has('urn:other', 'r1')]).toEqual([true, false, false]);
  });

  test('holds the codes that match its filter as a whole', () => {
    expect([
      has('urn:colour', 'R'),
      has('urn:colour', 'R.12'),
      has('urn:colour', 'RX'),
      has('urn:colour', 'xR'),
    ]).toEqual([true, true, false, false]);
  });

  test('takes in the file with its CPT codes', () => {
    expect(has('urn:cpt', '7')).toBe(true);
    expect(valueSetsOf(readCodedText(coded('urn:cpt', '7')))).toEqual(['red']);
  });

  test('is searched by its enumerated codes, in file order', () => {
    expect(tokens('red')).toEqual(['urn:colour|r1', 'urn:colour|r2', 'urn:cpt|7']);
  });

  test('one of several codings is enough, wherever it stands', () => {
    const codings = [coding('urn:x', '1'), coding('urn:colour', 'r1'), coding('urn:y', 'r1')];
    fc.assert(
      fc.property(fc.shuffledSubarray(codings, { minLength: 3 }), (shuffled) => {
        expect(isIn(readCodedText({ coding: shuffled }), 'red')).toBe(true);
      }),
    );
  });

  test('that does not exist is a mistake of ours', () => {
    expect(() => isIn(readCodedText({}), 'blue')).toThrow('There is no value set blue');
    expect(() => tokens('blue')).toThrow('There is no value set blue');
  });

  test('of a drug has to exist', () => {
    const drug: Drug = { drug: 'x', class: 'anthracycline', valueSet: 'drug-x', names: [] };
    expect(() => compileTerminology([], [drug])).toThrow('x: there is no value set drug-x');
  });

  test.each([
    [
      'with another filter',
      { id: 'a', compose: { include: [{ filter: [{ property: 'concept', op: 'is-a' }] }] } },
      'regex',
    ],
    [
      'with a regex that is none',
      { id: 'a', compose: { include: [{ filter: [{ property: 'code', op: 'regex', value: '(' }] }] } },
      'regular',
    ],
    ['without an id', { compose: {} }, 'id'],
  ])('%s is refused', (_claim, content, what) => {
    expect(() => checkValueSet({ resourceType: 'ValueSet', ...content })).toThrow(what);
  });

  test.each([null, [], 'x', { resourceType: 'Patient', id: 'a' }])('%j is none', (content) => {
    expect(() => checkValueSet(content)).toThrow('is no ValueSet');
  });
});

describe('a second ValueSet with the same id', () => {
  const concepts = (...codes: readonly string[]) => [
    { system: 'urn:colour', concept: codes.map((code) => ({ code })) },
  ];
  const layered = (...more: readonly object[]) =>
    compileTerminology([colours, ...more.map((compose) => ({ id: 'red', compose }))], []);
  const held = ({ isIn, valueSetsOf }: ReturnType<typeof layered>, code: string) => {
    const concept = readCodedText(coded('urn:colour', code));
    // Both ways of asking have to agree.
    return [isIn(concept, 'red'), valueSetsOf(concept).includes('red')];
  };
  const yes = [true, true];
  const no = [false, false];

  test('adds to the first', () => {
    const reds = layered({ include: concepts('r9') });
    expect(['r1', 'r9', 'R.1'].map((code) => held(reds, code))).toEqual([yes, yes, yes]);
    expect(reds.tokens('red')).toEqual(['urn:colour|r1', 'urn:colour|r2', 'urn:colour|r9']);
  });

  test('takes out what it excludes, a code that matches a pattern too', () => {
    const reds = layered({ exclude: concepts('r1', 'R.1') });
    expect(['r1', 'R.1', 'r2', 'R.2'].map((code) => held(reds, code))).toEqual([no, no, yes, yes]);
    expect(reds.tokens('red')).toEqual(['urn:colour|r2']);
  });

  test('can bring back what one before it took out', () => {
    const reds = layered({ exclude: concepts('r1', 'R.1') }, { include: concepts('R.1') });
    expect(['r1', 'R.1'].map((code) => held(reds, code))).toEqual([no, yes]);
  });

  test('takes nothing out of another system', () => {
    const reds = layered({ exclude: [{ system: 'urn:other', concept: [{ code: 'r1' }] }] });
    expect(held(reds, 'r1')).toEqual(yes);
  });
});

describe('the ICD-10-CM ranges', () => {
  test.each([
    ['C49.9 is a site an ASPS is filed under', 'C49.9', 'asps-site-malignancy'],
    ['C49.22 too', 'C49.22', 'asps-site-malignancy'],
    ['so are tongue', 'C02.9', 'asps-site-malignancy'],
    ['peripheral nerves', 'C47.9', 'asps-site-malignancy'],
    ['retroperitoneum', 'C48.0', 'asps-site-malignancy'],
    ['and orbit', 'C69.61', 'asps-site-malignancy'],
    ['C78.02 is lung', 'C78.02', 'metastasis-lung'],
    ['C78.2 is pleura', 'C78.2', 'metastasis-pleura-mediastinum'],
    ['C78.1 is mediastinum', 'C78.1', 'metastasis-pleura-mediastinum'],
    ['C79.31 is brain', 'C79.31', 'metastasis-cns'],
    ['C79.32 is meninges', 'C79.32', 'metastasis-cns'],
    ['C79.49 is other nervous system', 'C79.49', 'metastasis-cns'],
    ['C79.51 is bone', 'C79.51', 'metastasis-bone'],
    ['C78.7 is liver', 'C78.7', 'metastasis-liver'],
    ['C77.9 is lymph node', 'C77.9', 'metastasis-lymph-node'],
    ['C79.71 is elsewhere', 'C79.71', 'metastasis-other'],
    ['C80.0 is disseminated', 'C80.0', 'metastasis-other'],
  ])('%s', (_claim, code, valueSet) => {
    expect(sets(coded(ICD, code))).toContain(valueSet);
  });

  test('GIST (C49.A) is no site of an ASPS', () => {
    expect(sets(coded(ICD, 'C49.A2'))).not.toContain('asps-site-malignancy');
  });

  test('each secondary malignancy has one site', () => {
    const codes =
      'C77 C77.0 C77.1 C77.2 C77.3 C77.4 C77.5 C77.8 C77.9 C78 C78.00 C78.01 C78.02 C78.1 C78.2 C78.30 C78.39 C78.4 C78.5 C78.6 C78.7 C78.80 C78.89 ' +
      'C79 C79.00 C79.01 C79.02 C79.10 C79.11 C79.19 C79.2 C79.31 C79.32 C79.40 C79.49 C79.51 C79.52 C79.60 C79.61 C79.62 C79.63 C79.70 C79.71 C79.72 C79.81 C79.82 C79.89 C79.9 C80.0';
    const sites = codes
      .split(' ')
      .map((code) => [code, new Set(sets(coded(ICD, code)).filter((set) => set.startsWith('metastasis-'))).size]);
    expect(sites.filter(([, count]) => count !== 1)).toEqual([]);
  });
});

describe('a drug is recognised', () => {
  test.each([
    ['by its ingredient in RxNorm', coded(RXNORM, '1792776'), ['atezolizumab']],
    ['by its brand in RxNorm', coded(RXNORM, '1547550'), ['pembrolizumab']],
    ['by a product in RxNorm', coded(RXNORM, '867506'), ['pazopanib']],
    ['by RxNorm under its OID', coded('urn:oid:2.16.840.1.113883.6.88', '3639'), ['doxorubicin']],
    ['by SNOMED CT', coded(SNOMED, '704191007'), ['nivolumab']],
    ['by ATC', coded(ATC, 'L01EX01'), ['sunitinib']],
    ['by HCPCS', coded(HCPCS, 'J9022'), ['atezolizumab']],
    ['by its name', { text: 'Pembrolizumab' }, ['pembrolizumab']],
    ['by its brand', { text: 'KEYTRUDA 100 mg/4 mL IV' }, ['pembrolizumab']],
    ['by a display alone', { coding: [{ display: 'pazopanib 200 MG Oral Tablet' }] }, ['pazopanib']],
    [
      'beside a local synonym code',
      coded('https://fhir.example/synonym', '2760241', 'DOXOrubicin 50 mg IV'),
      ['doxorubicin'],
    ],
    ['with a biosimilar suffix', { text: 'atezolizumab-abcd 1200 mg' }, ['atezolizumab']],
    ['with the suffix of a combination', { text: 'Atezolizumab-hyaluronidase-tqjs' }, ['atezolizumab']],
    ['with a trade mark', { text: 'Tecentriq®' }, ['atezolizumab']],
    ['in tall-man letters', { text: 'epiRUBicin' }, ['epirubicin']],
    ['by name alone, for an agent without codes', { text: 'anlotinib' }, ['anlotinib']],
    ['each of a combination', { text: 'gemcitabine + docetaxel' }, ['gemcitabine', 'docetaxel']],
    [
      'each of several codings',
      { coding: [coding(RXNORM, '12574'), coding(RXNORM, '72962')] },
      ['gemcitabine', 'docetaxel'],
    ],
    ['once, however often it is named', { text: 'Keytruda (pembrolizumab)' }, ['pembrolizumab']],
  ])('%s', (_claim, concept, expected) => {
    expect(drugs(concept)).toEqual(expected);
  });

  test.each([
    [
      'PD-1/PD-L1 inhibitors',
      'pd-1-pd-l1-inhibitor',
      ['atezolizumab', 'pembrolizumab', 'nivolumab', 'toripalimab', 'geptanolimab'],
    ],
    ['anti-angiogenic TKIs', 'anti-angiogenic-tki', ['pazopanib', 'sunitinib', 'cediranib', 'anlotinib', 'axitinib']],
    ['anthracyclines', 'anthracycline', ['doxorubicin', 'epirubicin', 'doxil', 'liposomal doxorubicin']],
    ['other cytotoxics', 'other-cytotoxic', ['ifosfamide', 'dacarbazine', 'gemcitabine', 'vincristine', 'trabectedin']],
  ])('%s', (_claim, drugClass, names) => {
    expect(names.map((text) => classes({ text }))).toEqual(names.map(() => [drugClass]));
  });

  test('by code, whatever the text names', () => {
    expect(drugs({ ...coded(RXNORM, '1792776'), text: 'carrier for pembrolizumab' })).toEqual(['atezolizumab']);
  });

  test.each([
    ['another drug', { text: 'ondansetron 8 mg' }],
    ['part of a word', { text: 'pazopanibolol' }],
    ['half of a name of two words', { text: 'liposomal bupivacaine' }],
    ['another system', coded('urn:x', '1792776')],
    ['a code of RxNorm in upper case of another system', coded(SNOMED, '1792776')],
    ['what is not given', { text: 'No doxorubicin' }],
    ['what it comes before', { text: 'Ondansetron before doxorubicin' }],
    ['an allergy', { text: 'Allergy to pembrolizumab' }],
    ['nothing', {}],
  ])('but not %s', (_claim, concept) => {
    expect(drugs(concept)).toEqual([]);
  });
});

test('whatever a concept is, it can be looked up', () => {
  const hostile = fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty');
  const part = fc.oneof(hostile, fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(part, part, part, (system, code, text) => {
      const concept = readCodedText({
        text,
        coding: [
          { system, code, display: text },
          { system: RXNORM, code },
        ],
      });
      expect(terminology.valueSetsOf(concept).every((set) => typeof set === 'string')).toBe(true);
      expect(Array.isArray(terminology.drugsIn(concept))).toBe(true);
    }),
  );
});
