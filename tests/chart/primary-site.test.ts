import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { JsonObject } from '../../src/chart/reading.ts';
import {
  ASPS_SNOMED,
  asps,
  chartFrom,
  chartOf,
  coded,
  coding,
  complete,
  draftsOf,
  ICD,
  LOINC,
  named,
  type Parts,
  SNOMED,
  without,
} from './builders.ts';

const siteOf = (...conditions: readonly JsonObject[]) => chartOf({ conditions }).primarySite.known;
const at = (text: string) => asps({ bodySite: [{ text }] });
const AFTER = { effectiveDateTime: '2026-07-01' };
const report = (code: JsonObject | string, more: JsonObject = AFTER) => named('DiagnosticReport', code, more);

describe('the primary site', () => {
  test.each([
    ['its body site in SNOMED CT', asps({ bodySite: [coded(SNOMED, '68367000')] }), 'thigh'],
    ['its body site in words', at('Left thigh'), 'left thigh'],
    ['its name', asps({ code: { text: 'Alveolar soft part sarcoma of right calf' } }), 'right lower leg'],
    [
      'a site code',
      asps({ code: { coding: [coding(SNOMED, ASPS_SNOMED), coding(ICD, 'C49.22')] } }),
      'left lower limb',
    ],
    ['the words of a muscle', at('L vastus lateralis'), 'thigh'],
    ['the back of the thigh', at('Left biceps femoris'), 'left thigh'],
    ['the front of the arm', at('Right biceps'), 'right upper arm'],
    ['the tongue', at('Tongue'), 'tongue'],
    ['the orbit', at('Right orbit'), 'right orbit'],
    ['the head and neck', at('Head, face and neck'), 'head and neck'],
    ['the neck', at('Left side of neck'), 'left neck'],
    ['the chest wall', at('Left chest wall'), 'left chest wall'],
    ['the retroperitoneum', at('Retroperitoneal space'), 'retroperitoneum'],
    ['the cervix, within the pelvis', at('Uterine cervix'), 'cervix'],
    ['a leg', at('Right leg'), 'right lower limb'],
    ['neighbours, both', at('Left buttock and hip'), 'left buttock and hip'],
  ])('is told by %s', (_claim, condition, value) => {
    expect(siteOf(condition)).toMatchObject({ state: 'yes', value, evidence: [{ reference: 'Condition/asps' }] });
  });

  test('the closer of two places counts, and the side of either', () => {
    const histology = 'http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior';
    const bySite = asps({
      code: coded(ICD, 'C49.22', 'Malignant neoplasm of connective and soft tissue of left lower limb, including hip'),
      extension: [{ url: histology, valueCodeableConcept: coded(SNOMED, ASPS_SNOMED) }],
      bodySite: [coded(SNOMED, '68367000')],
    });
    expect(siteOf(bySite).value).toBe('left thigh');
  });

  test('where it spread to is not where it began', () => {
    expect(
      siteOf(asps({ code: { ...coded(SNOMED, ASPS_SNOMED), text: 'ASPS of left thigh with pelvic and neck mets' } })),
    ).toMatchObject({ value: 'left thigh' });
    expect(siteOf(asps({ code: { ...coded(SNOMED, ASPS_SNOMED), text: 'ASPS metastatic to the pelvis' } })).state).toBe(
      'unknown',
    );
  });

  test('is unknown without a word of it, and is never no', () => {
    expect(siteOf(asps())).toMatchObject({ state: 'unknown', doubt: 'not-recorded' });
    expect(siteOf(asps({ bodySite: [{ text: 'Soft tissue' }] })).state).toBe('unknown');
  });

  test.each([
    ['places far apart', [at('Left thigh'), asps({ id: 'again', bodySite: [{ text: 'Right orbit' }] })]],
    ['sides', [at('Left thigh'), asps({ id: 'again', bodySite: [{ text: 'Right thigh' }] })]],
  ])('records that contradict each other by %s leave it unknown, and are named', (_claim, conditions) => {
    const known = siteOf(...conditions);
    expect(known).toMatchObject({ state: 'unknown', doubt: 'contradictory' });
    expect(known.evidence).toHaveLength(2);
    expect(known.value).toBeUndefined();
  });

  test('its value is in our own words, whatever the chart says', () => {
    expect(siteOf(at('<b>Left</b> thigh [x](https://attacker.example)')).value).toBe('left thigh');
  });
});

