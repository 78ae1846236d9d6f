import { describe, expect, test } from '@jest/globals';
import { readCodedText } from '../../src/chart/coding.ts';
import { namesNoDrug } from '../../src/chart/nameless-medication.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import { chartOf, coded, coding, local, medicated, RXNORM, terminology } from './builders.ts';

const HCPCS = 'http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets';
const isNameless = (concept: JsonObject | string) =>
  namesNoDrug(readCodedText(typeof concept === 'string' ? { text: concept } : concept), terminology);

describe('a medication that names no drug', () => {
  test.each([
    'IP ONC STUDY DRUG IVPB',
    'Study drug',
    'Study medication (blinded) 100 mg tablet',
    'ALLIANCE A091802 study drug in sodium chloride 0.9 % 250 mL',
    'Investigational agent',
    'Investigational agent XYZ-101 capsule',
    'INVESTIGATIONAL NEW DRUG',
    'clinical trial medication',
    'research medication 2',
    'INVESTIGATIONAL (see comments)',
    'chemotherapy per protocol',
    'Chemotherapy',
    'CHEMO IV INFUSION - SEE ORDER',
    'Outpatient oncology chemotherapy regimen, cycle 3 day 1',
    'Antineoplastic agent',
    'immunotherapy infusion',
    'non-formulary medication',
    'NON FORMULARY',
    'nonformulary drug oral tablet',
    'Placeholder',
    'medication: see admin instructions',
    'Miscellaneous medication',
    'Chemotherapy with investigational drug',
  ])('%s', (text) => {
    expect(isNameless(text)).toBe(true);
  });

  test.each<[string, JsonObject]>([
    ['nothing at all', {}],
    ['a local code without a word', { coding: [{ system: 'urn:oid:1.2.840.114350.1.13.1', code: 'L-1' }] }],
    ['a local code beside the words', { coding: [local('STUDY DRUG')], text: 'IP ONC STUDY DRUG IVPB' }],
    ['a drug with a code for billing', coded(HCPCS, 'X0000', 'Not otherwise classified, antineoplastic drugs')],
    ['an unclassified drug or biological', coded(HCPCS, 'C9399', 'Unclassified drugs or biologicals')],
  ])('%s', (_claim, concept) => {
    expect(isNameless(concept)).toBe(true);
  });
});

describe('a medication that names a drug, be it none of ours', () => {
  test.each([
    'ibuprofen',
    'sodium chloride 0.9 % infusion',
    'sodium chloride 0.9 % flush after chemotherapy',
    'research-grade sodium bicarbonate',
    'ondansetron 8 mg before chemotherapy',
    'ondansetron before study drug',
    'saline flush for each study drug',
    'remdesivir (investigational)',
    'rivaroxaban 20 mg (non-formulary)',
    'insulin glargine - see comments',
    'allergen immunotherapy injection',
    'heparin protocol infusion',
    'D5W 250 mL',
    'vitamin C',
    'Study drug: doxorubicin or placebo',
    'pembrolizumab, clinical trial drug',
    'patient supplied medication',
    'IVPB',
    'アテゾリズマブ',
  ])('%s', (text) => {
    expect(isNameless(text)).toBe(false);
  });

  test.each<[string, JsonObject]>([
    ['by a code, whatever its words are', { coding: [coding(RXNORM, '21212')], text: 'Study drug' }],
    ['by a second word', { coding: [local('ibuprofen 400 mg')], text: 'non-formulary medication' }],
  ])('%s', (_claim, concept) => {
    expect(isNameless(concept)).toBe(false);
  });
});

describe('an order or a dose of it', () => {
  const studyDrug = (type: string, more: JsonObject = {}) =>
    medicated(type, 'IP ONC STUDY DRUG IVPB', { status: 'completed', ...more });

  test.each(['MedicationRequest', 'MedicationAdministration'])('leaves every class open: %s', (type) => {
    const key = type === 'MedicationRequest' ? 'medicationRequests' : 'medicationAdministrations';
    const { exposureTo } = chartOf({ [key]: [studyDrug(type)] });
    expect(exposureTo['pd-1-pd-l1-inhibitor']).toMatchObject({
      state: 'unknown',
      doubt: 'not-named',
      evidence: [{ reference: `${type}/m1`, text: 'IP ONC STUDY DRUG IVPB' }],
    });
  });

  test('of a drug that the terminology knows is of that drug alone', () => {
    const { exposureTo } = chartOf({ medicationRequests: [medicated('MedicationRequest', 'Study drug: doxorubicin')] });
    expect(exposureTo.anthracycline.state).toBe('yes');
    expect(exposureTo['pd-1-pd-l1-inhibitor'].state).toBe('no');
  });

  test('takes back no yes, and counts by its status', () => {
    const beside = medicated('MedicationRequest', 'nivolumab', { id: 'm2' });
    const { exposureTo } = chartOf({ medicationRequests: [studyDrug('MedicationRequest'), beside] });
    expect(exposureTo['pd-1-pd-l1-inhibitor'].state).toBe('yes');
    const cancelled = chartOf({ medicationRequests: [studyDrug('MedicationRequest', { status: 'cancelled' })] });
    expect(cancelled.exposureTo['pd-1-pd-l1-inhibitor'].state).toBe('no');
  });

  test('may be of a strong CYP3A4 inhibitor while it is active', () => {
    const of = (status: string) => chartOf({ medicationRequests: [studyDrug('MedicationRequest', { status })] }).safety;
    expect(of('active').strongCyp3a4Inhibitor).toMatchObject({ state: 'unknown', doubt: 'not-named' });
    expect(of('completed').strongCyp3a4Inhibitor.state).toBe('no');
  });
});

test('a Medication that many orders are of is judged once', () => {
  let looks = 0;
  const drugsIn = () => {
    looks += 1;
    return [];
  };
  const shared = readCodedText({ text: 'Study drug', coding: Array.from({ length: 200 }, () => local('dose')) });
  for (let order = 0; order < 1000; order += 1) expect(namesNoDrug(shared, { drugsIn })).toBe(true);
  expect(looks).toBe(1);
});

test.each<[string, JsonObject, boolean]>([
  ['a package of a study', { coding: [coding('http://hl7.org/fhir/sid/ndc', '0-0-0')], text: 'Study drug' }, true],
  ['a code for billing and no word', { coding: [coding(HCPCS, 'X0000')] }, false],
])('%s names a drug or does not', (_claim, concept, expected) => {
  expect(isNameless(concept)).toBe(expected);
});

test('a code of a site, without words, is a name if the site has said of what', () => {
  const concept = () => readCodedText({ coding: [{ system: 'urn:oid:1.2.840.114350.1.13.1', code: 'L-1' }] });
  const [known] = terminology.drugsIn(readCodedText({ text: 'atezolizumab' }));
  expect(namesNoDrug(concept(), { drugsIn: () => [] })).toBe(true);
  expect(namesNoDrug(concept(), { drugsIn: () => (known === undefined ? [] : [known]) })).toBe(false);
});
