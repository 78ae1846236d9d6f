import { describe, expect, test } from '@jest/globals';
import { type Diagnosis, diagnose } from '../../src/chart/asps.ts';
import { diagnoseFrom } from '../../src/chart/chart.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import {
  ASPS_SNOMED,
  asps,
  clinically,
  coded,
  coding,
  complete,
  condition,
  HISTOLOGY,
  ICD,
  ICD_O,
  local,
  NCIT,
  SNOMED,
  terminology,
  verified,
  without,
} from './builders.ts';

const diagnosisOf = (...conditions: readonly JsonObject[]): Diagnosis => diagnose(conditions, terminology);
const certaintyOf = (...conditions: readonly JsonObject[]) => diagnosisOf(...conditions).certainty;
const day = (iso: string) => Date.parse(`${iso}T00:00:00Z`) / 86_400_000;
const histology = (code: JsonObject): JsonObject => ({ extension: [{ url: HISTOLOGY, valueCodeableConcept: code }] });

const FULL = 'Alveolar soft part sarcoma of left thigh';

describe('coded ASPS', () => {
  test.each([
    ['in SNOMED CT', coded(SNOMED, '404056007')],
    ['as a morphology', coded(SNOMED, '88195001')],
    ['under the OID of SNOMED CT', coded('urn:oid:2.16.840.1.113883.6.96', '404056007')],
    ['in an edition of SNOMED CT', coded('http://snomed.info/sct/731000124108', '404056007')],
    ['in ICD-O-3', coded(ICD_O, '9581/3')],
    ['in NCIt', coded(NCIT, 'C3750')],
    ['in Orphanet', coded('http://www.orpha.net', '163699')],
    ['after the ICD-10-CM code of its site', { coding: [coding(ICD, 'C49.22'), coding(SNOMED, ASPS_SNOMED)] }],
    ['before it', { coding: [coding(SNOMED, ASPS_SNOMED), coding(ICD, 'C49.22')] }],
    ['beside a display that says something else', { coding: [local('Thigh mass'), coding(SNOMED, ASPS_SNOMED)] }],
    ['with the abbreviation as its text', { ...coded(SNOMED, ASPS_SNOMED), text: 'ASPS' }],
  ])('establishes it: %s', (_claim, code) => {
    expect(diagnosisOf(condition(code, verified('confirmed')))).toMatchObject({ certainty: 'established', by: 'code' });
  });

  test.each([
    ['the extension for histology', condition(coded(ICD, 'C49.22'), histology(coded(ICD_O, '9581/3')))],
    [
      'that extension under an older URL',
      condition(coded(ICD, 'C49.22'), {
        extension: [
          { url: `http://example.org/${HISTOLOGY.split('/').at(-1)}`, valueCodeableConcept: coded(SNOMED, '88195001') },
        ],
      }),
    ],
  ])('counts in %s', (_claim, record) => {
    expect(diagnosisOf(record)).toMatchObject({ certainty: 'established', by: 'code' });
  });

  test('is named by the histology, then by the site', () => {
    const record = condition(
      coded(ICD, 'C49.22', 'Malignant neoplasm of left lower limb'),
      histology(coded(ICD_O, '9581/3', 'ASPS')),
    );
    expect(diagnosisOf(record).evidence[0]?.text).toBe('ASPS: Malignant neoplasm of left lower limb');
  });

  test.each([
    ['another histology', condition(coded(ICD, 'C49.22'), histology(coded(ICD_O, '8890/3')))],
    [
      'another extension',
      condition(coded(ICD, 'C49.22'), {
        extension: [{ url: 'http://x/y', valueCodeableConcept: coded(ICD_O, '9581/3') }],
      }),
    ],
    [
      'C49.- alone',
      condition(coded(ICD, 'C49.22', 'Malignant neoplasm of connective and soft tissue of left lower limb')),
    ],
    ['soft tissue sarcoma', condition(coded(SNOMED, '424952003', 'Sarcoma of soft tissue'))],
    ['the code in another system', condition(coded('urn:x', ASPS_SNOMED))],
    ['alveolar rhabdomyosarcoma', condition('Alveolar rhabdomyosarcoma')],
    ['a fusion gene', condition('ASPSCR1-TFE3 fusion')],
    ['no code at all', { resourceType: 'Condition', id: 'c1' }],
    ['garbage', condition('&^%&^%&^%')],
  ])('is not found in %s', (_claim, record) => {
    expect(certaintyOf(record)).toBe('absent');
  });
});

