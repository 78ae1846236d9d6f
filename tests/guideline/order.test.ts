import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { JsonObject } from '../../src/chart/reading.ts';
import type { OrderFile } from '../../src/guideline/card.ts';
import { compileOrder, createOrder, doseByWeight, type OrderContext, updateDraft } from '../../src/guideline/order.ts';
import { Facts } from '../../src/guideline/parsed-text.ts';
import { parseText } from '../../src/guideline/template.ts';
import { chartFrom, coding, complete, draftsOf, medicated, RXNORM } from '../chart/builders.ts';
import { fhirErrors } from '../support/fhir-schema.ts';

const LABEL = { mgPerKg: 15, maxMg: 1200 };
const facts = new Facts(() => 'yes');

const byWeight: OrderFile = {
  id: 'by-weight',
  description: 'Order {{ weight.doseMg }} mg for {{ weight.kg }} kg',
  dose: LABEL,
  resource: {
    resourceType: 'MedicationRequest',
    medicationCodeableConcept: { text: 'Drug {{ weight.doseMg }} mg' },
    dosageInstruction: [
      {
        text: '{{ weight.doseMg }} mg for {{ weight.kg }} kg of {{ weight.date }}',
        doseAndRate: [{ doseQuantity: { unit: 'mg', code: 'mg', system: 'http://unitsofmeasure.org' } }],
      },
    ],
  },
};
const study: OrderFile = {
  id: 'study',
  description: 'Order the study',
  resource: { resourceType: 'ServiceRequest', code: { text: 'The study' } },
};

function created(file: OrderFile, context: OrderContext, kg = 28, doseMg = 420) {
  const weight = { kg: String(kg), date: '2026-11-01', doseMg: String(doseMg) };
  const action = createOrder(
    compileOrder(file, parseText),
    { facts, values: new Facts(() => ''), orderedDrugs: 'x', weight },
    context,
  );
  if (action.type !== 'create') throw new Error('An order is created');
  const resource: Readonly<Record<string, unknown>> = { ...action.resource };
  return { description: action.description, resource };
}

describe('a dose by weight', () => {
  test.each([
    ['28 kg', 28, 420],
    ['a weight with a fraction, rounded to a whole milligram', 40.0068, 600],
    ['half a milligram, rounded up', 0.1, 2],
    ['57.2 kg', 57.2, 858],
    ['just below the cap', 79.9, 1199],
    ['the cap is reached at 80 kg', 80, 1200],
    ['and not exceeded above', 80.1, 1200],
    ['nor far above', 200, 1200],
  ])('%s', (_claim, kg, mg) => {
    expect(doseByWeight(LABEL, kg)).toBe(mg);
  });

  test('is whole, within half a milligram of 15 mg/kg, never above 1200 mg and never less for a heavier child', () => {
    const weight = fc.double({ min: 8, max: 200, noNaN: true });
    fc.assert(
      fc.property(weight, weight, (a, b) => {
        const dose = doseByWeight(LABEL, a);
        expect(Number.isInteger(dose)).toBe(true);
        expect(dose).toBeLessThanOrEqual(1200);
        expect(Math.abs(dose - 15 * Math.min(a, 80))).toBeLessThanOrEqual(0.5);
        expect(Math.sign(doseByWeight(LABEL, b) - dose)).not.toBe(-Math.sign(b - a));
      }),
    );
  });

  test('stands in the quantity, in the texts and in the description alike', () => {
    const { description, resource } = created(byWeight, { patientId: 'p1' });
    expect(description).toBe('Order 420 mg for 28 kg');
    expect(resource).toMatchObject({
      medicationCodeableConcept: { text: 'Drug 420 mg' },
      dosageInstruction: [
        { text: '420 mg for 28 kg of 2026-11-01', doseAndRate: [{ doseQuantity: { value: 420, unit: 'mg' } }] },
      ],
    });
  });

  test('of one patient does not stay in the order of the next', () => {
    const order = compileOrder(byWeight, parseText);
    const write = (doseMg: string, patientId: string) =>
      createOrder(
        order,
        { facts, values: new Facts(() => ''), orderedDrugs: 'x', weight: { kg: '1', date: '2026-01-01', doseMg } },
        { patientId },
      );
    const first = JSON.stringify(write('15', 'p1'));
    expect(JSON.stringify(write('30', 'p2'))).not.toMatch(/15|p1/);
    expect(JSON.stringify(write('15', 'p1'))).toBe(first);
  });
});

