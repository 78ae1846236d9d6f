import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Fact } from '../../src/chart/fact.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
import type { Therapy } from '../../src/chart/therapy.ts';
import { fellOn, fellOnAny, reignsOf, type TherapyLine } from '../../src/chart/therapy-line.ts';
import {
  asps,
  chartFrom,
  chartOf,
  coded,
  complete,
  condition,
  cutShort,
  ICD,
  LOINC,
  medicated,
  observation,
  type Parts,
  SNOMED,
  without,
} from './builders.ts';

/** Seen from 2026-11-22. */
const known = asps({ onsetDateTime: '2023-01-10' });
const request = (drug: string, status: string, authoredOn?: string, more: JsonObject = {}) =>
  medicated('MedicationRequest', drug, {
    id: `${drug}-${authoredOn ?? ''}-${status}`,
    status,
    intent: 'order',
    ...(authoredOn === undefined ? {} : { authoredOn }),
    ...more,
  });
const given = (drug: string, effectiveDateTime: string, status = 'completed') =>
  medicated('MedicationAdministration', drug, { id: `${drug}-${effectiveDateTime}`, status, effectiveDateTime });
const taken = (drug: string, status: string, effectivePeriod: JsonObject) =>
  medicated('MedicationStatement', drug, { id: `${drug}-taken`, status, effectivePeriod });
const NO_RESPONSE = { statusReason: coded(SNOMED, '266721009') };
const NOT_TOLERATED = { statusReason: coded(SNOMED, '407563006') };
const assessed =
  (code: string) =>
  (effectiveDateTime: string, more: JsonObject = {}): JsonObject =>
    observation(coded(LOINC, '97509-4'), {
      id: `${code}-${effectiveDateTime}`,
      effectiveDateTime,
      valueCodeableConcept: coded(SNOMED, code),
      ...more,
    });
const worsened = assessed('271299001');
const stable = assessed('359746009');
const improved = assessed('268910001');
const remission = assessed('551001000124108');

const therapyOf = (parts: Parts): Therapy => chartOf({ conditions: [known], ...parts }).therapy;
const linesOf = (parts: Parts) =>
  therapyOf(parts).lines.map(({ drug, ongoing, start, stopReason }) =>
    [drug.drug, ongoing, start?.text ?? 'undated', ...(stopReason === undefined ? [] : [stopReason])].join(' '),
  );

