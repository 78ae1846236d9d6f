import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/chart/reading.ts';
import type { Surgery } from '../../src/chart/surgery.ts';
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
  named,
  type Parts,
  SNOMED,
  without,
} from './builders.ts';

const WIDE = 'Wide excision of soft tissue tumour, left thigh';
const done = (code: JsonObject | string, on: string | undefined, more: JsonObject = {}) =>
  named('Procedure', code, {
    id: 'op',
    status: 'completed',
    ...(on === undefined ? {} : { performedDateTime: on }),
    ...more,
  });
const ordered = (code: JsonObject | string, on: string | undefined, more: JsonObject = {}) =>
  named('ServiceRequest', code, {
    id: 'sr',
    status: 'active',
    intent: 'order',
    ...(on === undefined ? {} : { authoredOn: on }),
    ...more,
  });
const breastCancer = condition('Breast cancer', { id: 'breast', ...clinically('active') });
const forAsps = { reasonReference: [{ reference: 'Condition/asps' }] };
const surgeryOf = (parts: Parts): Surgery => chartOf(parts).surgery;
const references = ({ evidence }: { readonly evidence: readonly { readonly reference?: string }[] }) =>
  evidence.map(({ reference }) => reference);

describe('the primary was resected', () => {
  test('by a completed excision since the diagnosis; the value is its date', () => {
    const { primaryResected, resections } = surgeryOf({ procedures: [done(WIDE, '2026-07-13')] });
    expect(primaryResected).toMatchObject({ state: 'yes', value: '2026-07-13', searched: ['procedures'] });
    expect(references(primaryResected)).toEqual(['Procedure/op']);
    expect(resections).toHaveLength(1);
  });

  test.each([
    ['by an excision within the work-up before the diagnosis', done(WIDE, '2026-04-01')],
    ['by an amputation', done(coded(SNOMED, '397117006'), '2026-08')],
    ['long before the diagnosis on file, if it names the ASPS', done('Excision of mass', '2019', forAsps)],
    ['long before, if it names a sarcoma', done('Resection of soft tissue sarcoma', '2019')],
    ['on an unknown day, if it names the ASPS', done('Excision of mass', undefined, forAsps)],
    ['with a status that says nothing', done(WIDE, '2026-07-13', { status: 'unknown' })],
    ['over a period', done(WIDE, undefined, { performedPeriod: { start: '2026-07-13', end: '2026-07-14' } })],
  ])('%s', (_claim, procedure) => {
    expect(surgeryOf({ procedures: [procedure] }).primaryResected.state).toBe('yes');
  });

  test('of two the last one is the date, and the first one comes first', () => {
    const { primaryResected, resections } = surgeryOf({
      procedures: [
        done('Re-excision of tumor bed', '2026-09-01', { id: 'second' }),
        done(WIDE, '2026-07-13', { id: 'first' }),
      ],
    });
    expect(primaryResected.value).toBe('2026-09-01');
    expect(references(primaryResected)).toEqual(['Procedure/second', 'Procedure/first']);
    expect(resections.map(({ date }) => date?.text)).toEqual(['2026-07-13', '2026-09-01']);
  });

  test.each([
    ['nothing', []],
    ['a lung metastasectomy', [done('VATS wedge resection of lung', '2026-07-13')]],
    ['a biopsy', [done('Core needle biopsy of thigh', '2026-06-20')]],
    ['the removal of a brain metastasis', [done('Resection of brain metastasis', '2026-07-13')]],
    ['an excision long before the disease', [done('Excision of mass', '2019-02-03')]],
    ['another cancer’s, by its reason', [done(WIDE, '2026-07-13', { reasonCode: [{ text: 'Melanoma' }] })]],
    ['another cancer’s, by its words', [done('Excision of leiomyosarcoma', '2026-07-13')]],
    ['one planned', [done(WIDE, '2026-12-01', { status: 'preparation' })]],
    ['one not done', [done(WIDE, '2026-07-13', { status: 'not-done' })]],
    ['one entered in error', [done(WIDE, '2026-07-13', { status: 'entered-in-error' })]],
    [
      'an amputation for a diabetic foot',
      [done('Below-knee amputation', '2026-07-13', { reasonCode: [{ text: 'Diabetic foot' }] })],
    ],
  ])('is no, with the Procedures read and among them %s', (_claim, procedures) => {
    const { primaryResected } = surgeryOf({ procedures });
    expect(primaryResected).toMatchObject({ state: 'no', searched: ['procedures'], unread: [] });
  });

  test('is unknown where the Procedures could not be read, or not to their end', () => {
    expect(chartFrom(without(complete(), 'procedures')).surgery.primaryResected.state).toBe('unknown');
    expect(chartFrom(cutShort(complete(), 'procedures')).surgery.primaryResected.state).toBe('unknown');
  });

  test('is yes on the first page, too', () => {
    const readings = cutShort(complete({ procedures: [done(WIDE, '2026-07-13')] }), 'procedures');
    expect(chartFrom(readings).surgery.primaryResected.state).toBe('yes');
  });

  test.each([
    ['an excision on an unknown day', { procedures: [done('Excision of mass', undefined)] }, 'date-not-comparable'],
    [
      'an excision of the year of the diagnosis',
      { procedures: [done('Excision of mass', '2026')] },
      'date-not-comparable',
    ],
    [
      'an excision that may be another active cancer’s',
      { conditions: [asps(), breastCancer], procedures: [done('Excision of mass', '2026-07-13')] },
      'another-active-cancer',
    ],
    ['a closed order', { serviceRequests: [ordered(WIDE, '2026-07-01', { status: 'completed' })] }, 'only-planned'],
    [
      'an operative report',
      {
        diagnosticReports: [named('DiagnosticReport', 'Operative note: wide excision of sarcoma', { status: 'final' })],
      },
      'only-planned',
    ],
  ])('is undecided by %s', (_claim, parts: Parts, doubt) => {
    const { primaryResected } = surgeryOf(parts);
    expect(primaryResected).toMatchObject({ state: 'unknown', doubt });
    expect(primaryResected.evidence).toHaveLength(1);
  });

  test('with another active cancer, the reason decides', () => {
    const procedures = [done('Excision of mass', '2026-07-13', forAsps)];
    expect(surgeryOf({ conditions: [asps(), breastCancer], procedures }).primaryResected.state).toBe('yes');
  });

  test('counts from the first onset: a recurrence does not undo the resection of the first disease', () => {
    const conditions = [
      asps({ id: 'first', ...clinically('resolved'), onsetDateTime: '2019-03-01' }),
      asps({ id: 'again', ...clinically('recurrence'), onsetDateTime: '2026-06-10' }),
    ];
    expect(surgeryOf({ conditions, procedures: [done('Excision of mass', '2019-04-01')] }).primaryResected.state).toBe(
      'yes',
    );
  });
});

