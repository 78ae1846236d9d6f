import { describe, expect, test } from '@jest/globals';
import { readCodedText } from '../../src/chart/coding.ts';
import { studiesIn } from '../../src/chart/imaging.ts';
import type { JsonObject, ResourceKey } from '../../src/chart/reading.ts';
import {
  asps,
  chartFrom,
  chartOf,
  coded,
  complete,
  cutShort,
  draftsOf,
  LOINC,
  named,
  type Parts,
  SNOMED,
  terminology,
  without,
} from './builders.ts';

const CPT = 'http://www.ama-assn.org/go/cpt';
const BRAIN = 'MRI brain with and without contrast';
const studies = (concept: unknown) => studiesIn(readCodedText(concept), terminology);

const KEYS: Readonly<Record<string, ResourceKey>> = {
  Procedure: 'procedures',
  DiagnosticReport: 'diagnosticReports',
  ImagingStudy: 'imagingStudies',
  ServiceRequest: 'serviceRequests',
};
const stateOf = (type: string, more: JsonObject) => {
  const record =
    type === 'ImagingStudy' ? { resourceType: type, id: 'r1', description: BRAIN, ...more } : named(type, BRAIN, more);
  return chartOf({ [KEYS[type] ?? 'patient']: [record] }).imaging[0]?.state;
};

describe('a brain MRI', () => {
  test.each([
    ['in LOINC', coded(LOINC, '24590-2')],
    ['in LOINC under its OID', coded('urn:oid:2.16.840.1.113883.6.1', '24587-8')],
    ['in SNOMED CT', coded(SNOMED, '816077007')],
    ['in CPT', coded(CPT, '70553')],
    ['in CPT under its OID', coded('urn:oid:2.16.840.1.113883.6.12', '70551')],
    [
      'after a local code',
      {
        coding: [
          { system: 'urn:x', code: '1' },
          { system: LOINC, code: '24590-2' },
        ],
      },
    ],
    ['as MRI brain', { text: BRAIN }],
    ['as MR head', { text: 'MR HEAD W/O' }],
    ['as Magnetic resonance imaging of brain', { text: 'Magnetic resonance imaging of brain' }],
    ['as Brain MRI', { text: 'Brain MRI' }],
    ['with the spine', { text: 'MRI brain and spine' }],
    ['as cranial MRI', { text: 'Cranial MRI' }],
    ['as a display', { coding: [{ display: 'MR Brain WO contrast' }] }],
    ['as functional MRI', { text: 'fMRI brain' }],
    ['beside one to compare with', { text: 'MRI brain, comparison: CT chest 2024' }],
  ])('%s', (_claim, concept) => {
    expect(studies(concept)).toEqual(['mri-brain']);
  });
});

describe('a chest CT', () => {
  test.each([
    ['in LOINC', coded(LOINC, '24627-2')],
    ['in SNOMED CT', coded(SNOMED, '169069000')],
    ['in CPT', coded(CPT, '71260')],
    ['with abdomen and pelvis', coded(LOINC, '87869-4')],
    ['as CT chest', { text: 'CT Chest WO contrast' }],
    ['as CT thorax', { text: 'CT thorax' }],
    ['as CT CAP', { text: 'CT CAP with contrast' }],
    ['as C/A/P', { text: 'CT C/A/P' }],
    ['as computed tomography', { text: 'Computed tomography of chest' }],
    ['as computerised axial tomography', { text: 'Computerised axial tomography of thorax' }],
    ['as CAT scan of lungs', { text: 'CAT scan of lungs' }],
    ['of high resolution', { text: 'HRCT chest' }],
    ['before an operation', { text: 'CT chest prior to surgery' }],
    ['named as the earlier one from the first word on', { text: 'Previous CT chest, outside hospital' }],
  ])('%s', (_claim, concept) => {
    expect(studies(concept)).toEqual(['ct-chest']);
  });
});

