import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Chart } from '../../src/chart/chart.ts';
import type { JsonObject } from '../../src/chart/reading.ts';
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
  LOINC,
  named,
  observation,
  type Parts,
  SNOMED,
  without,
} from './builders.ts';

const HGNC = 'http://www.genenames.org/geneId';
const CPT = 'http://www.ama-assn.org/go/cpt';
const FISH = coded(LOINC, '95779-5', 'TFE3 gene rearrangements in Tissue by FISH');
const tfe3Of = (parts: Parts) => chartOf(parts).biomarkers.tfe3;
const observed = (...observationsBiomarkers: readonly JsonObject[]) => tfe3Of({ observationsBiomarkers });
const reported = (conclusion: string, more: JsonObject = {}) =>
  tfe3Of({ diagnosticReports: [report(conclusion, more)] });
const report = (conclusion: string, more: JsonObject = {}) =>
  named('DiagnosticReport', 'Surgical pathology', {
    status: 'final',
    effectiveDateTime: '2026-06-12',
    conclusion,
    ...more,
  });
const fish = (value: JsonObject, more: JsonObject = {}) => observation(FISH, { ...value, ...more });
const gene = (value: JsonObject): JsonObject => ({ code: coded(LOINC, '48018-6'), valueCodeableConcept: value });
const variant = (genes: readonly JsonObject[], value: JsonObject, more: JsonObject = {}) =>
  observation(coded(LOINC, '69548-6'), { valueCodeableConcept: value, component: genes.map(gene), ...more });
const PRESENT = coded(LOINC, 'LA9633-4');
const TFE3 = coded(HGNC, 'HGNC:11752');