describe('a line of therapy', () => {
  test.each<[string, Parts, readonly string[]]>([
    [
      'an active order goes on',
      { medicationRequests: [request('atezolizumab', 'active', '2025-06-16')] },
      ['atezolizumab yes 2025-06-16'],
    ],
    [
      'one on hold may be taken up again',
      { medicationRequests: [request('atezolizumab', 'on-hold', '2025-06-16')] },
      ['atezolizumab unknown 2025-06-16'],
    ],
    [
      'a dose of late beside it may have been the last one',
      {
        medicationRequests: [request('atezolizumab', 'on-hold', '2025-06-16')],
        medicationAdministrations: [given('atezolizumab', '2026-11-02')],
      },
      ['atezolizumab unknown 2025-06-16'],
    ],
    [
      'an order in force that was written later took its place',
      {
        medicationRequests: [
          request('atezolizumab', 'on-hold', '2025-06-16'),
          request('atezolizumab', 'active', '2026-06-16'),
        ],
      },
      ['atezolizumab yes 2025-06-16'],
    ],
    [
      'one that was written before may be what is interrupted',
      {
        medicationRequests: [
          request('atezolizumab', 'active', '2025-06-16'),
          request('atezolizumab', 'on-hold', '2026-06-16'),
        ],
      },
      ['atezolizumab unknown 2025-06-16'],
    ],
    [
      'so may one of that year, and one without a date',
      {
        medicationRequests: [
          request('atezolizumab', 'active', '2025'),
          request('atezolizumab', 'active'),
          request('atezolizumab', 'on-hold', '2025-06-16'),
        ],
      },
      ['atezolizumab unknown 2025-06-16'],
    ],
    [
      'a list of medication may not know of the interruption',
      {
        medicationRequests: [request('pazopanib', 'on-hold', '2025-06-16')],
        medicationStatements: [taken('pazopanib', 'active', { start: '2025-07-01' })],
      },
      ['pazopanib unknown 2025-06-16'],
    ],
    [
      'an active order that may be dispensed no more may go on',
      {
        medicationRequests: [
          request('pazopanib', 'active', '2024-05-06', { dispenseRequest: { validityPeriod: { end: '2024-08' } } }),
        ],
      },
      ['pazopanib unknown 2024-05-06'],
    ],
    [
      'also if it was written for longer',
      {
        medicationRequests: [
          request('pazopanib', 'active', '2024-05-06', {
            dispenseRequest: { validityPeriod: { end: '2024-08-05' } },
            dosageInstruction: [{ timing: { repeat: { boundsPeriod: { end: '2027-01-31' } } } }],
          }),
        ],
      },
      ['pazopanib unknown 2024-05-06'],
    ],
    [
      'one that may still be dispensed goes on',
      {
        medicationRequests: [
          request('pazopanib', 'active', '2024-05-06', { dispenseRequest: { validityPeriod: { end: '2026-11' } } }),
        ],
      },
      ['pazopanib yes 2024-05-06'],
    ],
    [
      'an active order past the end that it gives may go on',
      {
        medicationRequests: [
          request('pazopanib', 'active', '2025-06-16', {
            dosageInstruction: [{ timing: { repeat: { boundsPeriod: { end: '2026-01-31' } } } }],
          }),
        ],
      },
      ['pazopanib unknown 2025-06-16'],
    ],
    [
      'a stopped order does not',
      { medicationRequests: [request('atezolizumab', 'stopped', '2025-06-16')] },
      ['atezolizumab no 2025-06-16'],
    ],
    [
      'an old completed one neither',
      { medicationRequests: [request('atezolizumab', 'completed', '2025-06-16')] },
      ['atezolizumab no 2025-06-16'],
    ],
    [
      'one completed of late may',
      { medicationRequests: [request('atezolizumab', 'completed', '2026-11-02')] },
      ['atezolizumab unknown 2026-11-02'],
    ],
    [
      'one without a status may',
      { medicationRequests: [request('atezolizumab', 'unknown', '2025-06-16')] },
      ['atezolizumab unknown 2025-06-16'],
    ],
    [
      'a dose of the last 60 days shows it',
      { medicationAdministrations: [given('atezolizumab', '2026-09-23')] },
      ['atezolizumab yes 2026-09-23'],
    ],
    [
      'an older one does not',
      { medicationAdministrations: [given('atezolizumab', '2026-09-22')] },
      ['atezolizumab no 2026-09-22'],
    ],
    [
      'one of this year may',
      { medicationAdministrations: [given('atezolizumab', '2026')] },
      ['atezolizumab unknown 2026'],
    ],
    [
      'one of tomorrow is none yet',
      { medicationAdministrations: [given('atezolizumab', '2026-11-23')] },
      ['atezolizumab no 2026-11-23'],
    ],
    [
      'given of late, and an order was stopped at some time',
      {
        medicationRequests: [request('atezolizumab', 'stopped', '2026-08-03')],
        medicationAdministrations: [given('atezolizumab', '2026-11-02')],
      },
      ['atezolizumab unknown 2026-08-03'],
    ],
    [
      'a statement that it is taken shows it',
      { medicationStatements: [taken('pazopanib', 'active', { start: '2025-03' })] },
      ['pazopanib yes 2025-03'],
    ],
    [
      'a completed one does not',
      { medicationStatements: [taken('pazopanib', 'completed', { start: '2025-01', end: '2026-01' })] },
      ['pazopanib no 2025-01'],
    ],
    [
      'doses of one drug are one line',
      { medicationAdministrations: [given('atezolizumab', '2026-06-01'), given('atezolizumab', '2026-11-02')] },
      ['atezolizumab yes 2026-06-01'],
    ],
    [
      'half a year without a record begins it anew',
      { medicationAdministrations: [given('atezolizumab', '2024-06-01'), given('atezolizumab', '2026-11-02')] },
      ['atezolizumab no 2024-06-01', 'atezolizumab yes 2026-11-02'],
    ],
    [
      'an order in force bridges it',
      {
        medicationRequests: [request('atezolizumab', 'active', '2024-06-01')],
        medicationAdministrations: [given('atezolizumab', '2026-11-02')],
      },
      ['atezolizumab yes 2024-06-01'],
    ],
    [
      'lines come by their start, each with why it was stopped',
      {
        medicationRequests: [
          request('pazopanib', 'active', '2026-03-02'),
          request('doxorubicin', 'completed', '2023-03-01'),
          request('pembrolizumab', 'stopped', '2025-05-05', NOT_TOLERATED),
          request('atezolizumab', 'stopped', '2024-03-04', NO_RESPONSE),
        ],
      },
      [
        'doxorubicin no 2023-03-01',
        'atezolizumab no 2024-03-04 no-response',
        'pembrolizumab no 2025-05-05 not-tolerated',
        'pazopanib yes 2026-03-02',
      ],
    ],
    [
      'a reason in words is another one',
      {
        medicationRequests: [
          request('atezolizumab', 'stopped', '2025-06-16', { statusReason: { text: 'moved away' } }),
        ],
      },
      ['atezolizumab no 2025-06-16 other'],
    ],
    [
      'a plan is none',
      { medicationRequests: [request('atezolizumab', 'active', '2026-06-16', { intent: 'plan' })] },
      [],
    ],
    [
      'a drug for another cancer is none',
      { medicationRequests: [request('nivolumab', 'active', '2026-06-16', { reasonCode: [{ text: 'Melanoma' }] })] },
      [],
    ],
    [
      'one given before the ASPS was there is none',
      { medicationRequests: [request('doxorubicin', 'completed', '2019-06-16')] },
      [],
    ],
    ['a drug for the bones is none', { medicationRequests: [request('zoledronic acid', 'active', '2026-06-16')] }, []],
    ['one without a date is one', { medicationRequests: [request('pazopanib', 'active')] }, ['pazopanib yes undated']],
  ])('%s', (_claim, parts, expected) => {
    expect(linesOf(parts)).toEqual(expected);
  });

  test('ends between its last record and today', () => {
    const [line] = therapyOf({ medicationAdministrations: [given('atezolizumab', '2025-06-01')] }).lines;
    expect(line?.end).toMatchObject({ text: 'after 2025-06-01' });
  });
});