describe('a draft for this patient', () => {
  test('is a draft order with its subject, and nothing that the call did not give', () => {
    expect(created(study, { patientId: 'p1' }).resource).toEqual({
      resourceType: 'ServiceRequest',
      status: 'draft',
      intent: 'order',
      code: { text: 'The study' },
      subject: { reference: 'Patient/p1' },
    });
  });

  test('names the encounter, the user who orders and the Condition that decided, where the call gives them', () => {
    const context = {
      patientId: 'p1',
      encounterId: 'e1',
      userId: 'Practitioner/u1',
      reason: { reference: 'Condition/c1' },
    };
    expect(created(study, context).resource).toMatchObject({
      subject: { reference: 'Patient/p1' },
      encounter: { reference: 'Encounter/e1' },
      requester: { reference: 'Practitioner/u1' },
      reasonReference: [{ reference: 'Condition/c1' }],
    });
  });

  test.each([
    ['a practitioner', 'Practitioner/u1', true],
    ['a practitioner in a role', 'PractitionerRole/u1', true],
    ['a patient', 'Patient/p1', false],
    ['a relative', 'RelatedPerson/r1', false],
    ['a bare id', 'u1', false],
    ['an absolute address', 'https://ehr.example/Practitioner/u1', false],
    ['a version', 'Practitioner/u1/_history/2', false],
  ])('%s as the user: is the requester: %s', (_claim, userId, isRequester) => {
    const { resource } = created(study, { patientId: 'p1', userId });
    expect(resource['requester']).toEqual(isRequester ? { reference: userId } : undefined);
    expect('requester' in resource).toBe(isRequester);
  });

  test.each([
    [
      'with everything',
      { patientId: 'p1', encounterId: 'e1', userId: 'Practitioner/u', reason: { reference: 'Condition/c' } },
    ],
    ['with the patient alone', { patientId: 'p1' }],
  ])('is valid FHIR %s', (_claim, context) => {
    expect(fhirErrors(created(study, context).resource)).toEqual([]);
    expect(fhirErrors(created(byWeight, context).resource)).toEqual([]);
  });

  test('of one patient changes nothing in the guideline', () => {
    const before = JSON.stringify([study, byWeight]);
    created(study, { patientId: 'p1' });
    created(byWeight, { patientId: 'p1' });
    expect(JSON.stringify([study, byWeight])).toBe(before);
  });
});

/** What is null or empty in a value, at every depth. */
function blanksIn(value: unknown): readonly unknown[] {
  if (value === null || (typeof value === 'string' && value.trim() === '')) return [value];
  if (typeof value !== 'object') return [];
  const parts = Object.values(value);
  return parts.length === 0 ? [value] : parts.flatMap(blanksIn);
}