describe('other studies', () => {
  test.each([
    ['a head CT', coded(LOINC, '24725-4'), ['ct-head']],
    ['a head CT in words', { text: 'CT head without contrast' }, ['ct-head']],
    ['a PET-CT', coded(SNOMED, '443271005'), ['pet-ct']],
    ['a PET-CT in words', { text: 'PET/CT skull base to mid-thigh' }, ['pet-ct']],
    ['a PET in words', { text: 'FDG positron emission tomography' }, ['pet-ct']],
  ])('%s', (_claim, concept, expected) => {
    expect(studies(concept)).toEqual(expected);
  });

  test.each([
    'MR angiography brain',
    'MRA head',
    'MRV brain',
    'CT angiography chest',
    'CTA chest',
    'MR spectroscopy brain',
    'MRI thoracic spine',
    'CT chest guidance for biopsy',
    'MRI femoral head',
    'MR pancreatic head',
    'MRI brain declined',
    'CT chest not done',
    'MRI left thigh',
    'MRI chest wall',
    'CT abdomen and pelvis',
    'XR chest 2 views',
    'XR chest, prior CT 2020',
    'CT chest previous appointment cancelled',
    'CT chest since cancelled',
    'XR chest (compared with CT chest of 2020)',
    'US thigh; correlation with previous MRI brain',
    'Ultrasound of head',
    'Brain biopsy',
    'EEG',
    'Carpet beating of the chest',
    '&^%&^%&^%',
    '',
  ])('"%s" is none of them', (text) => {
    expect(studies({ text })).toEqual([]);
  });

  test('a code decides, whatever the words', () => {
    expect(studies({ ...coded(LOINC, '24590-2'), text: 'CT chest' })).toEqual(['mri-brain']);
  });
});

describe('a Procedure', () => {
  test.each([
    ['completed', 'done'],
    ['unknown', 'done'],
    [undefined, 'done'],
    ['preparation', 'ordered'],
    ['in-progress', 'ordered'],
    ['on-hold', 'ordered'],
    ['not-done', undefined],
    ['stopped', undefined],
    ['entered-in-error', undefined],
  ])('that is %p is %p', (status, state) => {
    expect(stateOf('Procedure', { status })).toBe(state);
  });

  test('may name the site apart from the method', () => {
    const procedures = [named('Procedure', 'MRI with contrast', { bodySite: [{ text: 'Brain' }] })];
    expect(chartOf({ procedures }).imaging.map(({ study }) => study)).toEqual(['mri-brain']);
  });
});

describe('a DiagnosticReport', () => {
  test.each([
    ['partial', 'done'],
    ['preliminary', 'done'],
    ['final', 'done'],
    ['amended', 'done'],
    ['corrected', 'done'],
    ['appended', 'done'],
    ['unknown', 'done'],
    [undefined, 'done'],
    ['registered', 'ordered'],
    ['cancelled', undefined],
    ['entered-in-error', undefined],
  ])('that is %p is %p', (status, state) => {
    expect(stateOf('DiagnosticReport', { status })).toBe(state);
  });
});

describe('an ImagingStudy', () => {
  const series = (code: string, display: string) => ({ series: [{ modality: { code }, bodySite: { display } }] });

  test.each([
    ['available', 'done'],
    ['unknown', 'done'],
    [undefined, 'done'],
    ['registered', 'ordered'],
    ['cancelled', undefined],
    ['entered-in-error', undefined],
  ])('that is %p is %p', (status, state) => {
    expect(stateOf('ImagingStudy', { status })).toBe(state);
  });

  test.each([
    ['its description', { description: 'MR Brain' }, ['mri-brain']],
    ['its procedure code', { procedureCode: [coded(LOINC, '24590-2')] }, ['mri-brain']],
    ['modality and body site', series('MR', 'Brain'), ['mri-brain']],
    ['CT and chest', series('CT', 'Chest'), ['ct-chest']],
    ['PET and the whole body', series('PT', 'Whole body'), ['pet-ct']],
    ['a modality alone', { modality: [{ code: 'MR' }] }, []],
    ['a site alone', { series: [{ bodySite: { display: 'Brain' } }] }, []],
    ['an ultrasound', series('US', 'Brain'), []],
    ['nothing', {}, []],
  ])('is known by %s', (_claim, more, expected) => {
    const imagingStudies = [{ resourceType: 'ImagingStudy', id: 's1', status: 'available', ...more }];
    expect(chartOf({ imagingStudies }).imaging.map(({ study }) => study)).toEqual(expected);
  });
});

describe('a ServiceRequest', () => {
  test.each([
    ['active', 'ordered'],
    ['on-hold', 'ordered'],
    ['draft', 'ordered'],
    ['completed', 'order-completed'],
    ['revoked', undefined],
    ['entered-in-error', undefined],
  ])('that is %p is %p', (status, state) => {
    expect(stateOf('ServiceRequest', { status, intent: 'order' })).toBe(state);
  });

  test.each([
    ['order', 'ordered'],
    ['original-order', 'ordered'],
    [undefined, 'ordered'],
    ['proposal', undefined],
    ['plan', undefined],
    ['option', undefined],
  ])('of intent %p is %p', (intent, state) => {
    expect(stateOf('ServiceRequest', { status: 'active', intent })).toBe(state);
  });

  test('not to be performed is none', () => {
    expect(stateOf('ServiceRequest', { status: 'active', doNotPerform: true })).toBeUndefined();
  });
});