describe('systemic therapy going on', () => {
  const ongoing = (parts: Parts) => therapyOf(parts).ongoing;

  test('is named', () => {
    expect(ongoing({ medicationRequests: [request('pazopanib', 'active', '2026-03-02')] })).toMatchObject({
      state: 'yes',
      evidence: [{ drug: 'pazopanib' }],
    });
  });

  test.each<[string, Parts, string]>([
    ['nothing on file', {}, 'no'],
    ['all over', { medicationRequests: [request('pazopanib', 'stopped', '2025-03-02')] }, 'no'],
    [
      'only planned',
      { medicationRequests: [request('pazopanib', 'active', '2026-03-02', { intent: 'plan' })] },
      'unknown',
    ],
    ['open', { medicationRequests: [request('pazopanib', 'unknown', '2026-03-02')] }, 'unknown'],
    ['on hold', { medicationRequests: [request('pazopanib', 'on-hold', '2026-03-02')] }, 'unknown'],
  ])('%s: %s', (_claim, parts, state) => {
    expect(ongoing(parts).state).toBe(state);
  });

  test('says that an order is on hold', () => {
    const held = request('pazopanib', 'on-hold', '2026-03-02');
    expect(ongoing({ medicationRequests: [held] })).toMatchObject({
      doubt: 'on-hold',
      evidence: [{ drug: 'pazopanib' }],
    });
    const open = request('atezolizumab', 'unknown', '2026-03-02');
    expect(ongoing({ medicationRequests: [held, open] }).doubt).toBe('date-not-comparable');
  });

  test.each(['medicationRequests', 'medicationAdministrations'] as const)('is not denied without the %s', (key) => {
    const readings = complete({ conditions: [known] });
    expect(chartFrom(without(readings, key)).therapy.ongoing.state).toBe('unknown');
    expect(chartFrom(cutShort(readings, key)).therapy.ongoing.state).toBe('unknown');
  });
});

