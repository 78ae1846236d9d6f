import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

interface Problem {
  readonly what: string;
  readonly histology: string;
  readonly when: string;
  readonly status: string;
  readonly isWithdrawn: boolean;
}

// For browsers they are plain JavaScript: what they give is said here once more.
const { problemsIn } = await reader<{ problemsIn: (resources: readonly unknown[]) => readonly Problem[] }>('problems');
const { identityOf } = await reader<{ identityOf: (patient: object) => Readonly<Record<string, string>> }>('patient');
const { accessIn } = await reader<{ accessIn: (scope: string) => readonly string[] }>('access');
const { cardIn } = await reader<{ cardIn: (appContext: unknown) => string }>('launch-context');
const { launchFailure, readFailure, SENTENCES } = await reader<{
  launchFailure: (error: unknown, parameters: URLSearchParams) => string;
  readFailure: (error: unknown) => string;
  SENTENCES: Readonly<Record<string, string>>;
}>('failures');

async function reader<Module>(name: string): Promise<Module> {
  return (await import(`../../src/smart-app/${name}.js`)) as Module;
}

function condition(members: object = {}) {
  return { resourceType: 'Condition', code: { text: 'Gout' }, ...members };
}

const HISTOLOGY = 'http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior';
const coded = (code: string) => ({ coding: [{ code }] });
const problem = (members: object) => problemsIn([condition(members)])[0];
const order = (...conditions: object[]) => problemsIn(conditions).map(({ what }) => what);

describe('a problem', () => {
  test.each([
    [{ text: 'Words', coding: [{ display: 'Display' }] }, 'Words'],
    [{ text: ' ', coding: [{ code: 'M88' }, { display: 'Display' }] }, 'Display'],
    [{ coding: [{ code: 'M88' }] }, 'M88'],
    [{ coding: 'x' }, 'A problem without a name'],
    [undefined, 'A problem without a name'],
  ])('goes by %j', (code, what) => {
    expect(problem({ code })?.what).toBe(what);
  });

  test.each([
    [{ onsetDateTime: '2026-02' }, 'since 2026-02'],
    [{ onsetDateTime: '2026-02-03T23:30:00-08:00' }, 'since 2026-02-03'],
    [{ onsetPeriod: { start: '2025' }, recordedDate: '2026-01-02T00:10:00+14:00' }, 'since 2025, recorded 2026-01-02'],
    [{ onsetString: 'in childhood' }, 'since in childhood'],
    [{ onsetDateTime: '03.02.2026' }, ''],
    [{}, ''],
  ])('has the dates of the record, in any time zone: %j', (members, when) => {
    expect(problem(members)?.when).toBe(when);
  });

  test.each([
    [{ clinicalStatus: coded('active'), verificationStatus: coded('confirmed') }, 'active', false],
    [{ clinicalStatus: coded('active'), verificationStatus: coded('provisional') }, 'active, provisional', false],
    [{ verificationStatus: coded('entered-in-error') }, 'entered in error', true],
    [{ clinicalStatus: coded('active'), verificationStatus: coded('refuted') }, 'active, refuted', true],
  ])('has its status in words: %j', (members, status, isWithdrawn) => {
    expect(problem(members)).toMatchObject({ status, isWithdrawn });
  });
});

test.each([
  [
    [{ url: HISTOLOGY, valueCodeableConcept: { coding: [{ display: 'Alveolar soft part sarcoma' }] } }],
    'Alveolar soft part sarcoma',
  ],
  [[{ url: 'https://other.example', valueCodeableConcept: { text: 'Other' } }], ''],
  [[null, { url: HISTOLOGY }], ''],
  [{ url: HISTOLOGY }, ''],
])('a tumour that is coded by its site is told with its histology: %j', (extension, histology) => {
  expect(problem({ extension })?.histology).toBe(histology);
});

test('active problems come first, the latest of each group before the others, and withdrawn ones last', () => {
  const named = (text: string, members: object) => condition({ code: { text }, ...members });
  expect(
    order(
      named('withdrawn', { verificationStatus: coded('entered-in-error'), onsetDateTime: '2026' }),
      named('over', { clinicalStatus: coded('resolved'), onsetDateTime: '2026' }),
      named('undated', { clinicalStatus: coded('active') }),
      named('old', { clinicalStatus: coded('active'), onsetDateTime: '2019-04' }),
      named('back', { clinicalStatus: coded('recurrence'), recordedDate: '2025' }),
      named('without a status', { onsetDateTime: '2024' }),
    ),
  ).toEqual(['back', 'without a status', 'old', 'undated', 'over', 'withdrawn']);
});

test('what is no Condition is no problem', () => {
  expect(problemsIn([{ resourceType: 'OperationOutcome' }, null, 'x', [condition()]])).toEqual([]);
});