describe('done since a diagnosis on 10 June 2026', () => {
  const done = (more: JsonObject, diagnosis: JsonObject = {}, parts: Parts = {}) =>
    chartOf({ conditions: [asps(diagnosis)], procedures: [named('Procedure', BRAIN, more)], ...parts }).brainMri.done;
  const on = (performedDateTime: string) => ({ performedDateTime });

  test.each([
    ['after it', on('2026-07-01'), 'yes'],
    ['on the day', on('2026-06-10'), 'yes'],
    ['90 days before it', on('2026-03-12'), 'yes'],
    ['91 days before it', on('2026-03-11'), 'no'],
    ['years before it', on('2020-01-01'), 'no'],
    ['in the month of the 90th day before', on('2026-03'), 'unknown'],
    ['in the month after', on('2026-04'), 'yes'],
    ['in that year', on('2026'), 'unknown'],
    ['in the year before', on('2025'), 'no'],
    ['over a period after it', { performedPeriod: { start: '2026-07-01', end: '2026-07-01' } }, 'yes'],
    ['until a day after it', { performedPeriod: { end: '2026-07-01' } }, 'unknown'],
    ['at a time in words', { performedString: 'last week' }, 'unknown'],
    ['without a date', {}, 'unknown'],
  ])('%s', (_claim, more, state) => {
    expect(done(more).state).toBe(state);
  });

  test.each([
    ['2026, in July of it', { onsetDateTime: '2026' }, on('2026-07-01'), 'unknown'],
    ['2026, on 2 October of it', { onsetDateTime: '2026' }, on('2026-10-02'), 'yes'],
    ['2026, on 1 October of it', { onsetDateTime: '2026' }, on('2026-10-01'), 'unknown'],
    ['2026, 91 days before 1 January', { onsetDateTime: '2026' }, on('2025-10-02'), 'no'],
    ['2026, 90 days before 1 January', { onsetDateTime: '2026' }, on('2025-10-03'), 'unknown'],
    [
      'only recorded on 10 June, after it',
      { onsetDateTime: undefined, recordedDate: '2026-06-10' },
      on('2026-07-01'),
      'yes',
    ],
    [
      'only recorded on 10 June, 90 days before',
      { onsetDateTime: undefined, recordedDate: '2026-06-10' },
      on('2026-03-12'),
      'yes',
    ],
    [
      'only recorded on 10 June, years before',
      { onsetDateTime: undefined, recordedDate: '2026-06-10' },
      on('2020-01-01'),
      'unknown',
    ],
    ['without a date', { onsetDateTime: undefined }, on('2026-07-01'), 'unknown'],
  ])('a diagnosis %s', (_claim, diagnosis, more, state) => {
    expect(done(more, diagnosis).state).toBe(state);
  });

  test('one that cannot be placed is named as the reason', () => {
    expect(done({})).toMatchObject({
      state: 'unknown',
      doubt: 'date-not-comparable',
      evidence: [{ reference: 'Procedure/r1' }],
    });
  });

  test('one that was too early is named beside the no', () => {
    expect(done(on('2020-01-01'))).toMatchObject({ state: 'no', evidence: [{ date: { text: '2020-01-01' } }] });
  });

  test('a planned or an ordered one is not done', () => {
    expect(done({ ...on('2026-07-01'), status: 'preparation' }).state).toBe('no');
    const serviceRequests = [named('ServiceRequest', BRAIN, { status: 'completed', authoredOn: '2026-07-01' })];
    expect(chartOf({ serviceRequests }).brainMri.done.state).toBe('no');
  });

  test.each([
    ['a report', { diagnosticReports: [named('DiagnosticReport', BRAIN, { effectiveDateTime: '2026-07-01' })] }],
    [
      'a report, by the day it was issued',
      { diagnosticReports: [named('DiagnosticReport', BRAIN, { issued: '2026-07-01T10:00:00Z' })] },
    ],
    [
      'a study',
      { imagingStudies: [{ resourceType: 'ImagingStudy', description: BRAIN, started: '2026-07-01T10:00:00Z' }] },
    ],
  ])('%s shows it too', (_claim, parts) => {
    expect(chartOf(parts).brainMri.done.state).toBe('yes');
  });

  test('a head CT is no brain MRI', () => {
    expect(chartOf({ procedures: [named('Procedure', 'CT head', on('2026-07-01'))] }).brainMri.done.state).toBe('no');
  });

  test('a chest CT or a PET-CT shows the chest', () => {
    for (const text of ['CT chest', 'PET/CT whole body']) {
      expect(chartOf({ procedures: [named('Procedure', text, on('2026-07-01'))] }).chestCt.done.state).toBe('yes');
    }
    expect(chartOf({ procedures: [named('Procedure', 'XR chest', on('2026-07-01'))] }).chestCt.done.state).toBe('no');
  });

  test.each([
    ['Procedures', ['procedures'], 'unknown'],
    ['DiagnosticReports', ['diagnosticReports'], 'unknown'],
    ['ImagingStudies', ['imagingStudies'], 'no'],
    ['orders', ['serviceRequests'], 'no'],
  ] as const)('nothing found, and the %s not read: %s is %s', (_claim, keys, state) => {
    expect(chartFrom(without(complete(), ...keys)).brainMri.done.state).toBe(state);
  });

  test('nothing found, and a page missing, is unknown', () => {
    expect(chartFrom(cutShort(complete(), 'diagnosticReports')).brainMri.done).toMatchObject({
      state: 'unknown',
      unread: [{ key: 'diagnosticReports', reason: 'more-pages' }],
    });
  });

  test('one too early, and the reports not read, is unknown', () => {
    const readings = complete({ procedures: [named('Procedure', BRAIN, on('2020-01-01'))] });
    expect(chartFrom(without(readings, 'diagnosticReports')).brainMri.done.state).toBe('unknown');
  });
});

