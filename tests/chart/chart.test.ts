import { describe, expect, test } from '@jest/globals';
import {
  asps,
  chartFrom,
  chartOf,
  clinically,
  coded,
  complete,
  condition,
  cutShort,
  draftsOf,
  ICD,
  medicated,
  named,
  verified,
  without,
} from './builders.ts';

describe('neurological symptoms', () => {
  const symptoms = (code: string, more = {}) =>
    chartOf({ conditions: [asps(), condition(coded(ICD, code), { onsetDateTime: '2026-11-01', ...more })] })
      .neurologicalSymptoms.state;

  test.each([
    ['a headache', 'R51.9', {}, 'yes'],
    ['a seizure', 'R56.9', {}, 'yes'],
    ['epilepsy', 'G40.909', {}, 'yes'],
    ['a focal deficit', 'R29.810', {}, 'yes'],
    ['a headache 90 days before the diagnosis', 'R51.9', { onsetDateTime: '2026-03-12' }, 'yes'],
    ['one 91 days before may be another', 'R51.9', { onsetDateTime: '2026-03-11' }, 'unknown'],
    ['one recorded after it', 'R51.9', { onsetDateTime: undefined, recordedDate: '2026-07-01' }, 'yes'],
    ['one without a date', 'R51.9', { onsetDateTime: undefined }, 'unknown'],
    ['one that is over', 'R51.9', clinically('resolved'), 'no'],
    ['one that is refuted', 'R51.9', verified('refuted'), 'no'],
    ['one that is only suspected', 'G40.909', verified('differential'), 'no'],
    ['a cough', 'R05.9', {}, 'no'],
  ])('%s: %s', (_claim, code, more, state) => {
    expect(symptoms(code, more)).toBe(state);
  });

  test('none are on file only if all Conditions were read', () => {
    expect(chartFrom(cutShort(complete(), 'conditions')).neurologicalSymptoms.state).toBe('unknown');
  });
});

test('a chart of which only the diagnosis was read answers nothing with no but the absence of drafts', () => {
  const { spread, exposureTo, brainMri, chestCt, therapy, weight, age } = chartFrom(
    without(
      complete(),
      'patient',
      'procedures',
      'medicationRequests',
      'medicationAdministrations',
      'medicationStatements',
      'serviceRequests',
      'diagnosticReports',
      'imagingStudies',
      'observationsStaging',
      'observationsDiseaseStatus',
      'observationsBodyWeight',
    ),
  );
  const facts = [
    spread.metastatic,
    spread.stageFound,
    ...Object.values(exposureTo),
    brainMri.done,
    brainMri.ordered,
    chestCt.done,
    chestCt.ordered,
    therapy.progressionOnImmunotherapy,
    therapy.progressionOnTki,
    therapy.progressionOnLatest,
    therapy.ongoing,
    therapy.worsened,
    therapy.stableOrBetter,
    therapy.lateResponseWindow,
    therapy.atezolizumabLong,
    weight.fact,
  ];
  expect(facts.map(({ state }) => state)).toEqual(facts.map(() => 'unknown'));
  expect(age).toBeUndefined();
});

test('a key that was never asked for counts as not sent', () => {
  const { brainMri } = chartFrom(new Map());
  expect(brainMri.done).toMatchObject({
    state: 'unknown',
    unread: [{ key: 'procedures', reason: 'not-sent' }, {}, {}],
  });
});

test('without an order hook there are no drafts; with an empty one there are none to judge', () => {
  expect(chartOf({}).drafts).toBeUndefined();
  expect(chartOf({}, draftsOf([])).drafts).toEqual([]);
});

test("another patient's drafts are counted", () => {
  const draft = named('ServiceRequest', 'MRI brain', { subject: { reference: 'Patient/p2' } });
  expect(chartOf({}, draftsOf([draft]))).toMatchObject({ skipped: 1, brainMri: { ordered: { state: 'no' } } });
});

test('a drug in a draft is no exposure', () => {
  const chart = chartOf({}, draftsOf([medicated('MedicationRequest', 'doxorubicin')]));
  expect(chart.exposureTo.anthracycline.state).toBe('no');
});

test.each([
  ['deceased', { deceasedBoolean: true }, true],
  ['deceased on a day', { deceasedDateTime: '2026-10-01' }, true],
  ['alive', { deceasedBoolean: false }, false],
  ['not said', {}, false],
])('a patient is recorded as %s', (_claim, more, deceased) => {
  expect(chartOf({ patient: [{ resourceType: 'Patient', id: 'p1', ...more }] }).deceased).toBe(deceased);
});

test('the day is that in UTC, wherever the server stands', () => {
  const patient = [{ resourceType: 'Patient', id: 'p1', birthDate: '2008-11-22' }];
  expect(chartOf({ patient }).age).toMatchObject({ least: 18, most: 18 });
});