describe('a TFE3 result', () => {
  test.each([
    ['FISH detected', fish({ valueCodeableConcept: { text: 'Detected' } })],
    ['FISH positive', fish({ valueString: 'Positive' })],
    ['FISH by its interpretation', fish({ interpretation: [{ coding: [{ system: 'urn:x', code: 'POS' }] }] })],
    [
      'FISH by its interpretation beside the method',
      fish({
        valueString: 'See the cutoff in the comment',
        interpretation: [{ coding: [{ system: 'urn:x', code: 'POS' }] }],
      }),
    ],
    ['FISH by name', observation({ text: 'TFE3 break-apart FISH' }, { valueString: 'positive' })],
    ['FISH in a sentence', fish({ valueString: 'TFE3 rearrangement identified in 80 % of nuclei' })],
    ['a fusion of two genes', variant([TFE3, { text: 'ASPSCR1' }], PRESENT)],
    ['a fusion in one name', variant([{ text: 'ASPSCR1::TFE3' }], PRESENT)],
    [
      'a fusion called so',
      variant(
        [{ text: 'TFE3' }],
        { text: 'Present' },
        {
          component: [
            gene({ text: 'TFE3' }),
            { code: coded(LOINC, '48019-4'), valueCodeableConcept: { text: 'gene_fusion fusion' } },
          ],
        },
      ),
    ],
  ])('is positive: %s', (_claim, one) => {
    const { positive, negative, result } = observed(one);
    expect([positive.state, negative.state, result.state]).toEqual(['yes', 'no', 'yes']);
    expect(positive.evidence).toMatchObject([{ reference: 'Observation/o1' }]);
  });

  test.each([
    ['FISH not detected', fish({ valueCodeableConcept: { text: 'Not detected' } })],
    ['FISH negative', fish({ valueString: 'Negative' })],
    ['FISH in a sentence', fish({ valueString: 'No TFE3 rearrangement detected' })],
    ['no fusion of the two genes', variant([TFE3, { text: 'ASPSCR1' }], { text: 'Absent' })],
  ])('is negative: %s', (_claim, one) => {
    const { positive, negative, result } = observed(one);
    expect([positive.state, negative.state, result.state]).toEqual(['no', 'yes', 'yes']);
    expect(negative.evidence).toMatchObject([{ reference: 'Observation/o1' }]);
  });

  test.each([
    ['without an answer', fish({})],
    ['equivocal', fish({ valueString: 'Equivocal' })],
    ['a change of TFE3 by itself', variant([TFE3], PRESENT)],
    ['pending in a sentence', fish({ valueString: 'TFE3 rearrangement analysis pending' })],
    ['the method', fish({ valueString: 'Performed with a dual-color probe; signals detected in the control' })],
    ['below the cut-off', fish({ valueString: 'Detected in 4 % of nuclei, below the cutoff' })],
  ])('is open: %s', (_claim, one) => {
    const { positive, negative, result } = observed(one);
    expect([positive.state, negative.state, result.state]).toEqual(['unknown', 'unknown', 'unknown']);
    expect(result.doubt).toBe('not-recorded');
  });

  test.each([
    ['cancelled', fish({ valueString: 'Positive' }, { status: 'cancelled' })],
    ['registered', fish({ valueString: 'Positive' }, { status: 'registered' })],
    ['of another gene', variant([{ text: 'MET' }, { text: 'ALK' }], PRESENT)],
  ])('is none: %s', (_claim, one) => {
    expect(observed(one).result.state).toBe('no');
  });

  test('positive wins over a negative one: a negative FISH takes back no fusion', () => {
    const { positive, negative } = observed(
      fish({ valueString: 'Negative' }),
      variant([TFE3, { text: 'ASPSCR1' }], PRESENT, { id: 'o2' }),
    );
    expect([positive.state, negative.state]).toEqual(['yes', 'no']);
  });

  test('of the focus of another cancer counts for nothing', () => {
    const kidney = condition(coded(ICD, 'C64.1', 'Malignant neoplasm of right kidney'), { id: 'kidney' });
    const chart = chartOf({
      conditions: [asps(), kidney],
      observationsBiomarkers: [fish({ valueString: 'Positive' }, { focus: [{ reference: 'Condition/kidney' }] })],
    });
    expect(chart.biomarkers.tfe3.result.state).toBe('no');
  });

  test('nowhere: no, if observations and reports were read, else unknown', () => {
    expect(observed().result).toMatchObject({ state: 'no', searched: ['observationsBiomarkers', 'diagnosticReports'] });
    for (const key of ['observationsBiomarkers', 'diagnosticReports'] as const) {
      expect(chartFrom(without(complete(), key)).biomarkers.tfe3.result.state).toBe('unknown');
      expect(chartFrom(cutShort(complete(), key)).biomarkers.tfe3.negative.state).toBe('unknown');
    }
    const found = without(
      complete({ observationsBiomarkers: [fish({ valueString: 'Positive' })] }),
      'diagnosticReports',
    );
    expect(chartFrom(found).biomarkers.tfe3.positive.state).toBe('yes');
  });
});