describe('an operation is ordered', () => {
  test.each([
    ['by a ServiceRequest', { serviceRequests: [ordered(WIDE, '2026-11-01')] }],
    ['by one without a date', { serviceRequests: [ordered(WIDE, undefined)] }],
    ['as a planned Procedure', { procedures: [done(WIDE, '2026-12-01', { status: 'preparation' })] }],
    ['of a metastasis', { serviceRequests: [ordered('VATS wedge resection of lung', '2026-11-01')] }],
  ])('%s', (_claim, parts: Parts) => {
    expect(surgeryOf(parts).ordered.state).toBe('yes');
  });

  test('as a draft, judged or not', () => {
    const draft = ordered(WIDE, '2026-11-22', { status: 'draft' });
    const other = ordered('MRI brain', '2026-11-22', { id: 'mri', status: 'draft' });
    const context = draftsOf([draft, other], ['ServiceRequest/mri']);
    expect(chartOf({}, context).surgery.ordered.state).toBe('yes');
    expect(chartOf({}, context).surgery.drafted('excision').state).toBe('no');
  });

  test.each([
    ['nothing', {}],
    ['one from long before the disease', { serviceRequests: [ordered(WIDE, '2020-01-01')] }],
    ['a proposal', { serviceRequests: [ordered(WIDE, '2026-11-01', { intent: 'proposal' })] }],
    [
      'one that was carried out since',
      { serviceRequests: [ordered(WIDE, '2026-07-01')], procedures: [done(WIDE, '2026-07-13')] },
    ],
    [
      'one for another cancer',
      { serviceRequests: [ordered(WIDE, '2026-11-01', { reasonCode: [{ text: 'Melanoma' }] })] },
    ],
  ])('is no for %s', (_claim, parts: Parts) => {
    expect(surgeryOf(parts).ordered.state).toBe('no');
  });

  test('is unknown where orders or Procedures could not be read, or it may be for another cancer', () => {
    expect(chartFrom(without(complete(), 'serviceRequests')).surgery.ordered.state).toBe('unknown');
    expect(chartFrom(without(complete(), 'procedures')).surgery.ordered.state).toBe('unknown');
    const open = surgeryOf({
      conditions: [asps(), breastCancer],
      serviceRequests: [ordered('Excision of mass', '2026-11-01')],
    });
    expect(open.ordered).toMatchObject({ state: 'unknown', doubt: 'another-active-cancer' });
  });
});