describe('an MRI of a tumour of the left thigh', () => {
  const done = (code: JsonObject | string, more?: JsonObject) =>
    chartOf({ conditions: [at('Left thigh')], diagnosticReports: [report(code, more)] }).primarySite.mri.done;

  test.each([
    ['by LOINC', coded(LOINC, '24702-3')],
    ['by LOINC of the side', coded(LOINC, '26236-0')],
    ['by SNOMED CT', coded(SNOMED, '241640003')],
    ['by CPT of the limb', coded('http://www.ama-assn.org/go/cpt', '73720')],
    ['in words', 'MRI left thigh with and without contrast'],
    ['of the femur', 'MR femur left'],
    ['of the whole limb', 'MRI lower extremity'],
    ['of the leg', 'MR left leg W/O'],
  ])('%s is one', (_claim, code) => {
    expect(done(code)).toMatchObject({ state: 'yes', evidence: [{ reference: 'DiagnosticReport/r1' }] });
  });

  test.each([
    ['another side', 'MRI right thigh'],
    ['another side, by code', coded(LOINC, '26237-8')],
    ['another limb', 'MRI left forearm'],
    ['another part of the limb', 'MRI foot'],
    ['the brain', 'MRI brain'],
    ['the brain, by code', coded(LOINC, '24590-2')],
    ['the spine', 'MRI thoracic spine'],
    ['the liver', 'MRI liver with contrast'],
    ['the breast', 'MRI breast bilateral'],
    ['nothing: it was declined', 'MRI thigh declined'],
    ['nothing: it is advised', 'US thigh, MRI thigh recommended'],
    ['an earlier one', 'XR femur, prior MRI thigh 2019'],
    ['by CT', 'CT left thigh'],
  ])('of %s is none', (_claim, code) => {
    expect(done(code).state).toBe('no');
  });

  test.each([
    ['a neighbour', 'MRI hip'],
    ['a place that is not told', 'MRI with contrast'],
  ])('of %s leaves it unknown and is named', (_claim, code) => {
    expect(done(code)).toMatchObject({
      state: 'unknown',
      doubt: 'site-not-comparable',
      evidence: [{ reference: 'DiagnosticReport/r1' }],
    });
  });

  test.each([
    ['since the diagnosis', AFTER, 'yes'],
    ['of the work-up', { effectiveDateTime: '2026-03-12' }, 'yes'],
    ['of years before', { effectiveDateTime: '2020-01-01' }, 'no'],
    ['of that year', { effectiveDateTime: '2026' }, 'unknown'],
    ['without a date', {}, 'unknown'],
    ['not final yet', { ...AFTER, status: 'registered' }, 'no'],
  ])('%s', (_claim, more, state) => {
    expect(done('MRI left thigh', more).state).toBe(state);
  });

  test('a series of an ImagingStudy tells it by modality and site', () => {
    const study = {
      resourceType: 'ImagingStudy',
      id: 's1',
      started: '2026-07-01',
      series: [{ modality: { code: 'MR' }, bodySite: { display: 'Left thigh' } }],
    };
    expect(chartOf({ conditions: [at('Left thigh')], imagingStudies: [study] }).primarySite.mri.done.state).toBe('yes');
  });

  test.each([
    ['Procedures', ['procedures'], 'unknown'],
    ['reports', ['diagnosticReports'], 'unknown'],
    ['ImagingStudies', ['imagingStudies'], 'no'],
  ] as const)('nothing found, and the %s not read: %s is %s', (_claim, keys, state) => {
    const readings = without(complete({ conditions: [at('Left thigh')] }), ...keys);
    expect(chartFrom(readings).primarySite.mri.done.state).toBe(state);
  });
});

describe('without a primary site on file', () => {
  test.each([
    ['a thigh', 'MRI thigh', 'unknown'],
    ['the neck', 'MRI neck', 'unknown'],
    ['the brain', 'MRI brain', 'no'],
    ['the liver', 'MRI liver', 'no'],
  ])('an MRI of %s', (_claim, text, state) => {
    expect(chartOf({ diagnosticReports: [report(text)] }).primarySite.mri.done.state).toBe(state);
  });

  test('an MRI of an early year may be of it, and is too early', () => {
    const early = report('MRI thigh', { effectiveDateTime: '2019-05-01' });
    expect(chartOf({ diagnosticReports: [early] }).primarySite.mri.done.state).toBe('no');
  });
});