test('no treatment break is due while the drug is on hold', () => {
  const long = (status: string) =>
    therapyOf({
      medicationRequests: [request('atezolizumab', status, '2024-01-15')],
      medicationAdministrations: [given('atezolizumab', '2024-02-05'), given('atezolizumab', '2026-11-02')],
    }).atezolizumabLong.state;
  expect([long('active'), long('on-hold')]).toEqual(['yes', 'unknown']);
});

describe('immunotherapy not tolerated', () => {
  const fact = (...medicationRequests: readonly JsonObject[]) =>
    therapyOf({ medicationRequests }).immunotherapyNotTolerated;
  const stopped = (drug: string, more: JsonObject = {}) => request(drug, 'stopped', '2025-05-05', more);

  test('is read from the reason of the stop, and names the order', () => {
    const { state, evidence } = fact(stopped('pembrolizumab', NOT_TOLERATED), stopped('atezolizumab', NO_RESPONSE));
    expect(state).toBe('yes');
    expect(evidence).toMatchObject([{ drug: 'pembrolizumab' }]);
  });

  test('also of a drug that was stopped for lack of response at another time', () => {
    const orders = [
      stopped('atezolizumab', NOT_TOLERATED),
      request('atezolizumab', 'stopped', '2025-07-05', NO_RESPONSE),
    ];
    expect(fact(...orders).state).toBe('yes');
  });

  test.each<[string, readonly JsonObject[], string]>([
    ['nothing was given', [], 'no'],
    ['it goes on', [request('atezolizumab', 'active', '2025-05-05')], 'no'],
    ['it was stopped for another reason', [stopped('atezolizumab', NO_RESPONSE)], 'no'],
    ['it was stopped for no known reason', [stopped('atezolizumab')], 'unknown'],
    ['it is on hold', [request('atezolizumab', 'on-hold', '2025-05-05')], 'unknown'],
    ['another class was not tolerated', [stopped('pazopanib', NOT_TOLERATED)], 'no'],
    [
      'it was given for another cancer',
      [stopped('nivolumab', { ...NOT_TOLERATED, reasonCode: [{ text: 'Melanoma' }] })],
      'no',
    ],
  ])('where %s: %s', (_claim, orders, state) => {
    expect(fact(...orders).state).toBe(state);
  });

  test.each(['medicationRequests', 'medicationAdministrations'] as const)('is not denied without the %s', (key) => {
    const readings = complete({ conditions: [known] });
    expect(chartFrom(without(readings, key)).therapy.immunotherapyNotTolerated.state).toBe('unknown');
  });
});