describe('a report', () => {
  test.each([
    'TFE3 rearrangement detected.',
    'Alveolar soft part sarcoma with ASPSCR1::TFE3 fusion.',
    'ASPSCR1-TFE3 fusion transcript identified by RNA sequencing',
    'Break-apart FISH for TFE3 is positive',
    'TFE3 gene rearrangement: present',
    'Nuclear TFE3 staining. TFE3 rearrangement detected.',
  ])('is positive: %s', (conclusion) => {
    const { positive, result } = reported(conclusion);
    expect(positive).toMatchObject({ state: 'yes', evidence: [{ reference: 'DiagnosticReport/r1' }] });
    expect(result.state).toBe('yes');
  });

  test.each([
    'No evidence of TFE3 rearrangement.',
    'TFE3 rearrangement not detected.',
    'Negative for TFE3 gene rearrangement by FISH',
    'TFE3 break-apart FISH: negative',
    'TFE3 FISH is negative; the morphology fits.',
    'ASPSCR1::TFE3 fusion was not identified',
    'ASPSCR1-TFE3 fusion transcript not detected',
  ])('is negative: %s', (conclusion) => {
    const { negative, positive } = reported(conclusion);
    expect(negative).toMatchObject({ state: 'yes', evidence: [{ reference: 'DiagnosticReport/r1' }] });
    expect(positive.state).toBe('no');
  });

  test.each([
    'TFE3 rearrangement testing is recommended.',
    'TFE3 FISH pending',
    'TFE3 rearrangement cannot be excluded',
    'TFE3 fusion: inconclusive',
    'TFE3 rearrangement present in the control, not in the sample',
    'TFE3 rearrangement detected. TFE3 rearrangement not detected.',
  ])('leaves it open: %s', (conclusion) => {
    expect(reported(conclusion).result.state).toBe('unknown');
  });

  // As laboratories describe the method, textbooks the tumour, and clinicians what they talked about.
  test.each([
    'FISH for TFE3 rearrangement was performed with a dual-color break-apart probe',
    'TFE3 break-apart FISH performed with Vysis probe.',
    'TFE3 FISH: see separate report with addendum',
    'Discussed with patient that TFE3 fusion testing is available',
    'Alveolar soft part sarcoma is defined by ASPSCR1-TFE3 fusion, found in nearly all cases',
    'This panel detects ASPSCR1-TFE3 fusion with sensitivity of 95 %',
    'TFE3 rearrangement seen in 4% of nuclei, below the cutoff of 15%',
    'TFE3 rearrangement seen in 4.5 % of nuclei.',
    'Most alveolar soft part sarcomas are characterised by the ASPSCR1::TFE3 fusion.',
    'Sarcomas with TFE3 fusion respond to immunotherapy.',
    'TFE3 rearrangement is typically present in this entity',
    'Positive control for TFE3 FISH adequate',
    'TFE3 FISH was ordered on the block',
    'TFE3 rearrangement',
    'TFE3 fusion, EWSR1 fusion and NTRK fusion were looked for',
    'Negative for desmin and S100, with TFE3 rearrangement detected',
  ])('gives no result: %s', (conclusion) => {
    const { positive, negative, result } = reported(conclusion);
    expect([positive.state, negative.state, result.state]).toEqual(['unknown', 'unknown', 'unknown']);
  });

  test.each([
    ['FISH: TFE3 gene is rearranged in 78 % of tumor nuclei.', 'yes'],
    ['Molecular: ASPSCR1::TFE3 fusion present.', 'yes'],
    ['The tumor harbors an ASPSCR1-TFE3 fusion.', 'yes'],
    ['RNA sequencing demonstrated the characteristic ASPSCR1::TFE3 fusion', 'yes'],
    ['TFE3 rearrangement by FISH: POSITIVE', 'yes'],
    ['Positive for TFE3 gene rearrangement (FISH).', 'yes'],
    ['TFE3 rearrangement detected. This assay has a sensitivity of 95 %.', 'yes'],
    ['FISH does not show a TFE3 rearrangement.', 'no'],
    ['TFE3 rearrangement by FISH: NEGATIVE', 'no'],
    ['ASPSCR1::TFE3 fusion not identified by RNA sequencing.', 'no'],
    ['The tumor lacks evidence of TFE3 rearrangement.', 'no'],
  ])('%s – positive: %s', (conclusion, state) => {
    expect(reported(conclusion).positive.state).toBe(state);
  });

  test.each(['Alveolar soft part sarcoma.', 'EWSR1 rearrangement detected.', 'Mother with a TFE3 rearrangement'])(
    'says nothing of it: %s',
    (conclusion) => {
      expect(reported(conclusion).result.state).toBe('no');
    },
  );

  test('of staining supports the diagnosis and is no result', () => {
    const { result, staining } = reported('Alveolar soft part sarcoma. TFE3 nuclear staining positive.');
    expect(result.state).toBe('no');
    expect(staining).toMatchObject({
      state: 'yes',
      evidence: [{ reference: 'DiagnosticReport/r1', text: 'TFE3 nuclear staining positive' }],
    });
  });

  test('called after the test has its answer in the conclusion', () => {
    const of = (conclusion: string | undefined) =>
      tfe3Of({
        diagnosticReports: [named('DiagnosticReport', 'TFE3 rearrangement by FISH', { status: 'final', conclusion })],
      });
    expect(of('Positive.').positive.state).toBe('yes');
    expect(of('Not detected').negative.state).toBe('yes');
    expect(of(undefined).result.state).toBe('unknown');
    expect(of('Pending').result.state).toBe('unknown');
  });

  test('says it in a code of its conclusion as well', () => {
    const conclusionCode = [{ text: 'TFE3 rearrangement detected' }];
    expect(reported('', { conclusionCode }).positive.state).toBe('yes');
  });

  test('that is registered says nothing', () => {
    expect(reported('TFE3 rearrangement detected', { status: 'registered' }).result.state).toBe('no');
  });
});

