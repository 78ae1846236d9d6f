import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { buildChart, type Chart, diagnoseFrom } from '../../src/chart/chart.ts';
import type { JsonObject, Readings } from '../../src/chart/reading.ts';
import { guideline, TODAY } from '../support/service.ts';
import {
  asps,
  chartFrom,
  chartOf,
  coded,
  complete,
  condition,
  cutShort,
  draftsOf,
  ICD,
  named,
  type Parts,
  SNOMED,
  terminology,
  verified,
  without,
} from './builders.ts';

function chartAt(readings: Readings, ...sarcomaCentres: readonly string[]): Chart {
  const definitions = { terminology, settings: { ...guideline.settings, sarcomaCentres } };
  return buildChart('p1', diagnoseFrom(readings, terminology), readings, {}, definitions, TODAY);
}

const palliative = (parts: Parts) => chartOf(parts).contacts.palliativeCare;
const centre = (parts: Parts, ...centres: readonly string[]) =>
  chartAt(complete(parts), ...centres).contacts.sarcomaCentre;
const request = (code: JsonObject | string, more: JsonObject = {}) =>
  named('ServiceRequest', code, { status: 'active', intent: 'order', ...more });
const visit = (more: JsonObject) => ({ resourceType: 'Encounter', id: 'e1', status: 'finished', ...more });
const team = (more: JsonObject) => ({ resourceType: 'CareTeam', id: 't1', status: 'active', ...more });

describe('a palliative care contact', () => {
  const REFERRAL = coded(SNOMED, '306237005');
  test.each<[string, Parts, string]>([
    ['a coded referral', { serviceRequests: [request(REFERRAL)] }, 'ServiceRequest/r1'],
    [
      'a referral in words',
      { serviceRequests: [request('Ambulatory referral to Palliative Care')] },
      'ServiceRequest/r1',
    ],
    ['a completed one', { serviceRequests: [request(REFERRAL, { status: 'completed' })] }, 'ServiceRequest/r1'],
    [
      'a request to a team',
      { serviceRequests: [request('Consult', { performer: [{ display: 'Palliative care team' }] })] },
      'ServiceRequest/r1',
    ],
    [
      'a coded Procedure',
      { procedures: [named('Procedure', coded(SNOMED, '713281006'), { status: 'completed' })] },
      'Procedure/r1',
    ],
    ['a visit by type', { encounters: [visit({ type: [{ text: 'Palliative medicine consult' }] })] }, 'Encounter/e1'],
    ['a visit by service', { encounters: [visit({ serviceType: { text: 'Hospice' } })] }, 'Encounter/e1'],
    ['a visit by reason', { encounters: [visit({ reasonCode: [coded(ICD, 'Z51.5')] })] }, 'Encounter/e1'],
    [
      'a planned visit',
      { encounters: [visit({ status: 'planned', type: [{ text: 'Palliative care' }] })] },
      'Encounter/e1',
    ],
    [
      'a visit by place',
      { encounters: [visit({ location: [{ location: { display: 'Palliative Care Clinic' } }] })] },
      'Encounter/e1',
    ],
    ['a team', { careTeams: [team({ name: 'Supportive and palliative care' })] }, 'CareTeam/t1'],
    [
      'a team member',
      { careTeams: [team({ participant: [{ role: [{ text: 'Palliative care physician' }] }] })] },
      'CareTeam/t1',
    ],
    ['Z51.5', { conditions: [asps(), condition(coded(ICD, 'Z51.5'))] }, 'Condition/c1'],
  ])('is %s', (_claim, parts, reference) => {
    expect(palliative(parts)).toMatchObject({ state: 'yes', evidence: [{ reference }] });
  });

  test.each<[string, Parts]>([
    ['palliative radiotherapy', { serviceRequests: [request('Palliative radiotherapy to spine')] }],
    [
      'palliative chemotherapy',
      { procedures: [named('Procedure', 'Palliative chemotherapy', { status: 'completed' })] },
    ],
    ['a referral that was declined', { serviceRequests: [request('Palliative care referral - patient declined')] }],
    ['a revoked one', { serviceRequests: [request(REFERRAL, { status: 'revoked' })] }],
    ['a proposal', { serviceRequests: [request(REFERRAL, { intent: 'proposal' })] }],
    ['a cancelled visit', { encounters: [visit({ status: 'cancelled', type: [{ text: 'Palliative care' }] })] }],
    ['a visit that is denied', { encounters: [visit({ type: [{ text: 'No palliative care' }] })] }],
    ['a refuted Z51.5', { conditions: [asps(), condition(coded(ICD, 'Z51.5'), verified('refuted'))] }],
    ['a report', { diagnosticReports: [named('DiagnosticReport', 'Palliative care note', { status: 'final' })] }],
    ['nothing', {}],
  ])('is not %s', (_claim, parts) => {
    expect(palliative(parts)).toMatchObject({ state: 'no', evidence: [] });
  });

  test.each([
    ['ServiceRequests', ['serviceRequests'], 'unknown'],
    ['Encounters', ['encounters'], 'unknown'],
    ['Procedures', ['procedures'], 'no'],
    ['CareTeams', ['careTeams'], 'no'],
  ] as const)('nothing found, and the %s not read: %s is %s', (_claim, keys, state) => {
    const fact = chartFrom(without(complete(), ...keys)).contacts.palliativeCare;
    expect(fact).toMatchObject({ state, unread: [{ key: keys[0], reason: 'failed' }] });
  });

  test('nothing found on the first page is unknown, and something found is yes', () => {
    expect(chartFrom(cutShort(complete(), 'encounters')).contacts.palliativeCare.state).toBe('unknown');
    const readings = without(complete({ serviceRequests: [request(REFERRAL)] }), 'encounters');
    expect(chartFrom(readings).contacts.palliativeCare.state).toBe('yes');
  });

  test('a draft counts as ordered, selected or not', () => {
    const draft = named('ServiceRequest', REFERRAL, { id: 'd1' });
    expect(chartOf({}, draftsOf([draft], ['ServiceRequest/other'])).contacts.palliativeCare).toMatchObject({
      state: 'yes',
      evidence: [{ reference: 'ServiceRequest/d1', kind: 'draft' }],
    });
  });
});

