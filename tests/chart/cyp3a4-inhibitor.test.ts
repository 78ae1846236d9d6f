import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/chart/reading.ts';
import { chartFrom, chartOf, complete, draftsOf, medicated, type Parts, without } from './builders.ts';

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
    ['an allergy', ordered('Allergic to clarithromycin')],
    ['another drug', ordered('azithromycin')],
    ['entered in error', ordered('clarithromycin', { status: 'entered-in-error' })],
  ])('no: %s', (_claim, record) => {
    expect(factOf({ medicationRequests: [record] }).state).toBe('no');
  });

  test('unknown without the orders; statements are only named', () => {
    expect(chartFrom(without(complete(), 'medicationRequests')).safety.strongCyp3a4Inhibitor.state).toBe('unknown');
    expect(chartFrom(without(complete(), 'medicationStatements')).safety.strongCyp3a4Inhibitor).toMatchObject({
      state: 'no',
      unread: [{ key: 'medicationStatements' }],
    });
  });
});