describe('verificationStatus decides', () => {
  const by = (code: JsonObject | string) => (status: string | undefined) =>
    certaintyOf(condition(code, status === undefined ? {} : verified(status)));

  test.each([
    ['confirmed', 'established', 'established', 'suspected'],
    [undefined, 'established', 'suspected', 'suspected'],
    ['unconfirmed', 'suspected', 'suspected', 'suspected'],
    ['provisional', 'suspected', 'suspected', 'suspected'],
    ['differential', 'suspected', 'suspected', 'suspected'],
    ['refuted', 'absent', 'absent', 'absent'],
    ['entered-in-error', 'absent', 'absent', 'absent'],
  ])('%p: coded %s, by full name %s, by abbreviation %s', (status, byCode, byName, byAbbreviation) => {
    expect([by(coded(SNOMED, ASPS_SNOMED))(status), by(FULL)(status), by('ASPS')(status)]).toEqual([
      byCode,
      byName,
      byAbbreviation,
    ]);
  });

  test('as text too', () => {
    expect(certaintyOf(asps({ verificationStatus: { text: 'Refuted' } }))).toBe('absent');
    expect(certaintyOf(asps({ verificationStatus: { text: 'Provisional' } }))).toBe('suspected');
  });

  test('a Condition stripped to its id and status is nothing', () => {
    expect(certaintyOf({ resourceType: 'Condition', id: 'c1', ...verified('entered-in-error') })).toBe('absent');
  });

  test('entered in error in `status` counts too, whatever else is missing', () => {
    expect(diagnoseFrom(complete({ conditions: [asps({ status: 'entered-in-error' })] }), terminology).certainty).toBe(
      'absent',
    );
  });
});

describe('the full name in the text of a confirmed Condition', () => {
  const confirmed = (text: string) => diagnosisOf(condition(text, verified('confirmed')));

  test.each([
    'Alveolar soft part sarcoma',
    'ALVEOLAR SOFT PART SARCOMA',
    'Alveolar soft-part sarcoma',
    'Alveolar soft parts sarcoma',
    'Alveolar soft tissue sarcoma',
    'Alveolar softpart sarcoma',
    'Sarcoma, alveolar soft part',
    'Sarcoma alveolar soft part',
    'ASPS (alveolar soft part sarcoma), tongue',
    'Metastatic alveolar soft part sarcoma',
    'Alveolar  soft part sarcoma',
    'Alveolar soft part sarcoma, no evidence of disease',
  ])('establishes it by text: %s', (text) => {
    expect(confirmed(text)).toMatchObject({ certainty: 'established', by: 'text' });
  });

  test.each([
    'r/o alveolar soft part sarcoma',
    'Rule out alveolar soft part sarcoma',
    'Possible alveolar soft part sarcoma',
    'Probable alveolar soft part sarcoma',
    'Suspected alveolar soft part sarcoma',
    'Alveolar soft part sarcoma vs paraganglioma',
    'Paraganglioma vs alveolar soft part sarcoma',
    'Alveolar soft part sarcoma?',
    '? alveolar soft part sarcoma',
  ])('is a suspicion with a doubt before or after it: %s', (text) => {
    expect(confirmed(text).certainty).toBe('suspected');
  });

  test.each([
    'No evidence of alveolar soft part sarcoma',
    'Alveolar soft part sarcoma ruled out',
    'Alveolar soft part sarcoma - ruled out',
    'Negative for alveolar soft part sarcoma',
    'Not alveolar soft part sarcoma',
    'Family history of alveolar soft part sarcoma',
    'Mother with alveolar soft part sarcoma',
    'Family history of ASPS',
    'No ASPS',
  ])('is nothing when negated or of a relative: %s', (text) => {
    expect(confirmed(text).certainty).toBe('absent');
  });

  test('counts in a display as in the text', () => {
    const record = condition({ coding: [local('Alveolar soft part sarcoma')] }, verified('confirmed'));
    expect(diagnosisOf(record)).toMatchObject({ certainty: 'established', by: 'text' });
  });

  test('as history is established and not active', () => {
    expect(confirmed('History of alveolar soft part sarcoma')).toMatchObject({
      certainty: 'established',
      active: false,
    });
  });
});