describe('progression falls on the therapy of its time', () => {
  const immunotherapyThenTki = (more: JsonObject = NO_RESPONSE) => [
    request('atezolizumab', 'stopped', '2024-03-04', more),
    request('pazopanib', 'active', '2025-03-03'),
  ];
  const on = (medicationRequests: readonly JsonObject[], ...observationsDiseaseStatus: readonly JsonObject[]) => {
    const { progressionOnImmunotherapy, progressionOnTki, progressionOnLatest } = therapyOf({
      medicationRequests,
      observationsDiseaseStatus,
    });
    return [progressionOnImmunotherapy, progressionOnTki, progressionOnLatest].map(({ state }) => state).join(' ');
  };

  test.each([
    ['worse on the first', [worsened('2025-02-03')], 'yes unknown unknown'],
    ['worse on the day of the change', [worsened('2025-03-03')], 'yes unknown unknown'],
    ['worse on the second', [worsened('2026-02-03')], 'unknown yes yes'],
    ['worse on both', [worsened('2025-02-03'), worsened('2026-02-03')], 'yes yes yes'],
    ['stable on the second takes nothing from the first', [worsened('2025-02-03'), stable('2026-02-03')], 'yes no no'],
    ['in the month of the change, on one of them', [worsened('2025-03')], 'unknown unknown unknown'],
    ['before any of them', [worsened('2024-02-01')], 'unknown unknown unknown'],
    ['nothing', [], 'unknown unknown unknown'],
  ])('%s', (_claim, statuses, expected) => {
    expect(on(immunotherapyThenTki(NOT_TOLERATED), ...statuses)).toBe(expected);
  });

  test('a stop for lack of response is one, and the other drug’s stable takes nothing from it', () => {
    expect(on(immunotherapyThenTki(), stable('2026-02-03'))).toBe('yes no no');
  });

  test('under a combination it falls on both', () => {
    const both = [request('pembrolizumab', 'active', '2025-03-03'), request('axitinib', 'active', '2025-04-03')];
    expect(on(both, worsened('2026-02-03'))).toBe('yes yes yes');
    expect(on(both, worsened('2025-03-20'))).toBe('yes unknown unknown');
  });

  test('doses after the start of the other show that both were given', () => {
    const { progressionOnImmunotherapy } = therapyOf({
      medicationRequests: [request('pazopanib', 'active', '2025-03-03')],
      medicationAdministrations: [given('atezolizumab', '2025-01-06'), given('atezolizumab', '2025-06-02')],
      observationsDiseaseStatus: [worsened('2025-07-01')],
    });
    expect(progressionOnImmunotherapy.state).toBe('yes');
  });

  test('a metastasis falls on the drug under which it began', () => {
    const bone = condition(coded(ICD, 'C79.51'), { id: 'bone', onsetDateTime: '2026-02-03' });
    const { progressionOnImmunotherapy, progressionOnTki } = therapyOf({
      conditions: [known, bone],
      medicationRequests: immunotherapyThenTki(NOT_TOLERATED),
    });
    expect([progressionOnImmunotherapy.state, progressionOnTki.state]).toEqual(['unknown', 'yes']);
  });

  test('of statuses whose order the dates do not settle none counts', () => {
    const drug = [request('atezolizumab', 'active', '2024-03-04')];
    expect(on(drug, stable('2026-06-01'), worsened('2026'))).toBe('unknown unknown unknown');
    expect(on(drug, stable('2026-06-01'), improved('2026'))).toBe('no unknown no');
  });

  test('a later page might hold a worsening', () => {
    const parts = {
      conditions: [known],
      medicationRequests: [request('atezolizumab', 'active', '2024-03-04')],
      observationsDiseaseStatus: [stable('2026-06-01')],
    };
    const readings = cutShort(complete(parts), 'observationsDiseaseStatus');
    expect(chartFrom(readings).therapy.progressionOnImmunotherapy.state).toBe('unknown');
  });
});