describe('a draft that is changed', () => {
  const flat: OrderFile = {
    id: 'flat',
    description: 'Order the drug 1200 mg',
    resource: {
      resourceType: 'MedicationRequest',
      medicationCodeableConcept: { coding: [{ system: RXNORM, code: '1' }], text: 'Drug 1200 mg IV every 3 weeks' },
      dosageInstruction: [{ text: '1200 mg IV every 3 weeks' }],
    },
  };
  const variables = {
    facts,
    values: new Facts(() => ''),
    orderedDrugs: 'x',
    weight: { kg: '28', date: '2026-11-01', doseMg: '420' },
  };
  const draftOf = (more: JsonObject = {}): JsonObject => ({
    ...medicated('MedicationRequest', { coding: [coding(RXNORM, '1792776', 'atezolizumab')], text: 'atezolizumab' }),
    id: 'd1',
    status: 'draft',
    intent: 'order',
    subject: { reference: 'Patient/p1' },
    dosageInstruction: [{ text: '1500 mg', additionalInstruction: [{ text: 'slowly' }] }],
    note: [{ text: 'Cycle 3' }],
    ...more,
  });
  function updated(drafts: readonly JsonObject[], file: OrderFile = flat) {
    const chart = chartFrom(complete(), draftsOf(drafts));
    const atHand = (chart.drafts ?? []).map(({ evidence }) => evidence);
    const action = updateDraft(compileOrder(file, parseText), chart.drafts ?? [], atHand, variables);
    return action?.type === 'update' ? action : undefined;
  }

  test('comes back whole, with the dosage of the order and its words (CH-118)', () => {
    expect(updated([draftOf()])).toEqual({
      type: 'update',
      description: 'Change the draft order to: Drug 1200 mg IV every 3 weeks',
      resource: {
        resourceType: 'MedicationRequest',
        id: 'd1',
        status: 'draft',
        intent: 'order',
        medicationCodeableConcept: {
          coding: [coding(RXNORM, '1792776', 'atezolizumab')],
          text: 'Drug 1200 mg IV every 3 weeks',
        },
        subject: { reference: 'Patient/p1' },
        dosageInstruction: [{ text: '1200 mg IV every 3 weeks' }],
        note: [{ text: 'Cycle 3' }],
      },
    });
  });

  test('takes over a dose by weight', () => {
    expect(updated([draftOf()], byWeight)?.resource).toMatchObject({
      dosageInstruction: [
        { text: '420 mg for 28 kg of 2026-11-01', doseAndRate: [{ doseQuantity: { value: 420, unit: 'mg' } }] },
      ],
      medicationCodeableConcept: { text: 'Drug 420 mg' },
    });
  });

  test('keeps a medication that stands elsewhere', () => {
    const reference = { medicationCodeableConcept: undefined, medicationReference: { display: 'atezolizumab' } };
    const { resource } = updated([draftOf(reference)]) ?? {};
    expect(resource).toMatchObject({ medicationReference: { display: 'atezolizumab' } });
    expect(resource).not.toHaveProperty('medicationCodeableConcept');
  });

  test('loses the narrative of its former dose, and what is null or empty (CH-19, CH-20)', () => {
    const { resource } =
      updated([
        draftOf({
          text: { status: 'generated', div: '<div>1500 mg</div>' },
          category: [],
          priority: null,
          note: [{ text: '' }, null, { text: 'Cycle 3' }],
          dispenseRequest: { quantity: {} },
        }),
      ]) ?? {};
    expect(Object.keys(resource ?? {}).toSorted()).toEqual([
      'dosageInstruction',
      'id',
      'intent',
      'medicationCodeableConcept',
      'note',
      'resourceType',
      'status',
      'subject',
    ]);
    expect(resource).toMatchObject({ note: [{ text: 'Cycle 3' }] });
    expect(fhirErrors(resource)).toEqual([]);
  });

  test.each<[string, readonly JsonObject[], OrderFile]>([
    ['of two at hand', [draftOf(), draftOf({ id: 'd2' })], flat],
    ['of two with one id', [draftOf(), draftOf()], flat],
    ['without an id', [draftOf({ id: undefined })], flat],
    ['that was signed before', [draftOf({ status: 'active' })], flat],
    ['for a service', [{ resourceType: 'ServiceRequest', id: 'd1', status: 'draft', code: { text: 'CT' } }], flat],
    ['by an order for a service', [draftOf()], study],
    [
      'that nests without end',
      [draftOf({ extension: JSON.parse('[{"extension":'.repeat(60) + '1' + '}]'.repeat(60)) })],
      flat,
    ],
    ['that is not there', [], flat],
  ])('is none: %s', (_what, drafts, file) => {
    expect(updated(drafts, file)).toBeUndefined();
  });

  test('whatever else it holds, nothing in it is null or empty and nothing throws', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 6 }),
        fc.constantFrom('note', 'extension', 'category', 'medicationCodeableConcept'),
        (value, member) => {
          const action = updated([draftOf({ [member]: value })]);
          expect(blanksIn(action?.resource)).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });
});