describe('a patient', () => {
  test.each([
    [
      [
        { use: 'official', text: 'Official' },
        { use: 'usual', text: 'Usual' },
      ],
      'Usual',
    ],
    [
      [
        { use: 'old', text: 'Old' },
        { given: ['A', 'B'], family: 'C', prefix: ['Dr'], suffix: ['MD'] },
      ],
      'Dr A B C MD',
    ],
    [[{ use: 'old', family: 'Old' }], 'Old'],
    [[{ given: [1, null, 'A'] }], 'A'],
    [[{}], 'not recorded'],
    ['x', 'not recorded'],
    [undefined, 'not recorded'],
  ])('goes by %j', (name, shown) => {
    expect(identityOf({ name })['name']).toBe(shown);
  });

  test('is without what is not on record', () => {
    expect(identityOf({ birthDate: 'x', gender: 1 })).toEqual({
      name: 'not recorded',
      birthDate: 'not recorded',
      sex: 'not recorded',
    });
  });
});

test.each([
  ['launch  openid', ['know in which chart it was opened', 'know who opened it']],
  ['patient/Condition.rs', ['read and search problems and diagnoses of this patient']],
  ['patient/Condition.read', ['read and search problems and diagnoses of this patient']],
  ['patient/Patient.r', ['read personal details of this patient']],
  ['user/Observation.cud', ['create, change and delete Observation records of everybody whom you may see']],
  ['user/*.*', ['create, read, change, delete and search everything of everybody whom you may see']],
  ['system/*.write', ['create, change and delete everything of everybody']],
  ['patient/Condition.rs?category=x', ['what the EHR calls patient/Condition.rs?category=x']],
  ['constructor', ['what the EHR calls constructor']],
  ['', []],
])('the scope %j is told in words', (scope, words) => {
  expect(accessIn(scope)).toEqual(words);
});

test.each([
  ['{"card":"staging-chest-ct"}', 'staging-chest-ct'],
  ['{"card":7}', ''],
  ['["card"]', ''],
  ['null', ''],
  ['{', ''],
  [{ card: 'x' }, ''],
  [undefined, ''],
])('the appContext %j names the card %j', (appContext, card) => {
  expect(cardIn(appContext)).toBe(card);
});

const answered = (status: number) => Object.assign(new Error('as fhirclient says it'), { status });
const TIMEOUT = new DOMException('too late', 'TimeoutError');

describe('a launch that was not completed', () => {
  test.each([
    ['error=access_denied', new Error('access_denied'), 'denied'],
    ['error=invalid_request', new Error('invalid_request'), 'refused'],
    ['error=x&code=y', answered(400), 'refused'],
    ['code=y', answered(400), 'launch-over'],
    ['code=y', answered(401), 'launch-over'],
    ['code=y', answered(503), 'server-error'],
    ['code=y', new TypeError('Failed to fetch'), 'unreachable'],
    ['code=y', new Error('No state found'), 'not-launched'],
    ['', undefined, 'not-launched'],
  ])('with %j and %p is told as %s', (parameters, error, failure) => {
    expect(launchFailure(error, new URLSearchParams(parameters))).toBe(failure);
    expect(SENTENCES).toHaveProperty([failure]);
  });
});

test.each([
  [answered(401), 'expired'],
  [answered(403), 'forbidden'],
  [answered(404), 'server-error'],
  [answered(500), 'server-error'],
  [TIMEOUT, 'unreachable'],
  [new TypeError('Failed to fetch'), 'unreachable'],
  [new SyntaxError('no JSON'), 'unreadable'],
  ['x', 'unreadable'],
])('what could not be read, for %p, is told as %s', (error, failure) => {
  expect(readFailure(error)).toBe(failure);
  expect(SENTENCES).toHaveProperty([failure]);
});

test('whatever a server sends, there are texts to show', () => {
  const anything = fc.anything({ withBigInt: true, withNullPrototype: true, maxDepth: 4 });
  const member = (names: readonly string[]) => fc.dictionary(fc.constantFrom(...names), anything);
  const conditions = member([
    'code',
    'clinicalStatus',
    'verificationStatus',
    'onsetDateTime',
    'onsetPeriod',
    'extension',
  ]);
  fc.assert(
    fc.property(fc.array(conditions), member(['name', 'birthDate', 'gender']), (sent, patient) => {
      const problems = problemsIn(sent.map(condition));
      expect(problems).toHaveLength(sent.length);
      for (const { isWithdrawn: _withdrawn, ...texts } of problems) {
        expect(texts.what).not.toBe('');
        for (const text of [texts.what, texts.histology, texts.when, texts.status]) expect(typeof text).toBe('string');
      }
      for (const text of Object.values(identityOf(patient))) expect(text).toMatch(/\S/);
    }),
  );
});
