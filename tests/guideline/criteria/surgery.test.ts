import { describe, expect, test } from '@jest/globals';
import type { Readings } from '../../../src/chart/reading.ts';
import { CRITERIA } from '../../../src/guideline/criteria/registry.ts';
import { SURGERY_CRITERIA } from '../../../src/guideline/criteria/surgery.ts';
import {
  asps,
  chartFrom,
  coded,
  complete,
  condition,
  draftsOf,
  ICD,
  named,
  type Parts,
  verified,
  without,
} from '../../chart/builders.ts';

const resection = named('Procedure', 'Wide excision of sarcoma', {
  id: 'resection',
  status: 'completed',
  performedDateTime: '2024-02-12',
});
const pathology = named('DiagnosticReport', 'Surgical pathology', {
  id: 'pathology',
  status: 'final',
  effectiveDateTime: '2024-02-19',
  conclusion: 'Deep margin positive',
});
const rays = named('Procedure', 'Radiotherapy of left thigh', {
  id: 'rays',
  status: 'completed',
  performedDateTime: '2024-04-02',
});
const wedge = named('Procedure', 'VATS wedge resection of lung', {
  id: 'wedge',
  status: 'completed',
  performedDateTime: '2026-11-02',
});
const scan = (on: string) => named('DiagnosticReport', 'CT chest', { id: on, status: 'final', effectiveDateTime: on });
const mri = named('DiagnosticReport', 'MRI brain', { id: 'mri', status: 'final', effectiveDateTime: '2026-07-10' });
const request = (text: string) =>
  named('ServiceRequest', text, { id: 'request', status: 'active', intent: 'order', authoredOn: '2026-11-02' });
const draft = (text: string) =>
  draftsOf([named('ServiceRequest', text, { id: 'draft', status: 'draft', intent: 'order' })]);

const diagnosed = asps({ onsetDateTime: '2024-01-15' });
const localised = asps({ onsetDateTime: '2024-01-15', stage: [{ summary: { text: 'Stage II' } }] });
const lung = condition(coded(ICD, 'C78.02'), { id: 'lung', onsetDateTime: '2026-07-06' });
const bone = condition(coded(ICD, 'C79.51'), { id: 'bone', onsetDateTime: '2026-10-12' });
const inLung: Parts = { conditions: [diagnosed, lung] };
const unread = (...keys: Parameters<typeof without>[1][]): Readings => without(complete(inLung), ...keys);

const answer = (id: string, chart: ReturnType<typeof chartFrom>) => {
  const fact = CRITERIA.get(id)?.evaluate(chart);
  return { state: fact?.state, evidence: fact?.evidence.map(({ reference }) => reference), value: fact?.value };
};

