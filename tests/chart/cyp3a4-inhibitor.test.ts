import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/chart/reading.ts';
import { chartFrom, chartOf, coded, complete, draftsOf, medicated, type Parts, RXNORM, without } from './builders.ts';

const factOf = (parts: Parts) => chartOf(parts).safety.strongCyp3a4Inhibitor;
const ordered = (drug: string, more: JsonObject = {}) =>
  medicated('MedicationRequest', drug, { status: 'active', intent: 'order', authoredOn: '2026-11-17', ...more });

describe('a strong CYP3A4 inhibitor', () => {
  test('on the active list, with its name', () => {
    expect(factOf({ medicationRequests: [ordered('Clarithromycin 500 MG Oral Tablet')] })).toMatchObject({
      state: 'yes',
      value: 'clarithromycin',
      evidence: [{ reference: 'MedicationRequest/m1', drug: 'clarithromycin' }],
    });
  });

  test('several of them, each once', () => {
    const medicationRequests = [
      ordered('voriconazole'),
      ordered('atazanavir / ritonavir', { id: 'm2' }),
      ordered('voriconazole', { id: 'm3' }),
    ];
    expect(factOf({ medicationRequests }).value).toBe('atazanavir, ritonavir, voriconazole');
  });

  test.each([
    ['home medication recorded as a plan', { medicationRequests: [ordered('itraconazole', { intent: 'plan' })] }],
    [
      'a statement',
      { medicationStatements: [medicated('MedicationStatement', 'ketoconazole tablet', { status: 'active' })] },
    ],
    ['with or without food', { medicationRequests: [ordered('clarithromycin 500 mg, with or without food')] }],
    [
      'with a warning of its eye symptoms',
      {
        medicationRequests: [
          ordered('voriconazole 200 MG Oral Tablet', {
            dosageInstruction: [{ text: 'Take by mouth twice daily, report eye symptoms, avoid sun on the skin' }],
          }),
        ],
      },
    ],
    [
      'by mouth, whatever its name says',
      { medicationRequests: [ordered('ketoconazole gel', { dosageInstruction: [{ route: { text: 'Oral' } }] })] },
    ],
    ['not another one', { medicationRequests: [ordered('no azithromycin, clarithromycin')] }],
    ['beside another allergy', { medicationRequests: [ordered('clarithromycin (penicillin allergy)')] }],
  ])('yes: %s', (_claim, parts) => {
    expect(factOf(parts).state).toBe('yes');
  });

  test('drafted beside it', () => {
    const chart = chartOf({}, draftsOf([medicated('MedicationRequest', 'clarithromycin', { status: 'draft' })]));
    expect(chart.safety.strongCyp3a4Inhibitor).toMatchObject({ state: 'yes', evidence: [{ kind: 'draft' }] });
  });

  test.each([
    ['on hold', ordered('clarithromycin', { status: 'on-hold' })],
    ['without a status', ordered('clarithromycin', { status: undefined })],
  ])('unknown: %s', (_claim, record) => {
    expect(factOf({ medicationRequests: [record] })).toMatchObject({ state: 'unknown', doubt: 'not-recorded' });
  });

  test.each([
    ['stopped', ordered('clarithromycin', { status: 'stopped' })],
    ['completed', ordered('clarithromycin', { status: 'completed' })],
    ['not to be given', ordered('clarithromycin', { doNotPerform: true })],
    ['on the skin', ordered('ketoconazole 2 % shampoo')],
    ['on the skin by its route', ordered('ketoconazole', { dosageInstruction: [{ route: { text: 'Topical' } }] })],
    ['in the eye by its route', ordered('voriconazole', { dosageInstruction: [{ route: { text: 'Ophthalmic' } }] })],
    [
      'on the skin by its form',
      ordered('ketoconazole', {
        medicationCodeableConcept: undefined,
        medicationReference: { reference: '#k' },
        contained: [
          { resourceType: 'Medication', id: 'k', code: { text: 'ketoconazole 2 %' }, form: { text: 'Shampoo' } },
        ],
      }),
    ],
    ['an allergy', ordered('Allergic to clarithromycin')],
    ['an allergy, named after it', ordered('Clarithromycin allergy: azithromycin')],
    ['instead of it', ordered('Azithromycin instead of clarithromycin')],
    ['without it', ordered('Lopinavir without ritonavir')],
    ['stopped in words', ordered('Clarithromycin was stopped')],
    ['not taken in words', ordered('Clarithromycin not taken')],
    ['a drug of the guideline by its code alone', ordered('', { medicationCodeableConcept: coded(RXNORM, '1547545') })],
    ['another drug', ordered('azithromycin')],
    ['entered in error', ordered('clarithromycin', { status: 'entered-in-error' })],
  ])('no: %s', (_claim, record) => {
    expect(factOf({ medicationRequests: [record] }).state).toBe('no');
  });

  const NAMELESS: readonly (readonly [string, JsonObject])[] = [
    ['nothing', {}],
    ['an empty name', { medicationCodeableConcept: { text: ' ' } }],
    ['a code that nobody knows here', { medicationCodeableConcept: coded(RXNORM, '21212') }],
    ['a reference that leads nowhere', { medicationReference: { reference: 'Medication/gone' } }],
    ['letters that are not read', { medicationCodeableConcept: { text: 'クラリスロマイシン' } }],
  ];

  test.each(NAMELESS)('unknown: an active order of %s', (_claim, medication) => {
    const order = ordered('', { medicationCodeableConcept: undefined, ...medication });
    expect(factOf({ medicationRequests: [order, ordered('azithromycin', { id: 'm2' })] })).toMatchObject({
      state: 'unknown',
      doubt: 'not-named',
      evidence: [{ reference: 'MedicationRequest/m1' }],
    });
    expect(factOf({ medicationRequests: [order, ordered('ketoconazole', { id: 'm2' })] }).state).toBe('yes');
    expect(factOf({ medicationRequests: [{ ...order, status: 'stopped' }] }).state).toBe('no');
  });

  test('unknown: a draft without a name', () => {
    const chart = chartOf({}, draftsOf([{ resourceType: 'MedicationRequest', id: 'd1', status: 'draft' }]));
    expect(chart.safety.strongCyp3a4Inhibitor).toMatchObject({ state: 'unknown', doubt: 'not-named' });
  });

  test('unknown without the orders; statements are only named', () => {
    expect(chartFrom(without(complete(), 'medicationRequests')).safety.strongCyp3a4Inhibitor.state).toBe('unknown');
    expect(chartFrom(without(complete(), 'medicationStatements')).safety.strongCyp3a4Inhibitor).toMatchObject({
      state: 'no',
      unread: [{ key: 'medicationStatements' }],
    });
  });
});