describe('an order for the test', () => {
  const requested = (code: JsonObject | string, more: JsonObject = {}) =>
    named('ServiceRequest', code, { status: 'active', intent: 'order', authoredOn: '2026-11-16', ...more });

  test.each([
    ['FISH', requested(FISH)],
    ['FISH by name', requested('TFE3 FISH')],
    ['a panel by its CPT code', requested(coded(CPT, '81455'))],
    ['a fusion panel', requested('Sarcoma RNA fusion panel')],
    ['closed without a result', requested(FISH, { status: 'completed' })],
  ])('yes: %s', (_claim, request) => {
    expect(tfe3Of({ serviceRequests: [request] }).ordered).toMatchObject({
      state: 'yes',
      evidence: [{ reference: 'ServiceRequest/r1' }],
    });
  });

  test.each([
    ['revoked', requested(FISH, { status: 'revoked' })],
    ['a proposal', requested(FISH, { intent: 'proposal' })],
    ['a staining', requested('TFE3 immunohistochemistry stain')],
    ['of the blood', requested('Hereditary cancer RNA sequencing panel, germline')],
    ['another', requested('CT chest')],
  ])('no: %s', (_claim, request) => {
    expect(tfe3Of({ serviceRequests: [request] }).ordered.state).toBe('no');
  });

  test('yes: a draft, judged or not', () => {
    const drafts = draftsOf([named('ServiceRequest', FISH, { id: 'd1' })], ['ServiceRequest/other']);
    expect(chartOf({}, drafts).biomarkers.tfe3.ordered).toMatchObject({ state: 'yes', evidence: [{ kind: 'draft' }] });
  });

  test('unknown when orders could not be read', () => {
    expect(chartFrom(without(complete(), 'serviceRequests')).biomarkers.tfe3.ordered.state).toBe('unknown');
  });
});

