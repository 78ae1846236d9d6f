import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { OrderFile } from '../../src/guideline/card.ts';
import { compileOrder, createOrder } from '../../src/guideline/order.ts';
import { Facts } from '../../src/guideline/parsed-text.ts';
import { parseText } from '../../src/guideline/template.ts';
import { shipped } from '../guideline/folder.ts';
import { fhirErrors } from '../support/fhir-schema.ts';

const orders = [...shipped]
  .filter(([path]) => path.startsWith('orders/'))
  .map(([, text]) => parse(text) as OrderFile)
  .map((file) => [file.id, file] as const);

/** A child of 28 kg, seen by a practitioner; a CT is due. */
function forSamplePatient(file: OrderFile) {
  const action = createOrder(
    compileOrder(file, parseText),
    {
      values: new Facts((id) => (id === 'interval-ct-due' ? '2027-01-05' : '')),
      facts: new Facts(() => 'unknown'),
      orderedDrugs: '',
      weight: { kg: '28', date: '2026-11-01', doseMg: '420' },
    },
    { patientId: 'p1', encounterId: 'e1', userId: 'Practitioner/u1', reason: { reference: 'Condition/c1' } },
  );
  if (action.type !== 'create') throw new Error('An order is created');
  const resource: Readonly<Record<string, unknown>> = { ...action.resource };
  return { description: action.description, resource };
}

type Dosage = {
  readonly text: string;
  readonly timing: { readonly repeat: { readonly period: number; readonly periodUnit: string } };
  readonly doseAndRate: readonly { readonly doseQuantity: { readonly value: number; readonly unit: string } }[];
};
const UNIT_WORDS: Readonly<Record<string, RegExp>> = { wk: /every (\d+) weeks/, d: /(once) daily/ };

describe.each(orders)('the order %s', (_id, file) => {
  const { description, resource } = forSamplePatient(file);
  const code = (resource['medicationCodeableConcept'] ?? resource['code']) as { text: string; coding?: object[] };

  test('is valid FHIR R4, a draft, an order, for the patient and for a reason', () => {
    expect(fhirErrors(resource)).toEqual([]);
    expect(resource).toMatchObject({
      status: 'draft',
      intent: 'order',
      subject: { reference: 'Patient/p1' },
      encounter: { reference: 'Encounter/e1' },
      requester: { reference: 'Practitioner/u1' },
      reasonReference: [{ reference: 'Condition/c1' }],
    });
  });

  test('has a text beside its codes, with nothing left of a template', () => {
    expect(code.text.trim()).not.toBe('');
    expect(JSON.stringify([description, resource])).not.toMatch(/\{\{|\{%|undefined|NaN|null/);
    expect(description).toMatch(/^Order /);
  });

  test('names every coding with its system and display', () => {
    for (const coding of code.coding ?? []) {
      expect(coding).toEqual({
        system: expect.stringMatching(/^https?:/),
        code: expect.any(String),
        display: expect.any(String),
      });
    }
  });

  test('repeats its dose and interval in its texts, since some EHRs drop the details', () => {
    for (const { text, timing, doseAndRate } of (resource['dosageInstruction'] ?? []) as readonly Dosage[]) {
      const [first] = doseAndRate;
      const { period, periodUnit } = timing.repeat;
      const mg = String(first?.doseQuantity.value);
      expect(first?.doseQuantity).toMatchObject({ value: expect.any(Number), unit: 'mg', code: 'mg' });
      const interval = UNIT_WORDS[periodUnit] ?? /never/;
      for (const words of [text, code.text, description]) {
        expect(words).toContain(mg);
        expect(interval.exec(words)?.[1]).toMatch(periodUnit === 'wk' ? String(period) : /once/);
      }
    }
  });
});

test('there are drugs and studies among the orders', () => {
  expect(new Set(orders.map(([, { resource }]) => resource.resourceType))).toEqual(
    new Set(['MedicationRequest', 'ServiceRequest']),
  );
});