describe('a word that only looks like a negation', () => {
  test.each([
    'Non-metastatic alveolar soft part sarcoma',
    'Non-resectable alveolar soft part sarcoma',
    'No known metastases, alveolar soft part sarcoma',
  ])('%s', (text) => {
    expect(certaintyOf(condition(text, verified('confirmed')))).toBe('established');
  });

  test('is none beside the code either', () => {
    const conditions = [
      asps({ code: { ...coded(SNOMED, ASPS_SNOMED), text: 'Non-metastatic alveolar soft part sarcoma' } }),
    ];
    expect(diagnosisOf(...conditions).certainty).toBe('established');
  });
});

describe('a code and its own text', () => {
  const withText = (text: string, more: JsonObject = {}) =>
    certaintyOf(condition({ ...coded(SNOMED, ASPS_SNOMED), text }, more));

  test('that denies it: a person has to look', () => {
    expect(withText('Alveolar soft part sarcoma ruled out', verified('confirmed'))).toBe('suspected');
    expect(withText('Family history of ASPS')).toBe('suspected');
  });

  test.each([
    'Alveolar soft part sarcoma of left thigh, margins negative',
    'Alveolar soft part sarcoma of thigh margins negative',
    'Alveolar soft part sarcoma, husband is contact',
    'ASPS, sister is health care proxy',
    'Alveolar soft part sarcoma, likely metastatic to lung',
    'No longer resectable alveolar soft part sarcoma',
    'Alveolar soft part sarcoma, no brain metastases',
  ])('that speaks of something else: established once confirmed (%s)', (text) => {
    expect(withText(text, verified('confirmed'))).toBe('established');
  });

  test.each([
    'No evidence of alveolar soft part sarcoma',
    'Alveolar soft part sarcoma has been ruled out',
    'Family hx of alveolar soft part sarcoma',
    'Mother with ASPS',
    'Alveolar soft part sarcoma in sister',
    'Not ASPS',
  ])('that denies the disease itself: suspected, confirmed or not (%s)', (text) => {
    expect([withText(text, verified('confirmed')), withText(text)]).toEqual(['suspected', 'suspected']);
  });

  test('that doubts it: suspected until confirmed', () => {
    expect(withText('r/o alveolar soft part sarcoma')).toBe('suspected');
    expect(withText('r/o alveolar soft part sarcoma', verified('confirmed'))).toBe('established');
  });

  test('that says nothing of it: established', () => {
    expect(withText('Left thigh mass, mother with breast cancer')).toBe('established');
  });
});

describe('of several Conditions', () => {
  const suspected = condition('ASPS', { id: 's1' });

  test('one that establishes it is enough', () => {
    expect(certaintyOf(suspected, asps(), condition('Hypertension'))).toBe('established');
  });

  test('only those that establish it are its evidence', () => {
    expect(diagnosisOf(suspected, asps()).evidence.map(({ reference }) => reference)).toEqual(['Condition/asps']);
  });

  test('one that suspects it is enough to suspect', () => {
    expect(certaintyOf(condition('Hypertension'), suspected)).toBe('suspected');
  });

  test('a refuted one takes nothing back', () => {
    expect(certaintyOf(asps(verified('refuted')), asps({ id: 'asps2' }))).toBe('established');
  });

  test('duplicates of it, as a problem and as diagnoses, are one diagnosis with all its evidence', () => {
    const twice = diagnosisOf(asps({ id: 'a', category: [coded('x', 'problem-list-item')] }), asps({ id: 'b' }));
    expect(twice.certainty).toBe('established');
    expect(twice.evidence.map(({ kind }) => kind)).toEqual(['problem', 'diagnosis']);
  });

  test('the coded and active one comes first', () => {
    const byText = condition(FULL, { id: 'text', ...verified('confirmed') });
    const resolved = asps({ id: 'resolved', ...clinically('resolved') });
    expect(diagnosisOf(byText, resolved, asps()).conditions.map(({ id }) => id)).toEqual(['asps', 'resolved', 'text']);
  });

  test('589 stripped ones hide nothing', () => {
    const stripped = Array.from({ length: 589 }, (_, n) => ({
      resourceType: 'Condition',
      id: `x${n}`,
      ...verified('entered-in-error'),
    }));
    expect(certaintyOf(...stripped, asps())).toBe('established');
    expect(certaintyOf(...stripped)).toBe('absent');
  });

  test('nothing but Conditions counts', () => {
    expect(
      diagnoseFrom(complete({ conditions: [{ ...asps(), resourceType: 'Observation' }] }), terminology).certainty,
    ).toBe('absent');
  });

  test('Conditions that were not read make no diagnosis', () => {
    expect(diagnoseFrom(without(complete(), 'conditions'), terminology).certainty).toBe('absent');
  });
});