describe('a referral', () => {
  test.each([
    ['to a surgeon', 'surgicalReferral', ordered('Referral to sarcoma surgery', '2026-11-01')],
    [
      'to a surgeon, closed',
      'surgicalReferral',
      ordered(coded(SNOMED, '308481009'), '2026-11-01', { status: 'completed' }),
    ],
    ['to radiation oncology', 'radiotherapyReferral', ordered(coded(SNOMED, '306256000'), '2026-11-01')],
  ] as const)('%s', (_claim, fact, request) => {
    const surgery = surgeryOf({ serviceRequests: [request] });
    expect(surgery[fact].state).toBe('yes');
    expect(surgery[fact].evidence[0]?.kind).toBe('request');
  });

  test('is no when none is there, and unknown when requests could not be read', () => {
    expect(surgeryOf({}).surgicalReferral.state).toBe('no');
    expect(chartFrom(without(complete(), 'serviceRequests')).surgery.radiotherapyReferral.state).toBe('unknown');
  });

  test('from before the last resection led to it, and asks nothing of what follows', () => {
    const surgery = surgeryOf({
      procedures: [done(WIDE, '2026-07-13')],
      serviceRequests: [ordered('Referral to radiation oncology', '2026-06-20')],
    });
    expect(surgery.radiotherapyReferral.state).toBe('no');
  });
});

describe('radiotherapy since the resection', () => {
  const resected = done(WIDE, '2026-07-13');
  const rays = (on: string | undefined, more: JsonObject = {}) =>
    done(coded(SNOMED, '1217123003', 'Radiotherapy course'), on, { id: 'rt', ...more });

  test.each([
    ['given after it', { procedures: [resected, rays('2026-09-01')] }],
    ['given before it, in its work-up', { procedures: [resected, rays('2026-05-20')] }],
    ['running', { procedures: [resected, rays('2026-11-01', { status: 'in-progress' })] }],
    ['ordered', { procedures: [resected], serviceRequests: [ordered('Radiotherapy of thigh', '2026-08-01')] }],
    [
      'over a period',
      { procedures: [resected, rays(undefined, { performedPeriod: { start: '2026-08-20', end: '2026-10-01' } })] },
    ],
  ])('%s', (_claim, parts: Parts) => {
    expect(surgeryOf(parts).radiotherapySinceResection.state).toBe('yes');
  });

  test('drafted', () => {
    const draft = draftsOf([ordered('Radiotherapy of thigh', undefined, { status: 'draft' })]);
    expect(chartOf({ procedures: [resected] }, draft).surgery.radiotherapySinceResection.state).toBe('yes');
  });

  test.each([
    ['none', [resected]],
    ['one long before it', [resected, rays('2020-03-01')]],
    ['one of the brain', [resected, done('Whole brain radiotherapy', '2026-09-01', { id: 'wbrt' })]],
    ['one of the breast', [resected, rays('2026-09-01', { reasonCode: [{ text: 'Breast cancer' }] })]],
  ])('is no with %s', (_claim, procedures) => {
    expect(surgeryOf({ procedures }).radiotherapySinceResection.state).toBe('no');
  });

  test.each([
    ['one on an unknown day', { procedures: [resected, rays(undefined)] }],
    ['one of the year', { procedures: [resected, rays('2026')] }],
    ['one, and no resection to compare with', { procedures: [rays('2026-09-01')] }],
    [
      'one that may be another cancer’s',
      { conditions: [asps(), breastCancer], procedures: [done(WIDE, '2026-07-13', forAsps), rays('2026-09-01')] },
    ],
  ])('is undecided with %s', (_claim, parts: Parts) => {
    expect(surgeryOf(parts).radiotherapySinceResection.state).toBe('unknown');
  });

  test.each(['procedures', 'serviceRequests'] as const)('is unknown without %s', (key) => {
    expect(chartFrom(without(complete(), key)).surgery.radiotherapySinceResection.state).toBe('unknown');
  });
});

