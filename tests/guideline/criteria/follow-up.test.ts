import { describe, expect, test } from '@jest/globals';
import { buildChart, diagnoseFrom } from '../../../src/chart/chart.ts';
import type { Readings } from '../../../src/chart/reading.ts';
import type { Settings } from '../../../src/chart/settings.ts';
import { CRITERIA } from '../../../src/guideline/criteria/registry.ts';
import {
  asps,
  coded,
  complete,
  condition,
  ICD,
  LOINC,
  medicated,
  named,
  observation,
  terminology,
  without,
} from '../../chart/builders.ts';
import { guideline, TODAY } from '../../support/service.ts';

function answer(id: string, readings: Readings, settings: Partial<Settings> = {}) {
  const definitions = { terminology, settings: { ...guideline.settings, ...settings } };
  const chart = buildChart('p1', diagnoseFrom(readings, terminology), readings, {}, definitions, TODAY);
  return CRITERIA.get(id)?.evaluate(chart);
}

const born = (birthDate: string) => ({ patient: [{ resourceType: 'Patient', id: 'p1', birthDate }] });

describe('under-21 and transition-age, on 22 November 2026', () => {
  test.each([
    ['2009-11-23', 'yes', 'no'],
    ['2009-11-22', 'yes', 'yes'],
    ['2005-11-23', 'yes', 'yes'],
    ['2005-11-22', 'no', 'yes'],
    ['2004-11-22', 'no', 'no'],
    ['2005', 'unknown', 'yes'],
    ['2009', 'yes', 'unknown'],
  ])('born %s', (birthDate, under21, transition) => {
    expect(answer('under-21', complete(born(birthDate)))?.state).toBe(under21);
    expect(answer('transition-age', complete(born(birthDate)))?.state).toBe(transition);
  });

  test('the ages of the transition are a setting', () => {
    const settings = { transitionAge: { from: 14, to: 16 } };
    expect(answer('transition-age', complete(born('2011-05-01')), settings)?.state).toBe('yes');
    expect(answer('transition-age', complete(born('2007-05-01')), settings)?.state).toBe('no');
  });

  test('an unknown age leaves both unknown', () => {
    for (const id of ['under-21', 'transition-age']) expect(answer(id, complete())?.state).toBe('unknown');
  });
});

test('a sarcoma centre is configured or not', () => {
  expect(answer('sarcoma-centre-configured', complete())?.state).toBe('no');
  expect(answer('sarcoma-centre-configured', complete(), { sarcomaCentres: ['Nordklinikum'] })?.state).toBe('yes');
});

const OLD = { procedures: [named('Procedure', 'MRI brain', { performedDateTime: '2026-06-10' })] };

test.each([
  [
    'bone-agent',
    { medicationRequests: [medicated('MedicationRequest', 'denosumab', { status: 'active' })] },
    'medicationRequests',
  ],
  [
    'palliative-care-contact',
    { serviceRequests: [named('ServiceRequest', 'Palliative care referral')] },
    'serviceRequests',
  ],
  [
    'sarcoma-centre-contact',
    { serviceRequests: [named('ServiceRequest', 'Sarcoma centre referral')] },
    'serviceRequests',
  ],
  ['brain-imaging-pending', { serviceRequests: [named('ServiceRequest', 'MRI brain')] }, 'serviceRequests'],
  ['chest-imaging-pending', { serviceRequests: [named('ServiceRequest', 'CT chest')] }, 'serviceRequests'],
  ['chest-ct-ordered', { serviceRequests: [named('ServiceRequest', 'CT chest')] }, 'serviceRequests'],
  [
    'chest-ct-since-diagnosis',
    { procedures: [named('Procedure', 'CT chest', { performedDateTime: '2026-07-01' })] },
    'procedures',
  ],
  [
    'primary-site-mri-done',
    {
      conditions: [asps({ bodySite: [{ text: 'Left thigh' }] })],
      procedures: [named('Procedure', 'MRI left thigh', { performedDateTime: '2026-07-01' })],
    },
    'procedures',
  ],
  [
    'primary-site-mri-ordered',
    {
      conditions: [asps({ bodySite: [{ text: 'Left thigh' }] })],
      serviceRequests: [named('ServiceRequest', 'MRI left thigh')],
    },
    'serviceRequests',
  ],
  ['brain-imaging-overdue', OLD, 'procedures'],
] as const)('%s is yes by a resource, no without, and unknown where it could not be read', (id, parts, key) => {
  const settings = { brainImagingIntervalMonths: 3 };
  const found = answer(id, complete(parts), settings);
  expect(found?.state).toBe('yes');
  expect(found?.evidence.map(({ reference }) => reference)).toEqual([expect.stringMatching(/^\w+\/[rm]1$/)]);
  expect(answer(id, complete(), settings)).toMatchObject({ state: 'no', evidence: [] });
  expect(answer(id, without(complete(), key), settings)).toMatchObject({ state: 'unknown', unread: [{ key }] });
});

test('no-chest-imaging-since-resection is unknown where neither the operation nor the images could be read', () => {
  const resection = named('Procedure', 'Wide excision of soft tissue sarcoma of left thigh', {
    performedDateTime: '2026-07-13',
    status: 'completed',
    reasonReference: [{ reference: 'Condition/asps' }],
  });
  const id = 'no-chest-imaging-since-resection';
  expect(answer(id, complete({ procedures: [resection] }))).toMatchObject({
    state: 'yes',
    evidence: [{ reference: 'Procedure/r1' }],
  });
  expect(answer(id, complete())?.state).toBe('no');
  expect(answer(id, without(complete(), 'procedures'))?.state).toBe('unknown');
  expect(answer(id, without(complete({ procedures: [resection] }), 'diagnosticReports'))?.state).toBe('unknown');
});

describe('the site says how long', () => {
  const before = complete({
    procedures: [named('Procedure', 'CT chest', { performedDateTime: '2026-04-11' })],
    observationsBodyWeight: [
      observation(coded(LOINC, '29463-7'), {
        effectiveDateTime: '2026-10-01',
        valueQuantity: { value: 70, unit: 'kg', code: 'kg' },
      }),
    ],
    ...born('1990-01-01'),
  });

  test('before the diagnosis imaging belongs to its work-up', () => {
    expect(answer('chest-ct-since-diagnosis', before)?.state).toBe('yes');
    expect(answer('chest-ct-since-diagnosis', before, { workUpDays: 30 })?.state).toBe('no');
  });

  test('before it symptoms belong to its work-up', () => {
    const seizure = condition(coded(ICD, 'R56.9'), { onsetDateTime: '2026-04-11' });
    const readings = complete({ conditions: [asps(), seizure] });
    expect(answer('neurological-symptoms', readings)?.state).toBe('yes');
    expect(answer('neurological-symptoms', readings, { workUpDays: 30 })?.state).toBe('unknown');
  });

  test('a body weight is recent', () => {
    expect(answer('recent-weight', before)?.state).toBe('unknown');
    expect(answer('recent-weight', before, { bodyWeightMaxAgeDays: 60 })?.state).toBe('yes');
  });
});