describe('tumour mutation burden', () => {
  const tmbOf = (...observationsBiomarkers: readonly JsonObject[]) =>
    chartOf({ observationsBiomarkers }).biomarkers.tumourMutationBurden;
  const tmb = (value: JsonObject, more: JsonObject = {}) =>
    observation(coded(LOINC, '94076-7'), { effectiveDateTime: '2026-06-20', ...value, ...more });
  const quantity = (value: unknown, unit?: string, more: JsonObject = {}) =>
    tmb({ valueQuantity: { value, ...(unit === undefined ? {} : { unit }), ...more } });

  test.each([
    ['mut/Mb', quantity(14, 'mut/Mb'), '14 mut/Mb'],
    ['at the threshold', quantity(10, 'mut/Mb'), '10 mut/Mb'],
    ['a UCUM annotation', quantity(57.1, 'mutations per megabase', { code: '{mutations}/Mb' }), '57.1 mut/Mb'],
    [
      'as the genomics guide writes it',
      quantity(57.1, 'Mutations/Megabase', { code: '1/1000000{Neucleotides}' }),
      '57.1 mut/Mb',
    ],
    ['/Mb', quantity(12, '/Mb'), '12 mut/Mb'],
    ['in words', tmb({ valueString: '12.5 mutations/Mb' }), '12.5 mut/Mb'],
    [
      'by its name',
      observation({ text: 'Tumor Mutational Burden' }, { valueQuantity: { value: 11, unit: 'Muts/Mb' } }),
      '11 mut/Mb',
    ],
    ['at least', quantity(10, 'mut/Mb', { comparator: '>=' }), undefined],
  ])('is high: %s', (_claim, one, value) => {
    const { high, notInterpretable } = tmbOf(one);
    expect([high.state, high.value, notInterpretable.state]).toEqual(['yes', value, 'no']);
    expect(high.evidence).toMatchObject([{ reference: 'Observation/o1' }]);
  });

  test.each([
    ['3.2', quantity(3.2, 'mut/Mb'), '3.2 mut/Mb'],
    ['just below', quantity(9.999, 'mut/Mb'), '9.99 mut/Mb'],
    ['none', quantity(0, 'mut/Mb'), '0 mut/Mb'],
    ['less than 10', quantity(10, 'mut/Mb', { comparator: '<' }), undefined],
  ])('is not: %s', (_claim, one, value) => {
    const { high, notInterpretable } = tmbOf(one);
    expect([high.state, high.value, notInterpretable.state]).toEqual(['no', value, 'no']);
  });

  test.each([
    ['a bare number', quantity(12)],
    ['in another unit', quantity(12, '%')],
    ['in two units', quantity(12, 'mut/Mb', { code: '%' })],
    ['a unity', quantity(12, '1')],
    ['no number', quantity('12', 'mut/Mb')],
    ['negative', quantity(-3, 'mut/Mb')],
    ['more than 5', quantity(5, 'mut/Mb', { comparator: '>' })],
    ['a bound that is none', quantity(12, 'mut/Mb', { comparator: '~' })],
    ['a word', tmb({ valueString: 'TMB-High' })],
    ['a bare number in words', tmb({ valueString: '12' })],
    ['only an interpretation', tmb({ interpretation: [{ text: 'High' }] })],
    ['past all reason', quantity(1e9, 'mut/Mb')],
  ])('cannot be interpreted: %s', (_claim, one) => {
    const { high, notInterpretable } = tmbOf(one);
    expect([high.state, high.doubt, notInterpretable.state]).toEqual(['unknown', 'implausible', 'yes']);
  });

  test('the latest decides, whatever the order', () => {
    const low = tmb({ valueQuantity: { value: 4, unit: 'mut/Mb' } }, { id: 'o2', effectiveDateTime: '2026-09-01' });
    expect(tmbOf(quantity(14, 'mut/Mb'), low).high.state).toBe('no');
    expect(tmbOf(low, quantity(14, 'mut/Mb')).high.state).toBe('no');
  });

  const figure = (value: number, effectiveDateTime: string | undefined, id: string) =>
    tmb({ valueQuantity: { value, unit: 'mut/Mb' } }, { id, effectiveDateTime });

  test.each<[string, readonly JsonObject[], string, string | undefined, string | undefined]>([
    [
      'a year around a day',
      [figure(14, '2026', 'a'), figure(3, '2026-11-01', 'b')],
      'unknown',
      'date-not-comparable',
      undefined,
    ],
    [
      'an undated one',
      [figure(14, undefined, 'a'), figure(3, '2026-11-01', 'b')],
      'unknown',
      'date-not-comparable',
      undefined,
    ],
    [
      'a year around a day, both high',
      [figure(14, '2026', 'a'), figure(12, '2026-11-01', 'b')],
      'yes',
      undefined,
      undefined,
    ],
    [
      'a year around a day, the same',
      [figure(14, '2026', 'a'), figure(14, '2026-11-01', 'b')],
      'yes',
      undefined,
      '14 mut/Mb',
    ],
    ['a year before', [figure(14, '2025', 'a'), figure(3, '2026-11-01', 'b')], 'no', undefined, '3 mut/Mb'],
    ['one of tomorrow', [figure(14, '2026-11-23', 'a'), figure(3, '2026-11-01', 'b')], 'no', undefined, '3 mut/Mb'],
    ['only one of tomorrow', [figure(14, '2026-11-23', 'a')], 'no', undefined, undefined],
  ])('whose dates do or do not decide: %s', (_claim, found, state, doubt, value) => {
    for (const order of [found, found.toReversed()]) {
      const { high, notInterpretable } = tmbOf(...order);
      expect([high.state, high.doubt, high.value, notInterpretable.state]).toEqual([state, doubt, value, 'no']);
    }
  });

  test('two of one day on either side leave it open', () => {
    const low = tmb({ valueQuantity: { value: 4, unit: 'mut/Mb' } }, { id: 'o2' });
    expect(tmbOf(quantity(14, 'mut/Mb'), low)).toMatchObject({
      high: { state: 'unknown' },
      notInterpretable: { state: 'yes' },
    });
  });

  test('may be of another active cancer', () => {
    const breast = condition(coded(ICD, 'C50.911', 'Malignant neoplasm of right breast'), { id: 'breast' });
    const of = (reference: string | undefined) =>
      chartOf({
        conditions: [asps(), breast],
        observationsBiomarkers: [quantity(14, 'mut/Mb')].map((one) => ({
          ...one,
          ...(reference === undefined ? {} : { focus: [{ reference }] }),
        })),
      }).biomarkers.tumourMutationBurden.high;
    expect(of(undefined)).toMatchObject({ state: 'unknown', doubt: 'another-active-cancer' });
    expect(of('Condition/asps').state).toBe('yes');
    expect(of('Condition/breast').state).toBe('no');
  });

  test('not on file: no, if it was looked for, else unknown', () => {
    expect(tmbOf().high).toMatchObject({ state: 'no', searched: ['observationsBiomarkers'], evidence: [] });
    expect(tmbOf(quantity(14, 'mut/Mb')).high.state).toBe('yes');
    expect(tmbOf(tmb({ valueQuantity: { value: 14, unit: 'mut/Mb' } }, { status: 'cancelled' })).high.state).toBe('no');
    const unread = chartFrom(without(complete(), 'observationsBiomarkers')).biomarkers.tumourMutationBurden;
    expect([unread.high.state, unread.notInterpretable.state]).toEqual(['unknown', 'unknown']);
  });
});

