import { describe, expect, test } from '@jest/globals';
import {
  codingsOf,
  hasPatternWithoutDescription,
  parseVerifiedCodes,
  secondSourceCodes,
  unverifiedCodes,
} from '../../src/guideline-cli/verified-codes.ts';

const SCT = 'http://snomed.info/sct';
const CPT = 'http://www.ama-assn.org/go/cpt';
const COMMENTS = 'http://hl7.org/fhir/StructureDefinition/valueset-concept-comments';
const ROW = `${SCT}\t404056007\tA\tHL7/fhir-mCODE-ig\tAlveolar soft part sarcoma`;

function concept(code: string, comment?: string) {
  const extension = comment === undefined ? {} : { extension: [{ url: COMMENTS, valueString: comment }] };
  return { code, display: 'Something', ...extension };
}

function valueSetOf(...concepts: readonly object[]) {
  return { resourceType: 'ValueSet', compose: { include: [{ system: SCT, concept: concepts }] } };
}

describe('the table', () => {
  test('is read by system and code, without its comments', () => {
    expect([...parseVerifiedCodes(`# A comment\n${ROW}\n${CPT}\t70553\tB\thttps://x.example/70553\n`)]).toEqual([
      [`${SCT}|404056007`, { grade: 'A', source: 'HL7/fhir-mCODE-ig', display: 'Alveolar soft part sarcoma' }],
      [`${CPT}|70553`, { grade: 'B', source: 'https://x.example/70553' }],
    ]);
  });

  test.each([
    ['a grade that there is not', `${SCT}\t1\tD\tx/y\tZ`, 'verified-codes.tsv:2: there is no such grade'],
    ['a system that is none', `sct\t1\tA\tx/y\tZ`, 'verified-codes.tsv:2: a column is missing'],
    ['no source', `${SCT}\t1\tA\t\tZ`, 'verified-codes.tsv:2: a column is missing'],
    ['a column too many', `${SCT}\t1\tA\tx/y\tZ\tmore`, 'verified-codes.tsv:2: a column is missing'],
    ['a code twice', ROW, `verified-codes.tsv:2: ${SCT}|404056007 is there twice`],
    ['a descriptor of CPT', `${CPT}\t1\tA\tx/y\tZ`, 'verified-codes.tsv:2: CPT stands without descriptors'],
  ])('is refused with %s', (_what, line, problem) => {
    expect(() => parseVerifiedCodes(`${ROW}\n${line}\n`)).toThrow(problem);
  });
});

describe('a code of a value set', () => {
  const verified = parseVerifiedCodes(ROW);

  test('is verified by the table, or by the second source that its comment names', () => {
    const valueSet = valueSetOf(concept('404056007'), concept('1', 'Second source: HL7/bser'));
    expect(unverifiedCodes(valueSet, verified)).toEqual([]);
    expect(secondSourceCodes(valueSet)).toEqual([`${SCT}|1`]);
  });

  test.each([
    ['by nothing', undefined],
    ['by another comment', 'Evidence grade A: HL7/US-Core'],
    ['by a second source that is not named', 'Second source:  '],
  ])('is not verified %s', (_what, comment) => {
    expect(unverifiedCodes(valueSetOf(concept('1', comment)), verified)).toEqual([`${SCT}|1`]);
  });
});

test('a pattern needs a description', () => {
  const compose = { include: [{ system: SCT, filter: [{ property: 'code', op: 'regex', value: '1.*' }] }] };
  expect(hasPatternWithoutDescription({ compose })).toBe(true);
  expect(hasPatternWithoutDescription({ compose, description: 'Everything below 1.' })).toBe(false);
  expect(hasPatternWithoutDescription(valueSetOf(concept('1')))).toBe(false);
});

test('the codings of a resource are found wherever they stand', () => {
  const coding = (code: string) => [{ system: 'urn:oid:2.16.840.1.113883.6.96', code }];
  const resource = { code: { coding: coding('1') }, dosageInstruction: [{ route: { coding: coding('2') } }, null] };
  expect(codingsOf(resource)).toEqual([`${SCT}|1`, `${SCT}|2`]);
  expect(codingsOf('nothing')).toEqual([]);
});
