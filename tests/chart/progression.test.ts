import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/chart/reading.ts';
import {
  asps,
  chartFrom,
  chartOf,
  coded,
  complete,
  condition,
  ICD,
  LOINC,
  medicated,
  observation,
  type Parts,
  SNOMED,
  verified,
  without,
} from './builders.ts';

/** Known for long before the drug was started. */
const known = asps({ onsetDateTime: '2024-01-10' });
const atezolizumab = (more: JsonObject = {}) =>
  medicated('MedicationRequest', 'atezolizumab', { status: 'active', authoredOn: '2026-03-01', ...more });
const status =
  (code: string) =>
  (date: string, more: JsonObject = {}) =>
    observation(coded(LOINC, '97509-4'), {
      id: date,
      effectiveDateTime: date,
      valueCodeableConcept: coded(SNOMED, code),
      ...more,
    });
const worsened = status('271299001');
const stable = status('359746009');
const improved = status('268910001');
const undetermined = status('709137006');
const lung = (more: JsonObject) => condition(coded(ICD, 'C78.02'), { id: 'lung', ...more });

const progression = (parts: Parts) =>
  chartOf({ conditions: [known], medicationRequests: [atezolizumab()], ...parts }).therapy.progressionOnImmunotherapy;
const byStatus = (...observationsDiseaseStatus: readonly JsonObject[]) =>
  progression({ observationsDiseaseStatus }).state;

describe('by disease status', () => {
  test.each([
    ['worsened after the start', [worsened('2026-09-01')], 'yes'],
    ['worsened the day after', [worsened('2026-03-02')], 'yes'],
    ['worsened on the day of the start', [worsened('2026-03-01')], 'unknown'],
    ['worsened before the start', [worsened('2026-02-01')], 'unknown'],
    ['worsened in the month of the start', [worsened('2026-03')], 'unknown'],
    ['worsened in the month after', [worsened('2026-04')], 'yes'],
    ['worsened in that year', [worsened('2026')], 'unknown'],
    ['worsened, later stable', [worsened('2026-06-01'), stable('2026-09-01')], 'no'],
    ['worsened, later improved', [worsened('2026-06-01'), improved('2026-09-01')], 'no'],
    ['stable, later worsened', [stable('2026-06-01'), worsened('2026-09-01')], 'yes'],
    ['in whatever order they come', [worsened('2026-09-01'), stable('2026-06-01')], 'yes'],
    ['worsened, later undetermined', [worsened('2026-06-01'), undetermined('2026-09-01')], 'yes'],
    ['stable', [stable('2026-06-01')], 'no'],
    ['stable before the start', [stable('2026-02-01')], 'unknown'],
    ['worsened before, stable after', [worsened('2026-02-01'), stable('2026-06-01')], 'no'],
    ['in remission', [status('550991000124107')('2026-06-01')], 'no'],
    ['undetermined', [undetermined('2026-06-01')], 'unknown'],
    ['without a date', [worsened('2026-06-01', { effectiveDateTime: undefined })], 'unknown'],
    ['entered in error', [worsened('2026-06-01', { status: 'entered-in-error' })], 'unknown'],
    ['cancelled', [worsened('2026-06-01', { status: 'cancelled' })], 'unknown'],
    ['another observation', [worsened('2026-06-01', { code: coded(LOINC, '29463-7') })], 'unknown'],
    ['nothing recorded', [], 'unknown'],
    [
      'over a period after the start',
      [worsened('x', { effectivePeriod: { start: '2026-04', end: '2026-06' } })],
      'yes',
    ],
  ])('%s', (_claim, observations, state) => {
    expect(byStatus(...observations)).toBe(state);
  });

  test('the latest and the start of the drug are its evidence', () => {
    expect(
      progression({ observationsDiseaseStatus: [worsened('2026-06-01'), worsened('2026-09-01')] }).evidence,
    ).toMatchObject([
      { reference: 'Observation/2026-09-01', date: { text: '2026-09-01' } },
      { reference: 'MedicationRequest/m1', drug: 'atezolizumab' },
    ]);
  });

  test('the first of several doses is the start', () => {
    const doses = ['2026-03-01', '2026-10-01'].map((authoredOn) => atezolizumab({ id: authoredOn, authoredOn }));
    expect(progression({ medicationRequests: doses, observationsDiseaseStatus: [worsened('2026-06-01')] }).state).toBe(
      'yes',
    );
  });

  test.each([
    ['a drug without a date has no start', { authoredOn: undefined }, 'unknown'],
    ['a drug of that year may have been started after', { authoredOn: '2026' }, 'unknown'],
    ['a drug of the year before was not', { authoredOn: '2025' }, 'yes'],
  ])('%s', (_claim, more, state) => {
    const parts = { medicationRequests: [atezolizumab(more)], observationsDiseaseStatus: [worsened('2026-06-01')] };
    expect(progression(parts).state).toBe(state);
  });

  test('the start of an administration that goes on is its start', () => {
    const given = medicated('MedicationAdministration', 'nivolumab', { effectivePeriod: { start: '2026-03-01' } });
    const parts = { medicationRequests: [], medicationAdministrations: [given] };
    expect(progression({ ...parts, observationsDiseaseStatus: [worsened('2026-06-01')] }).state).toBe('yes');
  });
});