describe('a PD-L1 test being ordered', () => {
  const draftedOf = (request: JsonObject, selections?: readonly string[]) =>
    chartOf({}, draftsOf([request], selections)).biomarkers.pdL1TestDrafted;
  const request = (code: JsonObject | string, more: JsonObject = {}) =>
    named('ServiceRequest', code, { id: 'd1', status: 'draft', ...more });

  test.each([
    ['by its code', request(coded(LOINC, '85147-7'))],
    ['by its name', request('PD-L1 (22C3) IHC')],
    ['without the dash', request('PDL1 immunohistochemistry')],
  ])('yes: %s', (_claim, one) => {
    expect(draftedOf(one)).toMatchObject({
      state: 'yes',
      evidence: [{ reference: 'ServiceRequest/d1', drug: 'PD-L1 test' }],
    });
  });

  test.each([
    ['a treatment', request('PD-L1 inhibitor infusion')],
    ['for another cancer', request('PD-L1 IHC', { reasonCode: [{ text: 'Breast cancer' }] })],
    ['another test', request('Ki-67')],
    ['a drug', { ...request('x'), resourceType: 'MedicationRequest', medicationCodeableConcept: { text: 'PD-L1' } }],
  ])('no: %s', (_claim, one) => {
    expect(draftedOf(one).state).toBe('no');
  });

  test('no: not the one that is judged, or no drafts at all', () => {
    expect(draftedOf(request('PD-L1 IHC'), ['ServiceRequest/other']).state).toBe('no');
    expect(chartOf({}).biomarkers.pdL1TestDrafted.state).toBe('no');
  });
});