describe('the last disease status', () => {
  const facts = (parts: Parts) => {
    const { worsened: worse, stableOrBetter, responding } = therapyOf(parts);
    return [worse, stableOrBetter, responding].map(({ state }) => state).join(' ');
  };
  const atezolizumab = [request('atezolizumab', 'active', '2025-03-03')];

  test.each([
    ['worse', [worsened('2026-06-01')], 'yes no no'],
    ['stable', [stable('2026-06-01')], 'no yes no'],
    ['improved', [improved('2026-06-01')], 'no yes yes'],
    ['in remission', [remission('2026-06-01')], 'no yes yes'],
    ['worse, then stable', [worsened('2026-01-01'), stable('2026-06-01')], 'no yes no'],
    ['stable and worse on one day', [stable('2026-06-01'), worsened('2026-06-01')], 'yes no no'],
    ['stable before the drug', [stable('2025-01-01')], 'no unknown unknown'],
    ['stable in the year of its start', [stable('2025')], 'no unknown unknown'],
    ['not assessed', [], 'unknown unknown unknown'],
    ['assessed tomorrow', [stable('2026-11-23')], 'unknown unknown unknown'],
    ['of another cancer', [stable('2026-06-01', { focus: [{ reference: 'Condition/other' }] })], 'no yes no'],
  ])('%s: worsened, stable or better, responding: %s', (_claim, observationsDiseaseStatus, expected) => {
    expect(facts({ medicationRequests: atezolizumab, observationsDiseaseStatus })).toBe(expected);
  });

  test('on the former drug says nothing of the current one', () => {
    const medicationRequests = [
      request('atezolizumab', 'stopped', '2024-03-04'),
      request('pazopanib', 'active', '2025-06-02'),
    ];
    expect(facts({ medicationRequests, observationsDiseaseStatus: [improved('2025-03-03')] })).toBe(
      'no unknown unknown',
    );
  });

  test('without a current drug is none on it', () => {
    expect(facts({ observationsDiseaseStatus: [stable('2026-06-01')] })).toBe('no no no');
  });

  test.each(['observationsDiseaseStatus', 'medicationRequests'] as const)('is unknown without the %s', (key) => {
    const parts = {
      conditions: [known],
      medicationRequests: atezolizumab,
      observationsDiseaseStatus: [stable('2026-06-01')],
    };
    const { stableOrBetter, responding } = chartFrom(without(complete(parts), key)).therapy;
    expect([stableOrBetter.state, responding.state]).toEqual(['unknown', 'unknown']);
  });
});

describe('the time on immunotherapy', () => {
  const window = (...medicationRequests: readonly JsonObject[]): Fact =>
    therapyOf({ medicationRequests }).lateResponseWindow;

  test.each([
    ['2025-11-03', 'yes', '12 months'],
    ['2025-04-23', 'yes', '18 months'],
    ['2025-04-22', 'no', '19 months'],
    ['2025', 'unknown', undefined],
    ['2026', 'yes', '0 to 10 months'],
    ['2023', 'no', '34 to 46 months'],
    [undefined, 'unknown', undefined],
  ])('since %p: %s', (authoredOn, state, value) => {
    const fact = window(request('atezolizumab', 'active', authoredOn));
    expect([fact.state, fact.value]).toEqual([state, value]);
  });

  test.each<[string, readonly JsonObject[], string]>([
    ['not on one', [], 'no'],
    ['stopped', [request('atezolizumab', 'stopped', '2026-03-02')], 'no'],
    ['open', [request('atezolizumab', 'unknown', '2026-03-02')], 'unknown'],
    ['planned', [request('atezolizumab', 'active', '2026-03-02', { intent: 'plan' })], 'unknown'],
    [
      'begun anew',
      [request('atezolizumab', 'completed', '2023-03-02'), request('atezolizumab', 'active', '2026-03-02')],
      'unknown',
    ],
    [
      'after another one',
      [request('nivolumab', 'stopped', '2024-03-02'), request('atezolizumab', 'active', '2026-03-02')],
      'unknown',
    ],
    [
      'another order without a date',
      [request('atezolizumab', 'completed'), request('atezolizumab', 'active', '2026-03-02')],
      'unknown',
    ],
  ])('%s: %s', (_claim, orders, state) => {
    expect(window(...orders).state).toBe(state);
  });

  test('with progression is over', () => {
    const fact = therapyOf({
      medicationRequests: [request('atezolizumab', 'active', '2026-03-02')],
      observationsDiseaseStatus: [worsened('2026-09-01')],
    }).lateResponseWindow;
    expect(fact).toMatchObject({ state: 'no', evidence: [{ date: { text: '2026-09-01' } }, {}] });
  });

  test('cannot be ruled out by a progression that a status may have left behind, when the status was not read', () => {
    const readings = complete({
      conditions: [known],
      medicationRequests: [
        request('atezolizumab', 'stopped', '2026-03-12', NO_RESPONSE),
        request('atezolizumab', 'active', '2026-09-01'),
      ],
    });
    expect(chartFrom(readings).therapy.lateResponseWindow.state).toBe('no');
    expect(chartFrom(without(readings, 'observationsDiseaseStatus')).therapy.lateResponseWindow).toMatchObject({
      state: 'unknown',
      unread: [{ key: 'observationsDiseaseStatus' }],
    });
  });

  test('cannot be free of progression when the status was not read', () => {
    const readings = complete({
      conditions: [known],
      medicationRequests: [request('atezolizumab', 'active', '2026-03-02')],
    });
    expect(chartFrom(without(readings, 'observationsDiseaseStatus')).therapy.lateResponseWindow).toMatchObject({
      state: 'unknown',
      unread: [{ key: 'observationsDiseaseStatus' }],
    });
  });
});