describe('a biopsy or a pathology report', () => {
  const report = (more: JsonObject) => named('DiagnosticReport', 'Report', { id: 'dr', status: 'final', ...more });

  test.each([
    ['a biopsy in the work-up', { procedures: [done('Core needle biopsy, thigh', '2026-05-30')] }],
    [
      'a report of the section PAT',
      {
        diagnosticReports: [
          report({ category: [coded('http://terminology.hl7.org/CodeSystem/v2-0074', 'PAT')], issued: '2026-06-20' }),
        ],
      },
    ],
    [
      'a report of the section SP',
      {
        diagnosticReports: [
          report({
            category: [coded('http://terminology.hl7.org/CodeSystem/v2-0074', 'SP')],
            effectiveDateTime: '2026-06-20',
          }),
        ],
      },
    ],
    [
      'a category in words',
      { diagnosticReports: [report({ category: [{ text: 'Pathology' }], issued: '2026-06-20T10:00:00Z' })] },
    ],
    [
      'a report by its code',
      {
        diagnosticReports: [
          named('DiagnosticReport', coded('http://loinc.org', '11529-5'), {
            id: 'dr',
            status: 'final',
            issued: '2026-06-20',
          }),
        ],
      },
    ],
  ])('%s', (_claim, parts: Parts) => {
    expect(surgeryOf(parts).biopsyOrPathology.state).toBe('yes');
  });

  test('one of long ago is named, and does not count', () => {
    const { biopsyOrPathology } = surgeryOf({ procedures: [done('Needle biopsy', '2015-01-01')] });
    expect(biopsyOrPathology.state).toBe('no');
    expect(references(biopsyOrPathology)).toEqual(['Procedure/op']);
  });

  test('nothing found is no only if both were read', () => {
    expect(surgeryOf({}).biopsyOrPathology).toMatchObject({
      state: 'no',
      searched: ['procedures', 'diagnosticReports'],
    });
    for (const key of ['procedures', 'diagnosticReports'] as const)
      expect(chartFrom(without(complete(), key)).surgery.biopsyOrPathology.state).toBe('unknown');
  });

  test('an undated one decides nothing', () => {
    expect(surgeryOf({ procedures: [done('Needle biopsy', undefined)] }).biopsyOrPathology).toMatchObject({
      state: 'unknown',
      doubt: 'date-not-comparable',
    });
  });
});

describe('a draft', () => {
  const draft = (code: string, more: JsonObject = {}) => ordered(code, '2026-11-22', { status: 'draft', ...more });
  const drafted = (orders: readonly JsonObject[], conditions: readonly JsonObject[] = [asps()]) =>
    chartOf({ conditions }, draftsOf(orders)).surgery.drafted;

  test.each([
    ['excision', 'Excision of mass, left thigh', 'tumour excision'],
    ['amputation', 'Above-knee amputation', 'amputation'],
    ['lung-metastasectomy', 'VATS wedge resection of lung', 'lung metastasectomy'],
  ] as const)('of an %s goes by our own name', (operation, text, name) => {
    const fact = drafted([draft(text)])(operation);
    expect(fact.state).toBe('yes');
    expect(fact.evidence).toMatchObject([{ reference: 'ServiceRequest/sr', kind: 'draft', drug: name }]);
    for (const other of (['excision', 'amputation', 'lung-metastasectomy'] as const).filter((one) => one !== operation))
      expect(drafted([draft(text)])(other).state).toBe('no');
  });

  test('for another cancer is none of ours; one that may be leaves it open', () => {
    const reason = { reasonCode: [{ text: 'Adenocarcinoma of lung' }] };
    expect(drafted([draft('Lobectomy of lung', reason)])('lung-metastasectomy').state).toBe('no');
    expect(drafted([draft('Lobectomy of lung')], [asps(), breastCancer])('lung-metastasectomy')).toMatchObject({
      state: 'unknown',
      doubt: 'another-active-cancer',
    });
    const lung = condition(coded(ICD, 'C78.00'), { id: 'met', extension: [] });
    expect(drafted([draft('Lobectomy of lung')], [asps(), lung])('lung-metastasectomy').state).toBe('yes');
  });

  test('for gangrene is none of ours', () => {
    expect(drafted([draft('Above-knee amputation', { reasonCode: [{ text: 'Gangrene' }] })])('amputation').state).toBe(
      'no',
    );
  });

  test('on hooks without drafts there is none', () => {
    expect(surgeryOf({}).drafted('excision').state).toBe('no');
  });
});

test('a lung metastasectomy since the work-up is done, an earlier lobectomy is not one', () => {
  const lobectomy = 'Lobectomy of lung';
  expect(surgeryOf({ procedures: [done(lobectomy, '2026-10-01')] }).lungMetastasectomy.state).toBe('yes');
  expect(surgeryOf({ procedures: [done(lobectomy, '2012-10-01')] }).lungMetastasectomy.state).toBe('no');
  expect(
    surgeryOf({ conditions: [asps(), breastCancer], procedures: [done(lobectomy, '2026-10-01')] }).lungMetastasectomy
      .state,
  ).toBe('unknown');
  expect(chartFrom(without(complete(), 'procedures')).surgery.lungMetastasectomy.state).toBe('unknown');
});