test('a site known by its region is shown by an MRI of a part of it', () => {
  const parts: Parts = { conditions: [at('Left lower limb')], diagnosticReports: [report('MRI left calf')] };
  expect(chartOf(parts).primarySite.mri.done.state).toBe('yes');
});

describe('an order for an MRI of a tumour of the left thigh', () => {
  const conditions = [at('Left thigh')];
  const request = (text: string, more: JsonObject = {}) => named('ServiceRequest', text, { status: 'active', ...more });
  const ordered = (parts: Parts) => chartOf({ conditions, ...parts }).primarySite.mri.ordered;

  test.each([
    ['an active order', [request('MRI left thigh')], 'yes'],
    ['an active order of before', [request('MRI left thigh', { authoredOn: '2020-01-01' })], 'no'],
    ['one of another side', [request('MRI right thigh')], 'no'],
    ['one of a neighbour', [request('MRI hip')], 'unknown'],
    ['one closed since', [request('MRI left thigh', { status: 'completed', authoredOn: '2026-07-01' })], 'yes'],
    ['nothing', [], 'no'],
  ])('%s', (_claim, serviceRequests, state) => {
    expect(ordered({ serviceRequests }).state).toBe(state);
  });

  test('a draft counts, selected or not, and one of a medication does not', () => {
    const draft = named('ServiceRequest', 'MRI left thigh', { id: 'd1' });
    expect(chartOf({ conditions }, draftsOf([draft], ['ServiceRequest/other'])).primarySite.mri.ordered).toMatchObject({
      state: 'yes',
      evidence: [{ reference: 'ServiceRequest/d1' }],
    });
    const medication = {
      resourceType: 'MedicationRequest',
      id: 'd2',
      medicationCodeableConcept: { text: 'MRI thigh' },
    };
    expect(chartOf({ conditions }, draftsOf([medication])).primarySite.mri.ordered.state).toBe('no');
  });

  test('no order needs the orders read', () => {
    expect(chartFrom(without(complete({ conditions }), 'serviceRequests')).primarySite.mri.ordered.state).toBe(
      'unknown',
    );
  });
});

describe('whatever stands in the chart', () => {
  const junk = fc.anything({ maxDepth: 3 });
  const words = fc.constantFrom('Left thigh', 'Right orbit', 'MRI thigh', 'MRI hip', 'MRI brain', 'CT chest', '');

  test('it never throws', () => {
    fc.assert(
      fc.property(junk, junk, junk, (a, b, c) => {
        const conditions = [asps({ bodySite: a, extension: b, note: c })];
        const diagnosticReports = [
          named('DiagnosticReport', 'MRI thigh', { code: a, bodySite: b, effectiveDateTime: c }),
        ];
        const imagingStudies = [{ resourceType: 'ImagingStudy', description: a, series: b, procedureCode: c }];
        const { primarySite } = chartOf({ conditions, diagnosticReports, imagingStudies });
        expect(['yes', 'no', 'unknown']).toContain(primarySite.mri.done.state);
      }),
    );
  });

  test('order and duplicates do not matter', () => {
    const record = fc.tuple(words, fc.constantFrom('2026-07-01', '2019', undefined));
    fc.assert(
      fc.property(fc.array(record, { maxLength: 4 }), fc.array(words, { maxLength: 3 }), (reports, sites) => {
        const conditions = [asps(), ...sites.map((text, n) => asps({ id: `c${n}`, bodySite: [{ text }] }))];
        const diagnosticReports = reports.map(([text, effectiveDateTime], n) =>
          report(text, { id: `r${n}`, ...(effectiveDateTime === undefined ? {} : { effectiveDateTime }) }),
        );
        const once = chartOf({ conditions, diagnosticReports }).primarySite;
        const again = chartOf({
          conditions: [...conditions.toReversed(), ...conditions],
          diagnosticReports: [...diagnosticReports.toReversed(), ...diagnosticReports],
        }).primarySite;
        expect(again.known).toMatchObject({ state: once.known.state });
        expect(again.known.value).toBe(once.known.value);
        expect(again.mri.done.state).toBe(once.mri.done.state);
      }),
    );
  });

  test('a long text costs little', () => {
    const long = `MRI ${'left thigh and hip and '.repeat(50_000)}`;
    const start = performance.now();
    chartOf({ conditions: [at(long)], diagnosticReports: [report(long)] });
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