describe('a contact, and when it was', () => {
  const SUPPORTIVE = 'Palliative care';
  const asked = (more: JsonObject) => ({ serviceRequests: [request(SUPPORTIVE, more)] });
  const met = (period: JsonObject) => ({ encounters: [visit({ type: [{ text: SUPPORTIVE }], period })] });
  const cared = (more: JsonObject) => ({ careTeams: [team({ name: SUPPORTIVE, ...more })] });

  // The ASPS is of 10 June 2026: its work-up began on 12 March.
  test.each<[string, Parts, string, string | undefined]>([
    ['a referral of before', asked({ authoredOn: '2026-03-11' }), 'no', undefined],
    ['a referral of the work-up', asked({ authoredOn: '2026-03-12' }), 'yes', undefined],
    ['a referral of that year', asked({ authoredOn: '2026' }), 'unknown', 'date-not-comparable'],
    ['an undated referral', asked({}), 'yes', undefined],
    ['a visit of years ago', met({ start: '2019-01-01', end: '2019-01-02' }), 'no', undefined],
    ['a visit whose end is not told', met({ start: '2019-01-01' }), 'unknown', 'date-not-comparable'],
    ['a visit of this autumn', met({ start: '2026-10-01' }), 'yes', undefined],
    [
      'a Z51.5 of years ago',
      { conditions: [asps(), condition(coded(ICD, 'Z51.5'), { recordedDate: '2019' })] },
      'no',
      undefined,
    ],
    ['a team of old that is in force', cared({ period: { start: '2019' } }), 'yes', undefined],
    ['a team without a status', cared({ status: undefined }), 'yes', undefined],
    ['a team that is no more', cared({ status: 'inactive' }), 'unknown', 'resolved'],
    [
      'a team that was over before',
      cared({ status: 'inactive', period: { start: '2018', end: '2019' } }),
      'no',
      undefined,
    ],
    ['a proposed team', cared({ status: 'proposed' }), 'no', undefined],
    ['a suspended team', cared({ status: 'suspended' }), 'no', undefined],
    ['a mistaken team', cared({ status: 'entered-in-error' }), 'no', undefined],
  ])('%s', (_claim, parts, state, doubt) => {
    const fact = palliative(parts);
    expect([fact.state, fact.doubt]).toEqual([state, doubt]);
  });

  test('an earlier one does not hide a later one', () => {
    const serviceRequests = [
      request(SUPPORTIVE, { id: 'old', authoredOn: '2019-01-01' }),
      request(SUPPORTIVE, { id: 'new', authoredOn: '2026-09-01' }),
    ];
    expect(palliative({ serviceRequests })).toMatchObject({
      state: 'yes',
      evidence: [{ reference: 'ServiceRequest/new' }],
    });
  });

  test('of an ASPS without a date every contact counts', () => {
    const conditions = [asps({ onsetDateTime: undefined })];
    expect(palliative({ conditions, ...asked({ authoredOn: '2019-01-01' }) }).state).toBe('yes');
  });

  test('a sarcoma centre is held to the same', () => {
    const seen = (date: string) => centre({ serviceRequests: [request('Sarcoma clinic', { authoredOn: date })] }).state;
    expect([seen('2019'), seen('2026'), seen('2026-05-01')]).toEqual(['no', 'unknown', 'yes']);
  });
});