describe('ordered', () => {
  const ordered = (...serviceRequests: readonly JsonObject[]) => chartOf({ serviceRequests }).brainMri.ordered.state;
  const request = (more: JsonObject) => named('ServiceRequest', BRAIN, { intent: 'order', ...more });

  test.each([
    ['an active order', [request({ status: 'active' })], 'yes'],
    ['an active order since the diagnosis', [request({ status: 'active', authoredOn: '2026-07-01' })], 'yes'],
    ['a completed one since the diagnosis', [request({ status: 'completed', authoredOn: '2026-07-01' })], 'yes'],
    ['a completed one of 90 days before', [request({ status: 'completed', authoredOn: '2026-03-12' })], 'yes'],
    ['a completed one of 91 days before', [request({ status: 'completed', authoredOn: '2026-03-11' })], 'no'],
    ['a completed one for a day since', [request({ status: 'completed', occurrenceDateTime: '2026-07-01' })], 'yes'],
    ['an active one from before the diagnosis', [request({ status: 'active', authoredOn: '2020-01-01' })], 'no'],
    ['an active one without a date', [request({ status: 'active' })], 'yes'],
    ['a revoked one', [request({ status: 'revoked', authoredOn: '2026-07-01' })], 'no'],
    ['a proposal', [request({ status: 'active', intent: 'proposal' })], 'no'],
    ['another study', [named('ServiceRequest', 'CT chest', { status: 'active' })], 'no'],
    ['nothing', [], 'no'],
  ])('%s', (_claim, requests, state) => {
    expect(ordered(...requests)).toBe(state);
  });

  test('a planned Procedure and a registered report are orders', () => {
    expect(chartOf({ procedures: [named('Procedure', BRAIN, { status: 'preparation' })] }).brainMri.ordered.state).toBe(
      'yes',
    );
    expect(
      chartOf({ diagnosticReports: [named('DiagnosticReport', BRAIN, { status: 'registered' })] }).brainMri.ordered
        .state,
    ).toBe('yes');
  });

  test('not ordered needs the orders read', () => {
    expect(chartFrom(without(complete(), 'serviceRequests')).brainMri.ordered.state).toBe('unknown');
    expect(chartFrom(cutShort(complete(), 'serviceRequests')).brainMri.ordered.state).toBe('unknown');
    expect(chartFrom(without(complete(), 'procedures')).brainMri.ordered.state).toBe('unknown');
    expect(chartFrom(without(complete(), 'imagingStudies')).brainMri.ordered.state).toBe('no');
  });

  test('a draft counts as ordered, selected or not', () => {
    const draft = named('ServiceRequest', BRAIN, { id: 'mri', status: 'draft' });
    for (const selections of [['ServiceRequest/mri'], ['ServiceRequest/other']]) {
      expect(chartOf({}, draftsOf([draft], selections)).brainMri.ordered).toMatchObject({
        state: 'yes',
        evidence: [{ reference: 'ServiceRequest/mri', kind: 'draft' }],
      });
    }
  });

  test('a draft of another study does not', () => {
    expect(chartOf({}, draftsOf([named('ServiceRequest', 'CT chest', {})])).brainMri.ordered.state).toBe('no');
  });
});