test('many long reports cost no time', () => {
  const started = performance.now();
  for (const words of ['tfe3 fusion gene ', 'margins a b c ', 'tfe3 of the fish ', 'positive for a tfe3 fusion ']) {
    const diagnosticReports = Array.from({ length: 2000 }, (_, at) =>
      report(`${at} ${words.repeat(1000 / words.length)}`, { id: `d${at}` }),
    );
    expect(tfe3Of({ diagnosticReports }).result.state).toBeDefined();
  }
  expect(performance.now() - started).toBeLessThan(10_000);
});

describe('whatever stands in the chart', () => {
  const junk = fc.anything({ maxDepth: 3 });
  const texts = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'TFE3 rearrangement detected',
      `${'TFE3 '.repeat(3000)}fusion`,
      'next-generation sequencing '.repeat(400),
      'ASPSCR1-'.repeat(2000),
      'kidney '.repeat(2000),
      'grade 3-'.repeat(1500),
      '<script>TFE3 fusion</script>',
      '{{ facts }}',
    ),
  );
  const concept = fc.oneof(
    junk,
    fc.record({ text: texts, coding: fc.array(fc.record({ system: junk, code: junk, display: texts })) }),
  );
  const resourceOf = (resourceType: string) =>
    fc
      .record({
        id: fc.oneof(junk, fc.constant('x')),
        status: fc.oneof(junk, fc.constantFrom('final', 'active', 'completed')),
        code: concept,
        effectiveDateTime: fc.oneof(junk, fc.constantFrom('2026-11-01', '2026', '0000-00-00')),
        valueQuantity: fc.oneof(junk, fc.record({ value: junk, unit: texts, code: junk, comparator: junk })),
        valueCodeableConcept: concept,
        valueString: fc.oneof(junk, texts),
        interpretation: junk,
        component: fc.oneof(junk, fc.array(fc.record({ code: concept, valueCodeableConcept: concept }))),
        conclusion: fc.oneof(junk, texts),
        conclusionCode: junk,
        focus: junk,
        severity: junk,
        clinicalStatus: junk,
        verificationStatus: junk,
        medicationCodeableConcept: concept,
        dosageInstruction: junk,
      })
      .map((members): JsonObject => ({ resourceType, ...members }));
  const parts = fc.record({
    conditions: fc.array(resourceOf('Condition'), { maxLength: 3 }).map((others) => [asps(), ...others]),
    procedures: fc.array(resourceOf('Procedure'), { maxLength: 2 }),
    diagnosticReports: fc.array(resourceOf('DiagnosticReport'), { maxLength: 2 }),
    serviceRequests: fc.array(resourceOf('ServiceRequest'), { maxLength: 2 }),
    medicationRequests: fc.array(resourceOf('MedicationRequest'), { maxLength: 2 }),
    observationsBiomarkers: fc.array(resourceOf('Observation'), { maxLength: 3 }),
    observationsLaboratory: fc.array(resourceOf('Observation'), { maxLength: 3 }),
    observationsPerformanceStatus: fc.array(resourceOf('Observation'), { maxLength: 3 }),
  });

  test('no reader of it throws, and none takes long', () => {
    fc.assert(
      fc.property(parts, fc.array(resourceOf('ServiceRequest'), { maxLength: 2 }), (given, drafts) => {
        const started = performance.now();
        const { biomarkers, safety, laboratory, performanceStatus } = chartOf(given, draftsOf(drafts));
        expect(biomarkers.tfe3.result.state).toMatch(/yes|no|unknown/);
        expect(
          [safety.pregnancy, laboratory.calciumRecent, performanceStatus].every(({ state }) => state !== undefined),
        ).toBe(true);
        expect(performance.now() - started).toBeLessThan(10_000);
      }),
      { numRuns: 300 },
    );
  });

  const statesOf = ({ biomarkers, safety, laboratory, performanceStatus }: Chart) => {
    const { tfe3, tumourMutationBurden } = biomarkers;
    return [
      ...Object.values(tfe3),
      ...Object.values(tumourMutationBurden),
      ...Object.values(safety),
      ...Object.values(laboratory),
      performanceStatus,
    ].map(({ state, value, doubt }) => [state, value, doubt]);
  };
  const day = fc.constantFrom('2024', '2026-03', '2026-10-01', '2026-11-10', '2026-11-20');
  const real = fc.record({
    conditions: fc
      .array(
        fc
          .tuple(
            fc.constantFrom(
              'Pregnant',
              'Kidney transplant',
              "Crohn's disease",
              'Immune-related colitis, grade 3',
              'Possible cirrhosis',
              'QT prolongation',
            ),
            fc.constantFrom('active', 'resolved'),
            day,
          )
          .map(([text, status, onsetDateTime]) =>
            condition(text, {
              onsetDateTime,
              clinicalStatus: coded('http://terminology.hl7.org/CodeSystem/condition-clinical', status),
            }),
          ),
        { maxLength: 4 },
      )
      .map((others) => [asps(), ...others]),
    observationsBiomarkers: fc.array(
      fc.oneof(
        fc
          .tuple(fc.constantFrom('Positive', 'Negative', 'Equivocal'), day)
          .map(([valueString, effectiveDateTime]) => fish({ valueString, effectiveDateTime })),
        fc
          .tuple(fc.constantFrom(4, 14), fc.constantFrom('mut/Mb', '%'), day)
          .map(([value, unit, effectiveDateTime]) =>
            observation(coded(LOINC, '94076-7'), { valueQuantity: { value, unit }, effectiveDateTime }),
          ),
      ),
      { maxLength: 4 },
    ),
    observationsLaboratory: fc.array(
      fc
        .tuple(fc.constantFrom('1742-6', '2160-0', '17861-6', '2106-3'), fc.constantFrom(1, 2), day)
        .map(([code, value, effectiveDateTime]) =>
          observation(coded(LOINC, code), { valueQuantity: { value, unit: 'mg/dL' }, effectiveDateTime }),
        ),
      { maxLength: 4 },
    ),
    procedures: fc.array(
      fc
        .constantFrom('Kidney transplantation', 'Biopsy')
        .map((text) => named('Procedure', coded(SNOMED, '1', text), { status: 'completed' })),
      { maxLength: 2 },
    ),
  });

  test('a source that is lost turns nothing into a no', () => {
    const keys = ['procedures', 'observationsBiomarkers', 'observationsLaboratory', 'diagnosticReports'] as const;
    fc.assert(
      fc.property(real, fc.constantFrom(...keys), (given, key) => {
        const before = statesOf(chartFrom(complete(given)));
        const after = statesOf(chartFrom(without(complete(given), key)));
        expect(after.filter(([state], at) => state === 'no' && before[at]?.[0] !== 'no')).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('its order says nothing, and what is there twice is there once', () => {
    fc.assert(
      fc.property(real, (given) => {
        const numbered = (list: readonly JsonObject[]) =>
          list.map((one, at) => (one['id'] === 'asps' ? one : { ...one, id: `x${at}` }));
        const once: Parts = Object.fromEntries(Object.entries(given).map(([key, list]) => [key, numbered(list)]));
        const turned: Parts = Object.fromEntries(Object.entries(once).map(([key, list]) => [key, list.toReversed()]));
        const twice: Parts = Object.fromEntries(Object.entries(once).map(([key, list]) => [key, [...list, ...list]]));
        expect(statesOf(chartOf(turned))).toEqual(statesOf(chartOf(once)));
        expect(statesOf(chartOf(twice))).toEqual(statesOf(chartOf(once)));
      }),
      { numRuns: 300 },
    );
  });
});
