import { describe, expect, test } from '@jest/globals';
import type { JsonObject, ResourceKey } from '../../src/chart/reading.ts';
import type { DrugClass } from '../../src/chart/terminology.ts';
import {
  asps,
  chartFrom,
  chartOf,
  coded,
  complete,
  condition,
  cutShort,
  ICD,
  medicated,
  type Parts,
  RXNORM,
  SNOMED,
  without,
} from './builders.ts';

const KEYS: Readonly<Record<string, ResourceKey>> = {
  MedicationRequest: 'medicationRequests',
  MedicationAdministration: 'medicationAdministrations',
  MedicationStatement: 'medicationStatements',
};
const chartWith = (type: string, more: JsonObject, drug: JsonObject | string = 'Keytruda') =>
  chartOf({ [KEYS[type] ?? 'patient']: [medicated(type, drug, more)] });
const exposuresOf = (...args: Parameters<typeof chartWith>) => chartWith(...args).exposures;
/** Whether the record says that the drug was had or is ordered. */
const summary = (type: string, more: JsonObject) => {
  const { exposureTo, exposures } = chartWith(type, more);
  if (exposureTo['pd-1-pd-l1-inhibitor'].state !== 'yes') return [];
  return exposures.map(({ ordered }) => (ordered ? 'ordered' : 'had'));
};

describe('a MedicationRequest', () => {
  test.each([
    ['active', 'ordered'],
    ['on-hold', 'ordered'],
    ['completed', 'had'],
    ['stopped', 'had'],
    ['unknown', 'had'],
    [undefined, 'had'],
  ])('that is %p counts: %s', (status, expected) => {
    expect(summary('MedicationRequest', { status, intent: 'order' })).toEqual([expected]);
  });

  test.each(['cancelled', 'draft', 'entered-in-error'])('that is %s does not', (status) => {
    expect(summary('MedicationRequest', { status, intent: 'order' })).toEqual([]);
  });

  test.each(['order', 'original-order', 'reflex-order', 'filler-order', 'instance-order', undefined])(
    'of intent %p counts',
    (intent) => {
      expect(summary('MedicationRequest', { status: 'active', intent })).toEqual(['ordered']);
    },
  );

  test.each(['plan', 'proposal', 'option'])('of intent %s does not', (intent) => {
    expect(summary('MedicationRequest', { status: 'active', intent })).toEqual([]);
  });

  test('not to be performed does not count; one that says so not does', () => {
    expect(summary('MedicationRequest', { status: 'active', doNotPerform: true })).toEqual([]);
    expect(summary('MedicationRequest', { status: 'active', doNotPerform: false })).toEqual(['ordered']);
  });

  test('of a drug that the guideline does not know is none', () => {
    expect(exposuresOf('MedicationRequest', { status: 'active' }, 'ondansetron')).toEqual([]);
  });
});

describe('a MedicationAdministration', () => {
  test.each(['in-progress', 'completed', 'on-hold', 'stopped', 'unknown', undefined])(
    'that is %p counts as had',
    (status) => {
      expect(summary('MedicationAdministration', { status })).toEqual(['had']);
    },
  );

  test.each(['not-done', 'entered-in-error'])('that is %s does not', (status) => {
    expect(summary('MedicationAdministration', { status })).toEqual([]);
  });
});

describe('a MedicationStatement', () => {
  test.each(['active', 'completed', 'stopped', 'on-hold', 'unknown', undefined])(
    'that is %p counts as had',
    (status) => {
      expect(summary('MedicationStatement', { status })).toEqual(['had']);
    },
  );

  test.each(['not-taken', 'intended', 'entered-in-error'])('that is %s does not', (status) => {
    expect(summary('MedicationStatement', { status })).toEqual([]);
  });
});

