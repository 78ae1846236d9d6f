import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { canonicalSystem, readCode, readCodedText } from '../../src/chart/coding.ts';
import { ICD, ICD_O, LOINC, RXNORM, SNOMED } from './builders.ts';

describe('one system under its many names', () => {
  test.each([
    ['RxNorm by OID', 'urn:oid:2.16.840.1.113883.6.88', RXNORM],
    ['NDC by OID', 'urn:oid:2.16.840.1.113883.6.69', 'http://hl7.org/fhir/sid/ndc'],
    ['ICD-10-CM by OID', 'urn:oid:2.16.840.1.113883.6.90', ICD],
    ['SNOMED CT by OID', 'urn:oid:2.16.840.1.113883.6.96', SNOMED],
    ['CPT by OID', 'urn:oid:2.16.840.1.113883.6.12', 'http://www.ama-assn.org/go/cpt'],
    ['LOINC by OID', 'urn:oid:2.16.840.1.113883.6.1', LOINC],
    ['ICD-O-3 by its older URI', 'http://hl7.org/fhir/sid/icd-o-3', ICD_O],
    ['SNOMED CT, US edition', 'http://snomed.info/sct/731000124108', SNOMED],
    ['SNOMED CT, a version of an edition', 'http://snomed.info/sct/731000124108/version/20250901', SNOMED],
    ['https', 'https://snomed.info/sct', SNOMED],
    ['a trailing slash', 'http://loinc.org/', LOINC],
  ])('%s', (_claim, system, canonical) => {
    expect(canonicalSystem(system)).toBe(canonical);
  });

  test.each(['urn:oid:1.2.840.114350.1.13.1', 'http://hl7.org/fhir/sid/icd-9-cm', 'http://snomed.info/sctx', ''])(
    '%p is itself',
    (system) => {
      expect(canonicalSystem(system)).toBe(system);
    },
  );
});

describe('a concept says', () => {
  test('all its codings, in any order, and all its words, the text first', () => {
    const concept = {
      coding: [
        { system: 'urn:local', code: '1', display: 'Local' },
        { system: 'urn:oid:2.16.840.1.113883.6.96', code: ' 404056007 ', display: 'ASPS' },
      ],
      text: 'Text',
    };
    expect(readCodedText(concept)).toEqual({
      codings: [
        { system: 'urn:local', code: '1' },
        { system: SNOMED, code: '404056007' },
      ],
      texts: ['Text', 'Local', 'ASPS'],
    });
  });

  test('its display also when the coding has no system or no code', () => {
    expect(
      readCodedText({ coding: [{ display: 'A' }, { code: '1', display: 'B' }, { system: 's', display: 'C' }] }),
    ).toEqual({ codings: [], texts: ['A', 'B', 'C'] });
  });

  test('a list of concepts as one', () => {
    expect(readCodedText([{ text: 'A' }, { text: 'B' }], { text: 'C' }).texts).toEqual(['A', 'B', 'C']);
  });

  test.each([
    undefined,
    null,
    'text',
    7,
    [],
    {},
    { text: ' ' },
    { coding: 'x' },
    { coding: [null, 1] },
    [[{ text: 'A' }]],
  ])('nothing if it is %p', (value) => {
    expect(readCodedText(value)).toEqual({ codings: [], texts: [] });
  });

  test('whatever it is, texts and codes that are not blank', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (a, b, c) => {
        const { codings, texts } = readCodedText(
          a,
          { text: b, coding: c },
          { coding: [{ system: a, code: b, display: c }] },
        );
        expect(texts.every((text) => text.trim() !== '')).toBe(true);
        expect(codings.every(({ system, code }) => typeof system === 'string' && code !== '')).toBe(true);
      }),
    );
  });
});

test('a class for payment names no disease that the patient has', () => {
  const hcc = {
    system: 'http://terminology.hl7.org/CodeSystem/cmshcc',
    code: '8',
    display: 'Metastatic Cancer and Acute Leukemia',
  };
  expect(readCodedText({ text: 'Lung metastases', coding: [hcc] })).toEqual({
    codings: [{ system: hcc.system, code: '8' }],
    texts: ['Lung metastases'],
  });
});

describe('the code of a status', () => {
  test.each([
    ['a coded one', { coding: [{ code: 'refuted' }] }, 'refuted'],
    ['a plain one', 'completed', 'completed'],
    ['text, when there is no coding', { text: ' Refuted ' }, 'refuted'],
    [
      'the coding, when the text says otherwise',
      { coding: [{ code: 'confirmed' }], text: 'Confirmed by biopsy' },
      'confirmed',
    ],
    ['a list', [{ coding: [{ code: 'problem-list-item' }] }], 'problem-list-item'],
    ['none', {}, undefined],
    ['a blank code', { coding: [{ code: ' ' }] }, undefined],
    ['nothing', undefined, undefined],
    ['a number', 7, undefined],
  ])('%s', (_claim, value, code) => {
    expect(readCode(value)).toBe(code);
  });
});
