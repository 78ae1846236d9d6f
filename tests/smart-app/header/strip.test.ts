import { describe, expect, test } from '@jest/globals';
import { RESOURCE_KEYS } from '../../../src/chart/reading.ts';
import type { HeaderItem, HeaderValue } from '../../../src/smart-app/header/item.ts';
import { clinicalItems, stripOf } from '../../../src/smart-app/header/strip.ts';
import { linesInWords } from '../../../src/smart-app/header/treatment.ts';
import type { Situation } from '../../../src/smart-app/situation.ts';
import { PATIENTS, situationOf } from './situation-of.ts';

/** Words by which a reader concludes that something is not there. */
const ABSENCE = /\bnot recorded\b|\bno record\b|\bno drug\b|\bnone\b/;

describe('The header strip', () => {
  test('names the current drug and since when, and opens its order', async () => {
    const [drug] = valuesOf(await situationOf('on-atezolizumab-lung-bone'), 'Systemic therapy');
    expect(drug).toMatchObject({ words: 'atezolizumab', note: 'since 2025-04-14', standing: 'recorded' });
    expect(drug?.evidence[0]?.reference).toMatch(/^MedicationRequest\//);
  });

  test('names the metastases by site, each with its day', async () => {
    const sites = valuesOf(await situationOf('on-atezolizumab-lung-bone'), 'Metastases');
    expect(sites.map(({ words, note }) => [words, note])).toEqual([
      ['lung', '2025-03-24'],
      ['bone', '2026-10-26'],
    ]);
  });

  test('a record without a date does not hide the day that another one gives', async () => {
    const [lung] = valuesOf(await situationOf('epic-on-atezolizumab'), 'Metastases');
    expect(lung).toMatchObject({ words: 'lung', note: '2025-10-02' });
    expect(lung?.evidence.some(({ date }) => date === undefined)).toBe(true);
  });

  test('says by what the diagnosis is established, and that a suspicion is none', async () => {
    const [established] = valuesOf(await situationOf('on-atezolizumab-lung-bone'), 'Diagnosis');
    expect(established?.note).toBe('established by a code, since 2025-03-10, active');
    const [suspected] = valuesOf(await situationOf('abbreviation-only'), 'Diagnosis');
    expect(suspected).toMatchObject({ words: 'suspected alveolar soft part sarcoma' });
    expect(suspected?.note).toContain('not established');
  });

  test('gives the stage in the words and with the day of its record', async () => {
    const values = valuesOf(await situationOf('localised-resected'), 'Stage');
    expect(values[0]?.words).toBe('localised');
    expect(values.slice(1).some(({ words, note }) => words.includes('Stage IIIA') && note === '2026-07-20')).toBe(true);
  });

  test('leaves the spread undecided where it may be another cancer’s, and says why', async () => {
    const [stage] = valuesOf(await situationOf('second-cancer'), 'Stage');
    expect(stage).toMatchObject({ words: 'metastatic or not: undecided', standing: 'open' });
    expect(stage?.note).toContain('another active cancer');
    expect(stage?.evidence.length).toBeGreaterThan(0);
  });

  test('calls nothing absent of which the part was not read', async () => {
    for (const patient of PATIENTS) {
      const unread = await situationOf(patient, { without: RESOURCE_KEYS });
      for (const value of clinicalItems(unread).flatMap(({ values }) => values)) {
        expect([patient, value.words, value.standing]).toEqual([patient, expect.not.stringMatching(ABSENCE), 'unread']);
        expect(`${value.words} ${value.note}`).toContain('access refused');
      }
    }
  });

  test('says of what is still being read that it is, and not that it could not be read', async () => {
    const situation = await situationOf('on-atezolizumab-lung-bone', { pending: RESOURCE_KEYS });
    for (const value of clinicalItems(situation).flatMap(({ values }) => values)) {
      expect(value.standing).toBe('reading');
      expect(`${value.words} ${value.note}`).not.toMatch(/could not|not recorded|no record/);
    }
  });

  test('claims no more with one part less: a new absence stands beside what was not read', async () => {
    const said = new Set(absencesOf(await situationOf('metastatic-untreated')).map(({ words }) => words));
    for (const key of RESOURCE_KEYS) {
      const fewer = absencesOf(await situationOf('metastatic-untreated', { without: [key] }));
      const bold = fewer.filter(({ words, besideUnread }) => !said.has(words) && !besideUnread);
      expect([key, bold]).toEqual([key, []]);
    }
    expect(said.size).toBeGreaterThan(0);
  });

  test('a drug that goes on is not the only one as long as medication is unread', async () => {
    const situation = await situationOf('on-atezolizumab-lung-bone', { without: ['medicationAdministrations'] });
    expect(valuesOf(situation, 'Systemic therapy').map(({ words, standing }) => [words, standing])).toEqual([
      ['atezolizumab', 'recorded'],
      ['there may be others', 'unread'],
    ]);
  });

  test('names the last line where none goes on, and that it may be on hold', async () => {
    const situation = await situationOf('on-atezolizumab-lung-bone', {
      edit: (resources) =>
        resources.map((one) => (one.resourceType === 'MedicationRequest' ? { ...one, status: 'on-hold' } : one)),
    });
    const [held] = valuesOf(situation, 'Systemic therapy');
    expect(held).toMatchObject({ words: 'atezolizumab, on hold', note: 'an order is on hold', standing: 'open' });
    const stopped = await situationOf('on-atezolizumab-lung-bone', {
      edit: (resources) =>
        resources.map((one) => (one.resourceType === 'MedicationRequest' ? { ...one, status: 'stopped' } : one)),
    });
    const [none, last] = valuesOf(stopped, 'Systemic therapy');
    expect(none).toMatchObject({
      words: 'no drug of this guideline for the ASPS found going on',
      note: 'in MedicationRequest, MedicationAdministration, MedicationStatement',
    });
    expect(last).toMatchObject({ words: 'last: atezolizumab', note: 'last record 2025-04-14' });
  });

  test('claims the absence of no drug but those it knows, and names what it does not count, with its record', async () => {
    const order = (patient: string, drug: string, more: object) => ({
      resourceType: 'MedicationRequest',
      id: 'another',
      status: 'active',
      intent: 'order',
      authoredOn: '2026-10-10',
      subject: { reference: `Patient/${patient}` },
      medicationCodeableConcept: { text: drug },
      ...more,
    });
    const withOrder = async (patient: string, drug: string, more: object = {}) =>
      valuesOf(
        await situationOf(patient, { edit: (resources) => [...resources, order(patient, drug, more)] }),
        'Systemic therapy',
      ).map(({ words, note, evidence }) => [words, note, evidence[0]?.reference]);
    const none = [
      'no drug of this guideline for the ASPS found going on',
      'in MedicationRequest, MedicationAdministration, MedicationStatement',
      undefined,
    ];
    expect(await withOrder('metastatic-untreated', 'bevacizumab')).toEqual([none]);
    expect(await withOrder('second-cancer-linked', 'doxorubicin', { reasonCode: [{ text: 'breast cancer' }] })).toEqual(
      [
        none,
        [
          'not counted: doxorubicin',
          'for something other than the ASPS, by its reason; last record 2026-10-10',
          'MedicationRequest/another',
        ],
      ],
    );
    expect(await withOrder('metastatic-untreated', 'atezolizumab', { authoredOn: '2019-02-01' })).toEqual([
      none,
      ['not counted: atezolizumab', 'dated before the diagnosis; last record 2019-02-01', 'MedicationRequest/another'],
    ]);
    const [undecided, planned] = await withOrder('metastatic-untreated', 'pazopanib', { intent: 'plan' });
    expect(undecided?.[0]).toBe('going on or not: undecided');
    expect(planned?.slice(0, 2)).toEqual([
      'not counted: pazopanib',
      'only planned or reported; last record 2026-10-10',
    ]);
  });

  test('says of an order for a day to come that it is one, and of nothing that it goes on since then', async () => {
    const situation = await situationOf('progressed-on-both', {
      edit: (resources) => resources.map((one) => ('authoredOn' in one ? { ...one, authoredOn: '2027-06-16' } : one)),
    });
    const [pazopanib] = valuesOf(situation, 'Systemic therapy');
    expect(pazopanib).toMatchObject({ words: 'pazopanib', note: 'dated after today: 2027-06-16', standing: 'open' });
    expect(linesInWords(situation.chart).join()).toContain('pazopanib, dated after today: 2027-06-16');
    expect(linesInWords(situation.chart).join()).not.toMatch(/since|going on/);
  });

  test('the first dose on record is not called the start, the order is', async () => {
    const given = await situationOf('oracle-atezolizumab-given');
    expect(valuesOf(given, 'Systemic therapy')[0]).toMatchObject({
      words: 'atezolizumab',
      note: 'first record 2026-10-21',
    });
  });

  test('nothing goes on once the patient is recorded as deceased', async () => {
    const died = (status: string) =>
      situationOf('progressed-on-both', {
        edit: (resources) =>
          resources.map((one) => {
            if (one.resourceType === 'Patient') return { ...one, deceasedDateTime: '2026-11-20' };
            return one['status'] === 'active' ? { ...one, status } : one;
          }),
      });
    for (const status of ['active', 'on-hold', 'stopped']) {
      const situation = await died(status);
      expect(valuesOf(situation, 'Systemic therapy')).toMatchObject([
        { words: 'last: pazopanib', note: 'last record 2024-12-02' },
      ]);
      expect(linesInWords(situation.chart).join()).not.toMatch(/going on|on hold/);
    }
    const untreated = await situationOf('metastatic-untreated', {
      edit: (resources) =>
        resources.map((one) => (one.resourceType === 'Patient' ? { ...one, deceasedBoolean: true } : one)),
    });
    expect(valuesOf(untreated, 'Systemic therapy').map(({ words }) => words)).toEqual([
      'no drug of this guideline for the ASPS found',
    ]);
  });

  test('gives a performance status with its day and its age', async () => {
    const situation = await situationOf('no-stage', {
      edit: (resources) => [
        ...resources,
        {
          resourceType: 'Observation',
          id: 'ecog',
          status: 'final',
          code: { coding: [{ system: 'http://loinc.org', code: '89247-1' }], text: 'ECOG' },
          subject: { reference: 'Patient/no-stage' },
          effectiveDateTime: '2026-05-20',
          valueInteger: 1,
        },
      ],
    });
    expect(valuesOf(situation, 'Performance status')).toMatchObject([
      { words: 'ECOG 1', note: '2026-05-20, 6 months ago', evidence: [{ reference: 'Observation/ecog' }] },
    ]);
  });

  test('an undated disease status is on file, though it decides nothing', async () => {
    const situation = await situationOf('on-atezolizumab-lung-bone', {
      edit: (resources) => resources.map((one) => ({ ...one, effectiveDateTime: undefined })),
    });
    const [status] = valuesOf(situation, 'Disease status');
    expect(status).toMatchObject({ words: 'on file, but its course, day or cancer is open', standing: 'open' });
    expect(status?.evidence).toHaveLength(1);
  });

  test('opens only records that were read', async () => {
    for (const patient of PATIENTS) {
      const situation = await situationOf(patient);
      const onFile = new Set(
        [...situation.readings.values()].flatMap((reading) =>
          reading.state === 'unread'
            ? []
            : reading.resources.map(({ resourceType, id }) => [resourceType, id].join('/')),
        ),
      );
      const references = stripOf(situation).flatMap(({ values }) => values.flatMap(({ evidence }) => evidence));
      expect(references.length).toBeGreaterThan(0);
      for (const { reference } of references) expect(onFile).toContain(reference);
    }
  });

  test('holds no character of the chart that cannot be seen', async () => {
    const hostile = await situationOf('on-atezolizumab-lung-bone', {
      edit: (resources) =>
        resources.map((one) => {
          const code = { ...(one['code'] as object), text: 'Lung\u202E metastases\n\u200Bof sarcoma' };
          return one.resourceType === 'Condition' || one.resourceType === 'Observation' ? { ...one, code } : one;
        }),
    });
    for (const { words, note } of stripOf(hostile).flatMap(({ values }) => values)) {
      expect(`${words}${note}`).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }
  });
});

function valuesOf(situation: Situation, term: string): readonly HeaderValue[] {
  return stripOf(situation).find((item: HeaderItem) => item.term === term)?.values ?? [];
}

function absencesOf(situation: Situation) {
  return clinicalItems(situation).flatMap(({ term, values }) => {
    const besideUnread = values.some(({ standing }) => standing === 'unread');
    return values
      .filter(({ words }) => ABSENCE.test(words))
      .map(({ words }) => ({ words: `${term}: ${words}`, besideUnread }));
  });
}