describe('an exposure', () => {
  test('is dated by the order', () => {
    const [exposure] = exposuresOf('MedicationRequest', { authoredOn: '2026-03-01T08:00:00Z' });
    expect(exposure).toMatchObject({
      date: { text: '2026-03-01' },
      evidence: { reference: 'MedicationRequest/m1', kind: 'order', text: 'Keytruda', drug: 'pembrolizumab' },
    });
  });

  test.each([
    ['MedicationAdministration', { effectiveDateTime: '2026-03-01' }, '2026-03-01'],
    ['MedicationAdministration', { effectivePeriod: { start: '2026-03-01', end: '2026-03-02' } }, '2026-03-01'],
    ['MedicationStatement', { effectiveDateTime: '2026-03' }, '2026-03'],
    ['MedicationStatement', { effectivePeriod: { start: '2025' } }, '2025'],
  ])('a %s is dated by %p', (type, more, text) => {
    expect(exposuresOf(type, more)[0]?.date?.text).toBe(text);
  });

  test('without a date has none', () => {
    expect(exposuresOf('MedicationRequest', {})[0]?.date).toBeUndefined();
  });

  test('knows why it was stopped', () => {
    const stopped = (statusReason: JsonObject) =>
      exposuresOf('MedicationRequest', { status: 'stopped', statusReason })[0]?.stopReason;
    expect(stopped(coded(SNOMED, '266721009'))).toBe('no-response');
    expect(stopped(coded(SNOMED, '407563006'))).toBe('not-tolerated');
    expect(stopped({ text: 'moved away' })).toBe('other');
    expect(stopped({})).toBeUndefined();
  });

  test('is of each drug in a mixture', () => {
    const drugs = exposuresOf('MedicationRequest', {}, 'gemcitabine, docetaxel').map(({ drug }) => drug.drug);
    expect(drugs).toEqual(['gemcitabine', 'docetaxel']);
  });

  test('is found through a Medication that stands beside the order', () => {
    const order = { resourceType: 'MedicationRequest', id: 'm1', medicationReference: { reference: 'Medication/k' } };
    const beside = { resourceType: 'Medication', id: 'k', code: coded(RXNORM, '1547545') };
    expect(chartOf({ medicationRequests: [order, beside] }).exposures).toHaveLength(1);
  });

  test('stands only under the key of its type', () => {
    expect(chartOf({ procedures: [medicated('MedicationRequest', 'Keytruda')] }).exposures).toEqual([]);
    const misplaced = [medicated('MedicationRequest', 'Keytruda', { status: 'active' })];
    expect(chartOf({ medicationStatements: misplaced }).exposures).toEqual([]);
  });
});

describe('had a drug of the class', () => {
  test.each([
    ['pd-1-pd-l1-inhibitor', 'atezolizumab'],
    ['anti-angiogenic-tki', 'pazopanib'],
    ['anthracycline', 'doxorubicin'],
    ['other-cytotoxic', 'ifosfamide'],
  ] as const)('%s: %s, and no other class', (drugClass, drug) => {
    const { exposureTo } = chartOf({ medicationRequests: [medicated('MedicationRequest', drug)] });
    expect(exposureTo[drugClass]).toMatchObject({ state: 'yes', evidence: [{ reference: 'MedicationRequest/m1' }] });
    expect(Object.values(exposureTo).filter(({ state }) => state === 'yes')).toHaveLength(1);
  });

  test('by any of the three sources', () => {
    for (const [type, key] of Object.entries(KEYS)) {
      const chart = chartOf({ [key]: [medicated(type, 'nivolumab')] });
      expect(chart.exposureTo['pd-1-pd-l1-inhibitor'].state).toBe('yes');
    }
  });

  test('the latest first, the undated last', () => {
    const orders = [
      medicated('MedicationRequest', 'nivolumab', { id: 'undated' }),
      medicated('MedicationRequest', 'nivolumab', { id: 'early', authoredOn: '2025-01-01' }),
      medicated('MedicationRequest', 'nivolumab', { id: 'late', authoredOn: '2026-01-01' }),
    ];
    expect(
      chartOf({ medicationRequests: orders }).exposureTo['pd-1-pd-l1-inhibitor'].evidence.map(
        ({ reference }) => reference,
      ),
    ).toEqual(['MedicationRequest/late', 'MedicationRequest/early', 'MedicationRequest/undated']);
  });

  test('yes, whatever was not read', () => {
    const readings = complete({ medicationRequests: [medicated('MedicationRequest', 'nivolumab')] });
    const rest = without(cutShort(readings, 'medicationRequests'), 'medicationAdministrations', 'medicationStatements');
    expect(chartFrom(rest).exposureTo['pd-1-pd-l1-inhibitor'].state).toBe('yes');
  });
});