describe('by a stop', () => {
  const stopped = (code: string, drug = 'atezolizumab') =>
    medicated('MedicationRequest', drug, {
      status: 'stopped',
      authoredOn: '2026-03-01',
      statusReason: coded(SNOMED, code),
    });

  test.each([
    ['for no response', [stopped('266721009')], 'yes'],
    ['because it was not tolerated', [stopped('407563006')], 'unknown'],
    ['of a TKI for no response', [stopped('266721009', 'pazopanib'), atezolizumab()], 'unknown'],
    ['for no response, without a date', [{ ...stopped('266721009'), authoredOn: undefined }], 'yes'],
  ])('%s', (_claim, medicationRequests, state) => {
    expect(progression({ medicationRequests }).state).toBe(state);
  });

  test('of one for another cancer says nothing of the ASPS', () => {
    const order = { ...stopped('266721009', 'nivolumab'), reasonCode: [{ text: 'Melanoma' }] };
    expect(progression({ medicationRequests: [order] }).state).toBe('unknown');
  });

  test('is taken back by a later stable', () => {
    expect(
      progression({ medicationRequests: [stopped('266721009')], observationsDiseaseStatus: [stable('2026-10-01')] })
        .state,
    ).toBe('no');
  });
});

describe('by a new metastasis', () => {
  test.each([
    ['that began after the start', { onsetDateTime: '2026-09-01' }, 'yes'],
    ['that began before it', { onsetDateTime: '2026-02-01' }, 'unknown'],
    ['that began in that year', { onsetDateTime: '2026' }, 'unknown'],
    ['that was only recorded after it', { recordedDate: '2026-09-01' }, 'unknown'],
    ['without a date', {}, 'unknown'],
    ['that is only suspected', { onsetDateTime: '2026-09-01', ...verified('provisional') }, 'unknown'],
    ['that is refuted', { onsetDateTime: '2026-09-01', ...verified('refuted') }, 'unknown'],
  ])('%s', (_claim, more, state) => {
    expect(progression({ conditions: [known, lung(more)] }).state).toBe(state);
  });

  test("of another cancer is not the ASPS's", () => {
    const conditions = [
      asps(),
      condition(coded(ICD, 'C50.911'), { id: 'breast' }),
      lung({ onsetDateTime: '2026-09-01' }),
    ];
    expect(progression({ conditions }).state).toBe('unknown');
  });
});

test('a drug given before the ASPS was given for something else', () => {
  const parts = {
    conditions: [asps({ onsetDateTime: '2026-08-01' })],
    observationsDiseaseStatus: [worsened('2026-09-01')],
  };
  expect(progression(parts).state).toBe('unknown');
});

describe('where no assessment is of the time of the drug, what is on file is named', () => {
  test.each([
    ['one before it', [worsened('2026-02-01')], 'of-another-time', '2026-02-01'],
    ['the last of several', [stable('2026-02-01'), worsened('2026-01-01')], 'of-another-time', '2026-02-01'],
    ['one that says nothing', [undetermined('2026-06-01')], 'not-recorded', '2026-06-01'],
    ['one of a day to come', [worsened('2027-06-01')], 'not-recorded', '2027-06-01'],
  ])('%s', (_claim, observationsDiseaseStatus, doubt, id) => {
    const { therapy } = chartOf({
      conditions: [known],
      medicationRequests: [atezolizumab()],
      observationsDiseaseStatus,
    });
    for (const fact of [therapy.progressionOnImmunotherapy, therapy.progressionOnLatest, therapy.stableOrBetter])
      expect(fact).toMatchObject({ state: 'unknown', doubt, evidence: [{ reference: `Observation/${id}` }] });
  });

  test('under a drug whose place another has taken, what fell on that one', () => {
    const pazopanib = medicated('MedicationRequest', 'pazopanib', { status: 'active', authoredOn: '2026-07-01' });
    const replaced = atezolizumab({ status: 'completed' });
    expect(
      progression({ medicationRequests: [replaced, pazopanib], observationsDiseaseStatus: [worsened('2026-09-01')] }),
    ).toMatchObject({
      state: 'unknown',
      doubt: 'of-another-time',
      evidence: [{ reference: 'Observation/2026-09-01' }],
    });
  });
});

test('drugs that were not read are the reason, and nothing is said of the disease status', () => {
  const parts = complete({ conditions: [known], observationsDiseaseStatus: [worsened('2026-09-01')] });
  const { therapy } = chartFrom(without(parts, 'medicationRequests', 'medicationAdministrations'));
  for (const fact of [therapy.progressionOnImmunotherapy, therapy.progressionOnTki, therapy.progressionOnLatest]) {
    expect(fact).toMatchObject({ state: 'unknown', searched: [], evidence: [] });
    expect(fact.unread.map(({ key }) => key)).toEqual(['medicationRequests', 'medicationAdministrations']);
    expect(fact.doubt).toBeUndefined();
  }
});

describe('without a PD-1/PD-L1 inhibitor', () => {
  test.each([
    ['nothing', []],
    ['a TKI', [medicated('MedicationRequest', 'pazopanib', { authoredOn: '2026-03-01' })]],
    ['a plan', [atezolizumab({ intent: 'plan' })]],
  ])('there is none to progress on: %s', (_claim, medicationRequests) => {
    expect(progression({ medicationRequests, observationsDiseaseStatus: [worsened('2026-09-01')] })).toMatchObject({
      state: 'unknown',
      evidence: [],
      searched: ['medicationRequests', 'medicationAdministrations'],
    });
  });
});

test('disease status that was not read is unknown, and named', () => {
  const readings = without(complete({ medicationRequests: [atezolizumab()] }), 'observationsDiseaseStatus');
  expect(chartFrom(readings).therapy.progressionOnImmunotherapy).toMatchObject({
    state: 'unknown',
    unread: [{ key: 'observationsDiseaseStatus', reason: 'failed' }],
  });
});