describe('it is active', () => {
  test.each([
    ['when nothing is said', {}, true],
    ['active', clinically('active'), true],
    ['recurrence', clinically('recurrence'), true],
    ['relapse', clinically('relapse'), true],
    ['inactive', clinically('inactive'), false],
    ['remission', clinically('remission'), false],
    ['resolved', clinically('resolved'), false],
    ['an abatement date', { abatementDateTime: '2026-09-01' }, false],
    ['an abatement in words', { abatementString: 'after surgery' }, false],
    ['an abatement date on an active Condition', { ...clinically('active'), abatementDateTime: '2026-09' }, false],
    ['an abatement that is null', { abatementDateTime: null }, true],
  ])('%s: %p', (_claim, more, active) => {
    expect(diagnosisOf(asps(more)).active).toBe(active);
  });

  test('unless every Condition that establishes it is not', () => {
    expect(diagnosisOf(asps(clinically('resolved')), asps({ id: 'asps2' })).active).toBe(true);
    expect(diagnosisOf(asps(clinically('resolved')), asps(clinically('remission'))).active).toBe(false);
    expect(diagnosisOf(asps(clinically('resolved')), condition('ASPS', clinically('active'))).active).toBe(false);
  });
});

describe('the date of diagnosis', () => {
  const dated = (...each: readonly JsonObject[]) =>
    diagnosisOf(...each.map((dates) => asps({ onsetDateTime: undefined, ...dates }))).date;

  test.each([
    ['is the onset', [{ onsetDateTime: '2026-06-10' }], '2026-06-10', '2026-06-10'],
    ['is the year, if that is all', [{ onsetDateTime: '2024' }], '2024-01-01', '2024-12-31'],
    ['is the month', [{ onsetDateTime: '2024-02' }], '2024-02-01', '2024-02-29'],
    [
      'is the period of onset',
      [{ onsetPeriod: { start: '2024-01-05', end: '2024-03-01' } }],
      '2024-01-05',
      '2024-03-01',
    ],
    [
      'is the earliest onset',
      [{ onsetDateTime: '2026-06-10' }, { onsetDateTime: '2025-02-01' }],
      '2025-02-01',
      '2025-02-01',
    ],
    [
      'in a year that holds a known day lies no later than that day',
      [{ onsetDateTime: '2024-05-03' }, { onsetDateTime: '2024' }],
      '2024-01-01',
      '2024-05-03',
    ],
    [
      'is the onset even when recorded earlier',
      [{ onsetDateTime: '2026-06-10', recordedDate: '2026-01-01' }],
      '2026-06-10',
      '2026-06-10',
    ],
    [
      'is an onset rather than a date of record',
      [{ onsetDateTime: '2026-06-10' }, { recordedDate: '2025-01-01' }],
      '2026-06-10',
      '2026-06-10',
    ],
  ])('%s', (_claim, each, start, end) => {
    expect(dated(...each)).toMatchObject({ start: day(start), end: day(end) });
  });

  test.each([
    ['up to the date of record', [{ recordedDate: '2026-06-10' }], '2026-06-10'],
    ['up to the earliest date of record', [{ recordedDate: '2026-06-10' }, { recordedDate: '2025-03' }], '2025-03-31'],
    ['an age is no date', [{ onsetAge: { value: 19, unit: 'a' }, recordedDate: '2026-06-10' }], '2026-06-10'],
    ['nor is a story', [{ onsetString: 'last summer', recordedDate: '2026-06-10' }], '2026-06-10'],
  ])('is unknown without an onset: %s', (_claim, each, end) => {
    expect(dated(...each)).toMatchObject({ start: -Infinity, end: day(end) });
  });

  test('is any time if nothing is dated', () => {
    expect(dated({})).toEqual({ start: -Infinity, end: Infinity, text: '' });
  });

  test('is that of the recurrence, not of the disease that is over', () => {
    const over = { onsetDateTime: '2020-01-01', ...clinically('resolved') };
    expect(dated(over, { onsetDateTime: '2026-06-10', ...clinically('recurrence') })).toMatchObject({
      start: day('2026-06-10'),
      end: day('2026-06-10'),
    });
    expect(dated(over).text).toBe('2020-01-01');
  });

  test('is not that of a Condition that only suspects it', () => {
    expect(diagnosisOf(asps(), condition('ASPS', { onsetDateTime: '2020' })).date.text).toBe('2026-06-10');
  });
});