describe('two years of atezolizumab', () => {
  const long = (...medicationRequests: readonly JsonObject[]): Fact =>
    therapyOf({ medicationRequests }).atezolizumabLong;

  test.each([
    ['2024-11-22', 'yes', '24 months'],
    ['2024-11-23', 'no', '23 months'],
    ['2024', 'unknown', undefined],
    ['2023', 'yes', '34 to 46 months'],
    [undefined, 'unknown', undefined],
  ])('since %p: %s', (authoredOn, state, value) => {
    const fact = long(request('atezolizumab', 'active', authoredOn));
    expect([fact.state, fact.value]).toEqual([state, value]);
  });

  test.each<[string, readonly JsonObject[], string]>([
    ['none', [], 'no'],
    ['of another drug', [request('nivolumab', 'active', '2024-03-02')], 'no'],
    ['stopped', [request('atezolizumab', 'stopped', '2024-03-02')], 'no'],
    [
      'begun anew this year',
      [request('atezolizumab', 'completed', '2023-03-02'), request('atezolizumab', 'active', '2026-03-02')],
      'unknown',
    ],
  ])('%s: %s', (_claim, orders, state) => {
    expect(long(...orders).state).toBe(state);
  });

  test('is unknown without the medications', () => {
    expect(chartFrom(without(complete(), 'medicationAdministrations')).therapy.atezolizumabLong.state).toBe('unknown');
  });
});