describe('no record of a class', () => {
  const INFUSIONS: readonly DrugClass[] = ['pd-1-pd-l1-inhibitor', 'anthracycline', 'other-cytotoxic'];
  const TABLETS: readonly DrugClass[] = ['anti-angiogenic-tki'];
  const all = [...INFUSIONS, ...TABLETS];
  const unread = (...keys: readonly ResourceKey[]) => {
    const { exposureTo } = chartFrom(without(complete(), ...keys));
    return all.filter((drugClass) => exposureTo[drugClass].state === 'unknown');
  };

  test.each([
    ['everything read', [], []],
    ['no orders', ['medicationRequests'], all],
    ['no administrations', ['medicationAdministrations'], INFUSIONS],
    ['no statements', ['medicationStatements'], []],
    ['orders alone', ['medicationAdministrations', 'medicationStatements'], INFUSIONS],
    ['nothing read', ['medicationRequests', 'medicationAdministrations', 'medicationStatements'], all],
  ] as const)('%s: unknown is %j → %j', (_claim, keys, expected) => {
    expect(unread(...keys)).toEqual(expected);
  });

  test('a page that is missing makes it unknown as well', () => {
    const { exposureTo } = chartFrom(cutShort(complete(), 'medicationAdministrations'));
    expect(exposureTo.anthracycline).toMatchObject({
      state: 'unknown',
      unread: [{ key: 'medicationAdministrations', reason: 'more-pages' }],
    });
  });

  test('statements that were not read are named all the same', () => {
    const { exposureTo } = chartFrom(without(complete(), 'medicationStatements'));
    expect(exposureTo.anthracycline).toMatchObject({
      state: 'no',
      searched: ['medicationRequests', 'medicationAdministrations'],
      unread: [{ key: 'medicationStatements', reason: 'failed' }],
    });
  });

  test.each([
    ['planned', { intent: 'plan' }],
    ['proposed', { intent: 'proposal' }],
    ['drafted', { status: 'draft' }],
  ])('a drug that is only %s makes it unknown, and is named', (_claim, more) => {
    const medicationRequests = [medicated('MedicationRequest', 'doxorubicin', more)];
    expect(chartOf({ medicationRequests }).exposureTo.anthracycline).toMatchObject({
      state: 'unknown',
      doubt: 'only-planned',
      evidence: [{ drug: 'doxorubicin' }],
    });
  });

  const nameless = (resourceType: string, more: JsonObject = {}) => ({ resourceType, id: 'n1', ...more });

  test.each<[string, Parts]>([
    ['an order without a medication', { medicationRequests: [nameless('MedicationRequest', { status: 'active' })] }],
    [
      'an order of a Medication that is not there',
      {
        medicationRequests: [
          nameless('MedicationRequest', { medicationReference: { reference: 'Medication/gone' }, status: 'completed' }),
        ],
      },
    ],
    ['a dose without a name', { medicationAdministrations: [nameless('MedicationAdministration')] }],
    [
      'a dose of a blank name',
      {
        medicationAdministrations: [
          nameless('MedicationAdministration', { medicationCodeableConcept: { text: ' ', coding: [{}] } }),
        ],
      },
    ],
  ])('%s leaves every class unknown', (_claim, parts) => {
    const { exposureTo } = chartOf(parts);
    for (const drugClass of all)
      expect(exposureTo[drugClass]).toMatchObject({ state: 'unknown', doubt: 'not-named', evidence: [{}] });
  });

  test('a record without a name takes back no yes, and counts by its status', () => {
    const beside = [medicated('MedicationRequest', 'nivolumab'), nameless('MedicationRequest')];
    expect(chartOf({ medicationRequests: beside }).exposureTo['pd-1-pd-l1-inhibitor'].state).toBe('yes');
    expect(chartOf({ medicationRequests: beside }).exposureTo.anthracycline.state).toBe('unknown');
    const cancelled = [nameless('MedicationRequest', { status: 'cancelled' })];
    expect(chartOf({ medicationRequests: cancelled }).exposureTo.anthracycline.state).toBe('no');
    const other = [medicated('MedicationRequest', coded(RXNORM, '21212'))];
    expect(chartOf({ medicationRequests: other }).exposureTo.anthracycline.state).toBe('no');
  });

  test('records that do not count leave it at no', () => {
    const parts = {
      conditions: [asps(), condition(coded(ICD, 'I10'))],
      medicationRequests: [medicated('MedicationRequest', 'doxorubicin', { status: 'cancelled' })],
      medicationAdministrations: [medicated('MedicationAdministration', 'doxorubicin', { status: 'not-done' })],
    };
    expect(chartOf(parts).exposureTo.anthracycline.state).toBe('no');
  });
});