describe('a contact with a sarcoma centre', () => {
  test.each<[string, Parts]>([
    ['a referral in words', { serviceRequests: [request('Referral to sarcoma centre')] }],
    ['an American one', { serviceRequests: [request('Ambulatory referral to Sarcoma Center')] }],
    ['a clinic', { encounters: [visit({ type: [{ text: 'Bone and Soft Tissue Sarcoma Clinic' }] })] }],
    [
      'a centre for sarcoma',
      { encounters: [visit({ serviceProvider: { display: 'Center for Bone and Soft Tissue Sarcoma' } })] },
    ],
    ['a team', { careTeams: [team({ name: 'Sarcoma service' })] }],
    ['a surgeon', { serviceRequests: [request('Consult', { performer: [{ display: 'Sarcoma surgeon' }] })] }],
  ])('is %s, without a configured name', (_claim, parts) => {
    expect(centre(parts).state).toBe('yes');
  });

  test.each<[string, Parts]>([
    ['a team by name', { careTeams: [team({ name: 'Nordklinikum Oncology' })] }],
    ['a member', { careTeams: [team({ participant: [{ member: { display: 'NORDKLINIKUM' } }] })] }],
    ['the organisation in charge', { careTeams: [team({ managingOrganization: [{ display: 'Nordklinikum' }] })] }],
    ['the provider of a visit', { encounters: [visit({ serviceProvider: { display: 'Nordklinikum' } })] }],
    [
      'someone met on a visit',
      { encounters: [visit({ participant: [{ individual: { display: 'Dr. A, Nordklinikum' } }] })] },
    ],
    ['who is asked', { serviceRequests: [request('Consult', { performer: [{ display: 'Nordklinikum' }] })] }],
    [
      'a contained organisation',
      {
        serviceRequests: [request('Consult', { contained: [{ resourceType: 'Organization', name: 'Nordklinikum' }] })],
      },
    ],
    [
      'who operated',
      {
        procedures: [
          named('Procedure', 'Excision', {
            status: 'completed',
            performer: [{ onBehalfOf: { display: 'Nordklinikum' } }],
          }),
        ],
      },
    ],
  ])('is %s, by a configured name', (_claim, parts) => {
    expect(centre(parts, 'Nordklinikum').state).toBe('yes');
    expect(centre(parts, 'Südklinikum').state).toBe('no');
    expect(centre(parts).state).toBe('no');
  });

  test('a name counts in any script, and not as a part of another word', () => {
    expect(centre({ careTeams: [team({ name: '国立がん研究センター 肉腫' })] }, '国立がん研究センター').state).toBe(
      'yes',
    );
    expect(centre({ careTeams: [team({ name: 'Universitätsklinikum Süd' })] }, 'Universitätsklinikum').state).toBe(
      'yes',
    );
    expect(centre({ careTeams: [team({ name: 'Nordklinikumsverbund' })] }, 'Nordklinikum').state).toBe('no');
    expect(centre({ careTeams: [team({ name: 'Nordklinikumsverbund, Nordklinikum' })] }, 'Nordklinikum').state).toBe(
      'yes',
    );
  });

  test.each<[string, Parts]>([
    ['the diagnosis', { serviceRequests: [request('CT chest for sarcoma')] }],
    ['an operation', { procedures: [named('Procedure', 'Excision of soft tissue sarcoma', { status: 'completed' })] }],
    ['a cancelled visit', { encounters: [visit({ status: 'cancelled', type: [{ text: 'Sarcoma clinic' }] })] }],
    ['a referral that was declined', { serviceRequests: [request('Referral to sarcoma centre, declined')] }],
  ])('is not %s', (_claim, parts) => {
    expect(centre(parts).state).toBe('no');
  });

  test('nothing found, and the visits not read, is unknown', () => {
    expect(chartAt(without(complete(), 'encounters'), 'Nordklinikum').contacts.sarcomaCentre.state).toBe('unknown');
  });
});

describe('whatever stands in the chart', () => {
  const junk = fc.anything({ maxDepth: 3 });

  test('it never throws', () => {
    fc.assert(
      fc.property(junk, junk, junk, (a, b, c) => {
        const parts: Parts = {
          encounters: [visit({ status: a, type: b, participant: c, location: a, period: b, serviceProvider: c })],
          careTeams: [team({ name: a, participant: b, managingOrganization: c, category: a, period: b })],
          serviceRequests: [request('Consult', { performer: a, contained: b, performerType: c, locationReference: a })],
        };
        expect(['yes', 'no', 'unknown']).toContain(centre(parts, 'Nordklinikum').state);
        expect(['yes', 'no', 'unknown']).toContain(palliative(parts).state);
      }),
    );
  });

  test('order and duplicates do not matter', () => {
    const texts = fc.constantFrom('Palliative care', 'Sarcoma clinic', 'Cardiology', 'No palliative care', '');
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 4 }), (names) => {
        const encounters = names.map((text, n) => visit({ id: `e${n}`, type: [{ text }] }));
        const once = chartOf({ encounters }).contacts;
        const again = chartOf({ encounters: [...encounters.toReversed(), ...encounters] }).contacts;
        expect(again.palliativeCare.state).toBe(once.palliativeCare.state);
        expect(again.sarcomaCentre.state).toBe(once.sarcomaCentre.state);
      }),
    );
  });

  test('a long text costs little', () => {
    const text = 'sarcoma and '.repeat(100_000);
    const start = performance.now();
    centre({ careTeams: [team({ name: text })], encounters: [visit({ type: [{ text }] })] }, 'Nordklinikum');
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