describe('whatever the chart holds', () => {
  const date = fc.constantFrom(
    '2023',
    '2024-05',
    '2025-03-03',
    '2026-02-14',
    '2026-11-02',
    '2030-01-01',
    'soon',
    undefined,
  );
  const drug = fc.constantFrom('atezolizumab', 'nivolumab', 'pazopanib', 'doxorubicin', 'zoledronic acid');
  const records = fc.array(
    fc.tuple(
      drug,
      fc.constantFrom('active', 'stopped', 'completed', 'unknown'),
      date,
      fc.constantFrom({}, NO_RESPONSE, NOT_TOLERATED),
    ),
    { maxLength: 6 },
  );
  const statuses = fc.array(fc.tuple(fc.constantFrom(worsened, stable, improved), date), { maxLength: 5 });
  const parts = fc.tuple(records, statuses).map(
    ([orders, assessments]): Parts => ({
      conditions: [known],
      medicationRequests: orders.map(([name, status, on, more]) => request(name, status, on, more)),
      medicationAdministrations: orders.map(([name, , on]) => given(name, on ?? '2026-10-10')),
      observationsDiseaseStatus: assessments.map(([make, on]) => make(on ?? '2026-06-01')),
    }),
  );
  const answers = (given_: Parts) => {
    const { lines, statuses: _statuses, ...facts } = therapyOf(given_);
    return {
      lines: lines.map(({ drug: { drug: name }, start, ongoing, stopReason }) => [name, start, ongoing, stopReason]),
      ...Object.fromEntries(Object.entries(facts).map(([name, { state, value }]) => [name, [state, value]])),
    };
  };
  const changed = (before: Parts, change: (list: readonly JsonObject[]) => readonly JsonObject[]): Parts =>
    Object.fromEntries(Object.entries(before).map(([key, list]) => [key, change(list)]));

  test('the order of the resources and their duplicates do not matter', () => {
    fc.assert(
      fc.property(parts, (before) => {
        const expected = answers(before);
        expect(answers(changed(before, (list) => list.toReversed()))).toEqual(expected);
        expect(answers(changed(before, (list) => [...list, ...list]))).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test('a yes has evidence, and an unknown says why', () => {
    fc.assert(
      fc.property(parts, (before) => {
        const { lines: _lines, statuses: _statuses, ...facts } = therapyOf(before);
        for (const [name, fact] of Object.entries(facts)) {
          const explained =
            fact.state === 'yes'
              ? fact.evidence.length > 0
              : fact.state === 'no' || fact.doubt !== undefined || fact.unread.length > 0;
          expect([name, explained]).toEqual([name, true]);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('nothing in a record makes it throw', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.constantFrom('status', 'authoredOn', 'statusReason', 'dosageInstruction', 'effectivePeriod'),
        (value, member) => {
          const record = request('atezolizumab', 'stopped', '2026-03-02', { [member]: value });
          const dose = { ...given('atezolizumab', '2026-10-10'), [member]: value };
          expect(
            therapyOf({ medicationRequests: [record], medicationAdministrations: [dose] }).lines.length,
          ).toBeLessThan(4);
        },
      ),
      { numRuns: 500 },
    );
  });
});

function anyLine(): TherapyLine {
  const [line] = therapyOf({ medicationRequests: [request('atezolizumab', 'active', '2025-01-01')] }).lines;
  if (line === undefined) throw new Error('There is a line');
  return line;
}

describe('what falls on many lines', () => {
  const line = anyLine();
  const interval = fc
    .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 12 }))
    .map(([start, days]) => ({ start, end: start + days, text: '' }));
  const lines = fc
    .array(fc.tuple(fc.option(interval, { nil: undefined }), fc.integer({ min: 0, max: 80 }), fc.boolean()), {
      maxLength: 12,
    })
    .map((parts) =>
      parts
        .map(([start, reach, isOther]): TherapyLine & { readonly isOther: boolean } => ({
          ...line,
          start,
          reach: Math.max(reach, start?.end ?? reach),
          isOther,
        }))
        .toSorted((a, b) => (a.start?.end ?? -1) - (b.start?.end ?? -1)),
    );
  test('is told as line by line', () => {
    fc.assert(
      fc.property(lines, interval, (all, date) => {
        const others = all.filter(({ isOther }) => isOther);
        const reigns = reignsOf(all, others);
        for (const { line: one, until } of reigns) {
          const next = others.find(
            ({ start }) =>
              start !== undefined && one.start !== undefined && start.start > one.start.end && start.end >= one.reach,
          );
          expect(until).toBe(next?.start);
        }
        const each = reigns.map((reign) => fellOn(date, reign));
        const expected = each.find((truth) => truth === 'yes') ?? each.find((truth) => truth === 'unknown') ?? 'no';
        expect(fellOnAny(reigns)(date)).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });

  test('costs no comparison of each with each', () => {
    let asked = 0;
    const many = Array.from({ length: 4000 }, (_unused, at) => ({
      ...line,
      start: { start: at, end: at, text: '' },
      get reach() {
        asked += 1;
        return at;
      },
    }));
    const reigns = reignsOf(many, many);
    const fell = fellOnAny(
      reigns.map(({ line: one, until }) => ({
        line: {
          ...one,
          get start() {
            asked += 1;
            return one.start;
          },
        },
        until,
      })),
    );
    for (let day = 0; day < 4000; day += 1) fell({ start: day, end: day, text: '' });
    expect(asked).toBeLessThan(40_000);
  });
});
