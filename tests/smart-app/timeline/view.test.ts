import { expect, test } from '@jest/globals';
import { readDate } from '../../../src/chart/calendar.ts';
import type { JsonObject, Readings } from '../../../src/chart/reading.ts';
import type { TimelineEvent } from '../../../src/smart-app/timeline/event.ts';
import { type TimelineView, type Track, timelineOf } from '../../../src/smart-app/timeline/view.ts';
import {
  asps,
  coded,
  complete,
  condition,
  cutShort,
  ICD,
  LOINC,
  medicated,
  named,
  observation,
  RXNORM,
  SNOMED,
} from '../../chart/builders.ts';
import { situationFrom, situationOf } from '../header/situation-of.ts';

const TODAY = day('2026-11-22');

function day(text: string): number {
  return readDate(text)?.start ?? NaN;
}

const viewOf = (readings: Readings) => timelineOf(situationFrom('p1', readings));
const patientView = async (patientId: string, options = {}) => timelineOf(await situationOf(patientId, options));

function track(view: TimelineView, id: string): Track {
  const found = view.tracks.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no track ${id}`);
  return found;
}

const drawn = (view: TimelineView, id: string) => track(view, id).lanes.flatMap(({ events }) => events);
const said = (events: readonly TimelineEvent[]) =>
  events.map(({ lane, label, when }) => `${lane} | ${label} | ${when}`);

const moment = (from: string, to = from) => ({ kind: 'moment', at: { from: day(from), to: day(to) } });

test('a drug that goes on is a bar from its order, without an end', async () => {
  const view = await patientView('on-atezolizumab-lung-bone');
  expect(drawn(view, 'systemic-therapy')).toMatchObject([
    {
      lane: 'atezolizumab (immunotherapy)',
      when: 'from 2025-04-14, goes on',
      look: { shape: 'bar', fill: 'immunotherapy' },
      placement: { kind: 'stretch', begin: { from: day('2025-04-14'), to: day('2025-04-14') }, end: 'goes-on' },
    },
  ]);
});

test('a drug that was stopped on a day that nobody recorded ended between its last record and today', async () => {
  const view = await patientView('progressed-on-both');
  const [first, second] = drawn(view, 'systemic-therapy');
  expect(first).toMatchObject({
    word: 'stopped for lack of response',
    placement: { end: { from: day('2023-04-24'), to: TODAY } },
  });
  expect(first?.remark).toContain('the day is not recorded');
  expect(second).toMatchObject({ lane: 'pazopanib (TKI)', look: { fill: 'tki' }, placement: { end: 'goes-on' } });
});

test('assessments are marks with a shape of their own', async () => {
  const view = await patientView('progressed-on-both');
  expect(drawn(view, 'disease-status').map(({ word, look, when }) => [word, look.shape, when])).toEqual([
    ['worsened', 'up', '2024-11-18'],
    ['stable', 'square', '2025-09-15'],
    ['worsened', 'up', '2026-11-13'],
  ]);
  const better = await patientView('atezolizumab-two-years');
  expect(drawn(better, 'disease-status').map(({ look }) => look.shape)).toEqual(['square', 'down']);
});

test('each site of metastases has its row, from the day that it is on record', async () => {
  const view = await patientView('on-atezolizumab-lung-bone');
  expect(track(view, 'metastases').lanes.map(({ label }) => label)).toEqual(['lung', 'bone']);
  expect(drawn(view, 'metastases').map(({ when }) => when)).toEqual(['since 2025-03-24', 'since 2026-10-26']);
});

test('a course of radiotherapy is a bar over its period, an operation a mark of its day', async () => {
  const view = await patientView('margin-positive-irradiated');
  expect(drawn(view, 'radiotherapy')).toMatchObject([
    { look: { shape: 'bar', fill: 'radiotherapy' }, placement: { kind: 'stretch' } },
  ]);
  expect(said(drawn(view, 'surgery'))).toEqual([
    'resection | tumour excision | 2026-08-10',
    'biopsy and pathology | pathology report | 2026-08-17',
    'surgical margin | surgical margin: positive | 2026-08-17',
  ]);
});

test('scans stand by study', async () => {
  const view = await patientView('lung-late-second-ct');
  expect(said(drawn(view, 'imaging'))).toEqual([
    'chest CT | chest CT | 2026-07-02',
    'chest CT | chest CT | 2026-10-08',
    'brain MRI | brain MRI | 2026-07-13',
  ]);
});

test.each([
  ['its category', { category: [coded('http://terminology.hl7.org/CodeSystem/v2-0074', 'RAD')] }, 'Abdomen and pelvis'],
  ['its category in words', { category: [{ text: 'Imaging' }] }, 'Abdomen and pelvis'],
  ['its name', {}, 'CT abdomen and pelvis with contrast'],
])('a report of imaging that the guideline does not ask for is known by %s', (_, more, text) => {
  const report = named('DiagnosticReport', text, { status: 'final', effectiveDateTime: '2026-10-14', ...more });
  const view = viewOf(complete({ diagnosticReports: [report] }));
  expect(said(drawn(view, 'imaging'))).toEqual(['other studies | imaging study | 2026-10-14']);
  expect(track(view, 'imaging').remarks).toEqual([]);
});

test('what is no imaging, or was not made, is not among it, and no more than what was recognised is called absent', () => {
  const diagnosticReports = [
    named('DiagnosticReport', 'Surgical pathology report', { id: 'path', status: 'final' }),
    named('DiagnosticReport', 'CT abdomen not done', { id: 'none', status: 'final' }),
  ];
  const imaging = track(viewOf(complete({ diagnosticReports })), 'imaging');
  expect([...imaging.lanes, ...imaging.unplaced]).toEqual([]);
  expect(imaging.remarks).toEqual([
    'nothing recognised as imaging found in Procedure, DiagnosticReport, ImagingStudy, ServiceRequest',
  ]);
});

test.each([
  [
    'for another cancer',
    { reasonCode: [{ text: 'breast cancer' }] },
    'for something other than the ASPS, by its reason',
  ],
  ['from before the diagnosis', { authoredOn: '2019-02-01' }, 'dated before the diagnosis'],
  ['only planned', { intent: 'plan' }, 'only planned or reported'],
])('a drug %s is hollow and says why it is not counted', (_, more, why) => {
  const order = medicated('MedicationRequest', 'doxorubicin', {
    status: 'active',
    intent: 'order',
    authoredOn: '2026-10-10',
    ...more,
  });
  expect(drawn(viewOf(complete({ medicationRequests: [order] })), 'systemic-therapy')).toMatchObject([
    { label: `doxorubicin (cytotoxic), not counted: ${why}`, look: { isHollow: true }, placement: { kind: 'moment' } },
  ]);
});

test('a drug that the guideline does not know is not claimed to be absent', () => {
  const order = medicated('MedicationRequest', 'bevacizumab', { status: 'active', intent: 'order' });
  const { remarks, emptyWords } = track(viewOf(complete({ medicationRequests: [order] })), 'systemic-therapy');
  expect(emptyWords).toBe('no drug of this guideline found');
  expect(remarks).toEqual([
    'no drug of this guideline found in MedicationRequest, MedicationAdministration, MedicationStatement',
  ]);
});

test('an order for a day to come does not go on yet', () => {
  const order = medicated('MedicationRequest', 'pazopanib', {
    status: 'active',
    intent: 'order',
    authoredOn: '2027-06-16',
  });
  expect(drawn(viewOf(complete({ medicationRequests: [order] })), 'systemic-therapy')).toMatchObject([
    { when: 'from 2027-06-16', remark: 'dated after today' },
  ]);
});

test.each([
  ['on a day', { deceasedDateTime: '2026-11-20' }, '2026-11-20', '2026-11-20'],
  ['on a day not recorded', { deceasedBoolean: true }, '2025-03-24', '2026-11-22'],
])('nothing goes on after a death %s', async (_, death, from, to) => {
  const view = await patientView('on-atezolizumab-lung-bone', {
    edit: (resources: readonly JsonObject[]) =>
      resources.map((one) => (one['resourceType'] === 'Patient' ? { ...one, ...death } : one)),
  });
  const all = view.tracks.flatMap(({ lanes }) => lanes.flatMap(({ events }) => events));
  expect(JSON.stringify(all)).not.toMatch(/goes.on|may go on/);
  expect(drawn(view, 'systemic-therapy')).toMatchObject([
    {
      when: 'from 2025-04-14',
      remark: 'its end is not recorded',
      placement: { end: { from: day('2025-04-14'), to: day(to) } },
    },
  ]);
  expect(drawn(view, 'metastases')[0]).toMatchObject({ placement: { end: { from: day(from), to: day(to) } } });
});

test('a scan that is asked for is hollow, and stands on the day it is planned for', () => {
  const request = named('ServiceRequest', 'CT chest', {
    status: 'active',
    intent: 'order',
    authoredOn: '2026-11-20',
    occurrenceDateTime: '2027-01-15',
  });
  const view = viewOf(complete({ serviceRequests: [request] }));
  expect(drawn(view, 'imaging')).toMatchObject([
    {
      label: 'chest CT, asked for',
      when: 'planned for 2027-01-15',
      look: { isHollow: true },
      placement: moment('2027-01-15'),
    },
  ]);
  expect(view.span.to).toBeGreaterThan(day('2027-01-15'));
});

test('biomarkers stand by marker, with what the guideline reads in them', async () => {
  const view = await patientView('tfe3-fusion-tmb-high');
  expect(drawn(view, 'biomarkers').map(({ lane, word }) => [lane, word])).toEqual([
    ['TFE3', 'positive'],
    ['tumour mutation burden', '14 mut/Mb'],
  ]);
  expect(drawn(view, 'performance-status').map(({ word }) => word)).toEqual(['ECOG 1']);
});

test('a PD-L1 result is shown, though no card asks for it', () => {
  const pdL1 = observation(coded(LOINC, '83052-1', 'PD-L1 by clone 22C3'), {
    effectiveDateTime: '2026-07-01',
    valueString: 'TPS 5 %',
  });
  const [event] = drawn(viewOf(complete({ observationsBiomarkers: [pdL1] })), 'biomarkers');
  expect(event).toMatchObject({ lane: 'PD-L1', evidence: [{ text: 'PD-L1 by clone 22C3: TPS 5 %' }] });
});

test('a year alone is the days of that year, and never one of them', async () => {
  const view = await patientView('lung-year-only');
  expect(drawn(view, 'diagnosis')).toMatchObject([{ when: '2025', placement: moment('2025-01-01', '2025-12-31') }]);
  // What is there is there since today at the latest.
  expect(drawn(view, 'metastases')).toMatchObject([
    { when: 'since 2026', placement: { begin: { from: day('2026-01-01'), to: TODAY }, end: 'goes-on' } },
  ]);
});

test('the doses of a drug are one bar that ends with the last of them', () => {
  const dose = (id: string, effectiveDateTime: string) =>
    medicated('MedicationAdministration', coded(RXNORM, '1792776', 'atezolizumab'), {
      id,
      status: 'completed',
      effectiveDateTime,
    });
  const asked = asps({ onsetDateTime: '2023-01-10' });
  const medicationAdministrations = [dose('d1', '2023-02-01'), dose('d2', '2023-02-22'), dose('d3', '2023-03-15')];
  const [event, ...others] = drawn(
    viewOf(complete({ conditions: [asked], medicationAdministrations })),
    'systemic-therapy',
  );
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    when: 'first record 2023-02-01, last record of it 2023-03-15',
    placement: { begin: { from: day('2023-02-01') }, end: { from: day('2023-03-15'), to: day('2023-03-15') } },
  });
  expect(event?.evidence).toHaveLength(3);
});

test('a drug on hold is said to be', () => {
  const order = medicated('MedicationRequest', 'pazopanib 800 mg', {
    status: 'on-hold',
    intent: 'order',
    authoredOn: '2026-08-01',
  });
  expect(drawn(viewOf(complete({ medicationRequests: [order] })), 'systemic-therapy')).toMatchObject([
    { word: 'on hold', placement: { end: { from: day('2026-08-01'), to: TODAY } } },
  ]);
});

test('what has no date is listed, and drawn nowhere', () => {
  const undated: Readonly<Record<string, JsonObject>> = {
    procedure: named('Procedure', 'Wide excision of soft tissue sarcoma', { status: 'completed' }),
    status: observation(coded(LOINC, '97509-4'), { valueCodeableConcept: coded(SNOMED, '271299001') }),
    order: medicated('MedicationRequest', 'pazopanib 800 mg', { status: 'active', intent: 'order' }),
  };
  const view = viewOf(
    complete({
      procedures: [undated['procedure'] ?? {}],
      observationsDiseaseStatus: [undated['status'] ?? {}],
      medicationRequests: [undated['order'] ?? {}],
    }),
  );
  for (const id of ['surgery', 'disease-status', 'systemic-therapy']) {
    expect(drawn(view, id)).toEqual([]);
    expect(track(view, id).unplaced).toMatchObject([{ when: '' }]);
    expect(track(view, id).emptyWords).toBe('nothing with a date');
  }
});

test('a date that no life has room for is listed, and does not stretch the time', () => {
  const ancient = named('Procedure', 'Biopsy of thigh', { status: 'completed', performedDateTime: '0026-08-10' });
  const view = viewOf(complete({ procedures: [ancient] }));
  expect(track(view, 'surgery').unplaced).toMatchObject([
    { when: '0026-08-10', remark: expect.stringContaining('the date is not plausible') },
  ]);
  expect(view.span.from).toBeGreaterThan(day('2026-01-01'));
});

test('what is done and dated after today is drawn there and said to be', () => {
  const tomorrow = named('DiagnosticReport', 'CT chest', { status: 'final', effectiveDateTime: '2026-12-24' });
  expect(drawn(viewOf(complete({ diagnosticReports: [tomorrow] })), 'imaging')).toMatchObject([
    { placement: moment('2026-12-24'), remark: 'dated after today' },
  ]);
});

test('records of one day that say the same are one event with all of them behind it', () => {
  const report = (id: string) =>
    named('DiagnosticReport', 'CT chest', { id, status: 'final', effectiveDateTime: '2026-08-01' });
  const study = {
    resourceType: 'ImagingStudy',
    id: 's1',
    status: 'available',
    description: 'CT chest',
    started: '2026-08-01',
  };
  const view = viewOf(complete({ diagnosticReports: [report('r1'), report('r2')], imagingStudies: [study] }));
  const [event, ...others] = drawn(view, 'imaging');
  expect(others).toEqual([]);
  expect(event?.evidence.map(({ reference }) => reference)).toEqual([
    'DiagnosticReport/r1',
    'DiagnosticReport/r2',
    'ImagingStudy/s1',
  ]);
});

test('radiotherapy of a metastasis is shown, that of another cancer is not', () => {
  const procedures = [
    named('Procedure', 'Stereotactic radiosurgery of brain metastasis', {
      id: 'srs',
      status: 'completed',
      performedDateTime: '2026-09-01',
    }),
    named('Procedure', 'Radiotherapy of breast', {
      id: 'breast',
      status: 'completed',
      performedDateTime: '2026-09-02',
    }),
  ];
  const events = drawn(viewOf(complete({ procedures })), 'radiotherapy');
  expect(events.map(({ evidence }) => evidence[0]?.reference)).toEqual(['Procedure/srs']);
});

test('an onset of which only the start of its period is given lies between that and today', () => {
  const lung = (onsetPeriod: JsonObject) => condition('Lung metastases', { id: 'lung', onsetPeriod });
  const begins = (onsetPeriod: JsonObject) =>
    drawn(viewOf(complete({ conditions: [asps(), lung(onsetPeriod)] })), 'metastases').map(
      ({ placement }) => placement,
    );
  expect(begins({ start: '2026-08-01' })).toMatchObject([{ begin: { from: day('2026-08-01'), to: TODAY } }]);
  expect(begins({ start: '2027-08-01' })).toMatchObject([
    { begin: { from: day('2027-08-01'), to: day('2027-08-01') } },
  ]);
});

test('a suspected metastasis is hollow and called so', () => {
  const conditions = [
    asps(),
    condition(coded(ICD, 'C78.02'), {
      id: 'lung',
      onsetDateTime: '2026-10-01',
      verificationStatus: coded('http://terminology.hl7.org/CodeSystem/condition-ver-status', 'provisional'),
    }),
  ];
  expect(drawn(viewOf(complete({ conditions })), 'metastases')).toMatchObject([
    { label: 'metastasis: lung, suspected', look: { isHollow: true } },
  ]);
});

test('parts that were not read are named, those still to come as such, and no absence is claimed of them', async () => {
  const view = await patientView('lung-late-second-ct', { without: ['procedures'], pending: ['serviceRequests'] });
  expect(track(view, 'surgery').remarks).toEqual([
    'no record found in DiagnosticReport',
    'still reading: ServiceRequest; could not be read: Procedure (access refused)',
  ]);
  expect(track(view, 'surgery').emptyWords).toBe('still reading');
});

test('a part that was read in part keeps its events and says so', () => {
  const status = observation(coded(LOINC, '97509-4'), {
    effectiveDateTime: '2026-10-20',
    valueCodeableConcept: coded(SNOMED, '271299001'),
  });
  const view = viewOf(cutShort(complete({ observationsDiseaseStatus: [status] }), 'observationsDiseaseStatus'));
  expect(drawn(view, 'disease-status')).toHaveLength(1);
  expect(track(view, 'disease-status').remarks).toEqual([
    'could not be read: Observation (disease status) (not read to the end)',
  ]);
});

test('orders that do not say their drug are counted', () => {
  const nameless = { resourceType: 'MedicationRequest', id: 'm1', status: 'active', intent: 'order' };
  const view = viewOf(complete({ medicationRequests: [nameless] }));
  expect(track(view, 'systemic-therapy').remarks.join()).toContain('do not say which drug');
});

test('with another active cancer on file, what nothing links to the ASPS says so', () => {
  const breast = condition('Breast cancer', { id: 'breast', onsetDateTime: '2026-01-01' });
  const status = observation(coded(LOINC, '97509-4'), {
    effectiveDateTime: '2026-10-20',
    valueCodeableConcept: coded(SNOMED, '271299001'),
  });
  const conditions = [asps(), breast];
  const procedures = [
    named('Procedure', 'Stereotactic radiosurgery of brain', { status: 'completed', performedDateTime: '2026-09-01' }),
  ];
  const view = viewOf(complete({ conditions, observationsDiseaseStatus: [status], procedures }));
  for (const id of ['disease-status', 'radiotherapy'])
    expect(drawn(view, id)).toMatchObject([{ remark: expect.stringContaining('nothing links it to the ASPS') }]);
});

test('words in the picture are ours: none of the chart text is among them', async () => {
  const view = await patientView('hostile-text');
  for (const { lanes, unplaced } of view.tracks) {
    for (const { lane, label, word, when, remark } of [...lanes.flatMap(({ events }) => events), ...unplaced]) {
      expect([lane, label, word, when, remark].join()).not.toMatch(/[<>[\]{}`]|attacker/);
    }
  }
});

test('a thousand doses are one bar', () => {
  const medicationAdministrations = Array.from({ length: 1000 }, (_, at) =>
    medicated('MedicationAdministration', coded(RXNORM, '1792776', 'atezolizumab'), {
      id: `d${at}`,
      status: 'completed',
      effectiveDateTime: new Date((day('2024-01-01') + at) * 86_400_000).toISOString().slice(0, 10),
    }),
  );
  const conditions = [asps({ onsetDateTime: '2023-12-01' })];
  const readings = complete({ conditions, medicationAdministrations });
  const events = drawn(viewOf(readings), 'systemic-therapy');
  expect(events).toHaveLength(1);
  expect(events[0]?.evidence).toHaveLength(1000);
});