type Case = readonly [id: string, yes: Parts, evidence: readonly string[], no: Parts, unknown: Readings];
const CASES: readonly Case[] = [
  [
    'primary-resected',
    { procedures: [resection], conditions: [diagnosed] },
    ['Procedure/resection'],
    {},
    unread('procedures'),
  ],
  [
    'surgery-ordered',
    { serviceRequests: [request('Wide excision of sarcoma')] },
    ['ServiceRequest/request'],
    {},
    unread('serviceRequests'),
  ],
  [
    'surgical-referral',
    { serviceRequests: [request('Referral to sarcoma surgery')] },
    ['ServiceRequest/request'],
    {},
    unread('serviceRequests'),
  ],
  [
    'positive-margin',
    { conditions: [diagnosed], procedures: [resection], diagnosticReports: [pathology] },
    ['DiagnosticReport/pathology'],
    {
      conditions: [diagnosed],
      procedures: [resection],
      diagnosticReports: [{ ...pathology, conclusion: 'Margins free' }],
    },
    complete({ conditions: [diagnosed], procedures: [resection] }),
  ],
  [
    'radiotherapy-since-resection',
    { conditions: [diagnosed], procedures: [resection, rays] },
    ['Procedure/rays'],
    { procedures: [resection] },
    unread('procedures'),
  ],
  [
    'radiotherapy-referral',
    { serviceRequests: [request('Referral to radiation oncology')] },
    ['ServiceRequest/request'],
    {},
    unread('serviceRequests'),
  ],
  ['lung-metastasectomy-done', { procedures: [wedge] }, ['Procedure/wedge'], {}, unread('procedures')],
  [
    'biopsy-or-pathology',
    { conditions: [diagnosed], diagnosticReports: [pathology] },
    ['DiagnosticReport/pathology'],
    {},
    unread('diagnosticReports'),
  ],
  [
    'biopsy-ordered',
    { serviceRequests: [request('Core needle biopsy of thigh')] },
    ['ServiceRequest/request'],
    {},
    unread('serviceRequests'),
  ],
  [
    'lung-only-metastases',
    inLung,
    ['Condition/lung'],
    { conditions: [diagnosed, lung, bone] },
    complete({ conditions: [diagnosed] }),
  ],
  [
    'extrapulmonary-metastasis',
    { conditions: [diagnosed, lung, bone] },
    ['Condition/bone'],
    inLung,
    complete({ conditions: [diagnosed] }),
  ],
  [
    'extrapulmonary-metastasis-open',
    { conditions: [diagnosed, lung, { ...bone, ...verified('provisional') }] },
    ['Condition/bone'],
    { conditions: [diagnosed, lung, bone] },
    complete({ conditions: [diagnosed] }),
  ],
  [
    'few-metastatic-sites',
    inLung,
    ['Condition/lung'],
    { conditions: [localised] },
    complete({ conditions: [diagnosed] }),
  ],
  [
    'bone-metastasis',
    { conditions: [diagnosed, lung, bone] },
    ['Condition/bone'],
    inLung,
    complete({ conditions: [diagnosed] }),
  ],
  [
    'disease-free-interval-long',
    { ...inLung, procedures: [resection] },
    ['Procedure/resection', 'Condition/lung'],
    { conditions: [localised] },
    unread('procedures'),
  ],
  [
    'interval-ct-met',
    { ...inLung, diagnosticReports: [scan('2026-07-02'), scan('2026-10-08')] },
    ['DiagnosticReport/2026-10-08', 'DiagnosticReport/2026-07-02'],
    { ...inLung, diagnosticReports: [scan('2026-07-02')] },
    unread('diagnosticReports'),
  ],
  [
    'interval-ct-due',
    { ...inLung, diagnosticReports: [scan('2026-10-08')] },
    ['DiagnosticReport/2026-10-08'],
    inLung,
    unread('diagnosticReports'),
  ],
  [
    'new-metastasis-in-interval',
    { conditions: [diagnosed, lung, bone], diagnosticReports: [scan('2026-07-02')] },
    ['Condition/bone'],
    { ...inLung, diagnosticReports: [scan('2026-07-02')] },
    complete(inLung),
  ],
  [
    'brain-mri-since-metastasis',
    { ...inLung, diagnosticReports: [mri] },
    ['DiagnosticReport/mri'],
    inLung,
    unread('diagnosticReports'),
  ],
];

describe.each(CASES)('%s', (id, yes, evidence, no, unknown) => {
  test('is yes by the resources that say so', () => {
    expect(answer(id, chartFrom(complete(yes)))).toMatchObject({ state: 'yes', evidence });
  });
  test('is no', () => {
    expect(answer(id, chartFrom(complete(no))).state).toBe('no');
  });
  test('is unknown', () => {
    expect(answer(id, chartFrom(unknown)).state).toBe('unknown');
  });
});

describe.each([
  ['excision-drafted', 'Excision of mass, left thigh', 'tumour excision'],
  ['amputation-drafted', 'Above-knee amputation', 'amputation'],
  ['lung-metastasectomy-drafted', 'VATS wedge resection of lung', 'lung metastasectomy'],
])('%s', (id, text, name) => {
  test('names the order that is judged, by a name of our own', () => {
    const criterion = CRITERIA.get(id);
    expect(criterion?.namesOrders).toBe(true);
    expect(criterion?.evaluate(chartFrom(complete(), draft(text)))).toMatchObject({
      state: 'yes',
      evidence: [{ reference: 'ServiceRequest/draft', drug: name }],
    });
  });
  test('is no without such an order, and on a hook without orders', () => {
    expect(answer(id, chartFrom(complete(), draft('MRI brain'))).state).toBe('no');
    expect(answer(id, chartFrom(complete())).state).toBe('no');
  });
  test('is unknown if it may be for another active cancer', () => {
    const chart = chartFrom(
      complete({ conditions: [asps(), condition('Breast cancer', { id: 'breast' })] }),
      draft(text),
    );
    expect(answer(id, chart).state).toBe('unknown');
  });
});

test('the values that cards show', () => {
  const value = (id: string, parts: Parts) => answer(id, chartFrom(complete(parts))).value;
  expect(value('primary-resected', { conditions: [diagnosed], procedures: [resection] })).toBe('2024-02-12');
  expect(value('disease-free-interval-long', { ...inLung, procedures: [resection] })).toBe('28 months');
  expect(value('few-metastatic-sites', { conditions: [diagnosed, lung, bone] })).toBe('lung and bone');
  expect(value('interval-ct-due', { ...inLung, diagnosticReports: [scan('2026-10-08')] })).toBe('2027-01-08');
});

test('all of them are tried here', () => {
  const tried = [...CASES.map(([id]) => id), 'excision-drafted', 'amputation-drafted', 'lung-metastasectomy-drafted'];
  expect(SURGERY_CRITERIA.map(({ id }) => id).toSorted()).toEqual(tried.toSorted());
});
