import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { CHART_TYPES } from '../../src/backtest/chart-types.ts';
import { EMPTY_FINDINGS, mergeFindings } from '../../src/backtest/findings.ts';
import { chartQueries } from '../../src/chart/queries.ts';
import { RESOURCE_KEYS } from '../../src/chart/reading.ts';
import { FIXTURE_DATE } from '../../src/ehr-demo/hook-request.ts';
import { loadScenarios } from '../../src/ehr-demo/scenarios.ts';
import { evaluated, exported, exportOf, guideline, patientRecord } from './exported-patients.ts';

/** Types of which each is one key: an export without it is a call without that key. */
const TYPE_OF_KEY = new Map(
  Object.entries(chartQueries({ tokens: () => [] })).flatMap(([key, query]) =>
    query.startsWith('Observation') ? [] : [[key, query.split(/[/?]/)[0] ?? '']],
  ),
);

const charts = loadScenarios().flatMap(({ patient, calls }) =>
  calls
    .filter(({ hook, omit = [] }) => hook === 'patient-view' && omit.every((key) => TYPE_OF_KEY.has(key)))
    .map(({ omit = [], cards }) => {
      const without = omit.map((key) => TYPE_OF_KEY.get(key) ?? '');
      return [
        without.length === 0 ? patient : `${patient} without ${without.join()}`,
        patient,
        without,
        cards,
      ] as const;
    }),
);

describe('a synthetic patient in an export gets the cards that the service gives them', () => {
  test('there are many of them, some with a type that was not exported', () => {
    expect(charts.length).toBeGreaterThan(50);
    expect(charts.filter(([, , without]) => without.length > 0).length).toBeGreaterThan(2);
  });

  test.each(charts)('%s', async (_name, patient, without, cards) => {
    const findings = await evaluated(exported(patient), { summary: exportOf(without) });
    const onDate = findings.byDate[FIXTURE_DATE];
    expect(findings.ids[patient]?.[FIXTURE_DATE]?.map((name) => name.split('@')[0])).toEqual(Object.keys(cards));
    const shown = Object.entries(onDate?.cards ?? {}).filter(([, card]) => card.shown > 0);
    expect(Object.fromEntries(shown.map(([name, card]) => [name.split('@')[0], card.byIndicator]))).toEqual(
      Object.fromEntries(Object.entries(cards).map(([id, indicator]) => [id, { [indicator]: 1 }])),
    );
    expect(onDate?.withCard).toBe(Object.keys(cards).length > 0 ? 1 : 0);
  });
});

describe('what is counted', () => {
  test('a card is counted by the version that it has now', async () => {
    const findings = await evaluated(exported('metastatic-untreated'));
    const version = guideline.cards.find(({ file }) => file.id === 'baseline-brain-mri')?.file.version;
    expect(findings.byDate[FIXTURE_DATE]?.cards[`baseline-brain-mri@${version}`]).toEqual({
      shown: 1,
      byIndicator: { warning: 1 },
      cut: 0,
      shadow: 0,
      undecided: 0,
    });
  });

  test('what applies beyond the limit is cut, and shown again without a limit', async () => {
    const totals = async (maxCards: number) => {
      const findings = await evaluated(exported('metastatic-untreated'), { maxCards });
      const cards = Object.values(findings.byDate[FIXTURE_DATE]?.cards ?? {});
      return [cards.reduce((sum, { shown }) => sum + shown, 0), cards.reduce((sum, { cut }) => sum + cut, 0)] as const;
    };
    const [all, none] = await totals(0);
    expect(all).toBeGreaterThan(1);
    expect(none).toBe(0);
    expect(await totals(1)).toEqual([1, all - 1]);
  });

  test('a type of which the export has no line is not read, and one that has lines of others is empty', async () => {
    const { resources } = exported('metastatic-untreated');
    const withoutDoses = patientRecord(
      'metastatic-untreated',
      ...resources.filter(({ resourceType }) => resourceType !== 'MedicationAdministration'),
    );
    const unread = async (without: readonly string[]) =>
      (await evaluated(withoutDoses, { summary: exportOf(without) })).byDate[FIXTURE_DATE]?.unreadKeys;
    expect(await unread([])).toEqual({});
    expect(await unread(['MedicationAdministration'])).toEqual({ medicationAdministrations: 1 });
  });

  test('cards whose condition an unread part leaves open are counted as not known', async () => {
    const undecided = async (without: readonly string[]) =>
      Object.values(
        (await evaluated(exported('metastatic-untreated'), { summary: exportOf(without) })).byDate[FIXTURE_DATE]
          ?.cards ?? {},
      ).filter((card) => card.undecided > 0).length;
    const everythingElse = [...CHART_TYPES].filter((type) => !['Patient', 'Condition'].includes(type));
    expect(await undecided(everythingElse)).toBeGreaterThan(await undecided([]));
  });

  test('a Medication that an order refers to by a whole address names its drug', async () => {
    const { id, resources } = exported('metastatic-untreated');
    const order = {
      resourceType: 'MedicationRequest',
      id: 'order',
      status: 'active',
      intent: 'order',
      authoredOn: '2026-06-01',
      subject: { reference: `Patient/${id}` },
      medicationReference: { reference: 'https://ehr.example.org/fhir/Medication/atezo/_history/2' },
    };
    const medication = {
      resourceType: 'Medication',
      id: 'atezo',
      code: {
        coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm', code: '1792776' }],
        text: 'atezolizumab',
      },
    };
    const shown = async (...more: readonly { readonly [member: string]: unknown }[]) =>
      (await evaluated(patientRecord(id, ...resources, ...more))).ids[id]?.[FIXTURE_DATE]?.map(
        (name) => name.split('@')[0],
      );
    expect(await shown()).toContain('atezolizumab-first-line');
    expect(await shown(order, medication)).not.toContain('atezolizumab-first-line');
  });

  describe('an order whose Medication is not in the export', () => {
    const order = (medicationReference: object, more: object = {}) => ({
      resourceType: 'MedicationRequest',
      id: 'order',
      status: 'active',
      intent: 'order',
      authoredOn: '2026-06-01',
      subject: { reference: 'Patient/metastatic-untreated' },
      medicationReference,
      ...more,
    });
    const product = {
      resourceType: 'Medication',
      id: 'a',
      ingredient: [{ itemReference: { reference: 'Medication/b' } }],
    };
    const circle = {
      resourceType: 'Medication',
      id: 'b',
      ingredient: [{ itemReference: { reference: 'Medication/a' } }],
    };
    const substance = { resourceType: 'Medication', id: 'b', code: { text: 'pazopanib' } };
    const toA = { reference: 'Medication/a' };

    test.each([
      ['alone', [order(toA)], true],
      ['under words that name no drug', [order({ ...toA, display: 'IP ONC STUDY DRUG IVPB' })], true],
      ['by an identifier alone', [order({ identifier: { value: '17' } })], true],
      ['and is made of one that is not', [order(toA), product], true],
      ['but named by its display', [order({ ...toA, display: 'pazopanib 400 mg' })], false],
      ['but entered in error', [order(toA, { status: 'entered-in-error' })], false],
      ['but contained', [order({ reference: '#a' }, { contained: [{ resourceType: 'Medication', id: 'a' }] })], false],
      ['and is there after all', [order(toA), product, substance], false],
      ['and is there without a name, made of itself', [order(toA), product, circle], false],
    ])('referred to %s', async (_name, more, isMissing) => {
      const { id, resources } = exported('metastatic-untreated');
      const { byDate } = await evaluated(patientRecord(id, ...resources, ...more), {
        asOf: ['2026-05-01', FIXTURE_DATE],
      });
      expect(byDate[FIXTURE_DATE]?.unreadKeys).toEqual(isMissing ? { medications: 1 } : {});
      expect(byDate['2026-05-01']?.unreadKeys).toEqual({});
    });
  });

  test('a patient without ASPS, without a Patient resource, and one who has died get no cards and are told apart', async () => {
    const { id, resources } = exported('metastatic-untreated');
    const of = (type: string) => resources.filter(({ resourceType }) => resourceType === type);
    const states = async (...some: Parameters<typeof patientRecord>[1][]) => {
      const date = (await evaluated(patientRecord(id, ...some))).byDate[FIXTURE_DATE];
      return [date?.established, date?.absent, date?.unanswered, date?.deceased, date?.withCard];
    };
    expect(await states(...of('Patient'))).toEqual([0, 1, 0, 0, 0]);
    expect(await states(...of('Condition'))).toEqual([0, 0, 1, 0, 0]);
    expect(await states(...of('Condition'), { ...of('Patient')[0], deceasedBoolean: true })).toEqual([1, 0, 0, 1, 0]);
    expect(await states(...resources)).toEqual([1, 0, 0, 0, 1]);
  });

  test('names no patient unless it is asked to', async () => {
    const findings = await evaluated(exported('metastatic-untreated'), { withIds: false });
    expect(findings.ids).toEqual({});
    expect(JSON.stringify(findings)).not.toContain('metastatic-untreated');
  });

  test("counts a patient's Encounters of the last 52 weeks as calls, those that were not held left out", async () => {
    const { id, resources } = exported('metastatic-untreated');
    const others = resources.filter(({ resourceType }) => resourceType !== 'Encounter');
    const visit = (start: string, status = 'finished') => ({
      resourceType: 'Encounter',
      id: `visit-${start}-${status}`,
      status,
      subject: { reference: `Patient/${id}` },
      period: { start },
    });
    const findings = await evaluated(
      patientRecord(
        id,
        ...others,
        visit('2026-11-20T09:00:00Z'),
        visit('2026-03-01'),
        visit('2026-05-01', 'cancelled'),
        visit('2020-01-01'),
      ),
      { summary: { ...exportOf(), encountersByDay: { '2020-01-01': 1, '2026-11-20': 3 } } },
    );
    expect(findings.encounters).toEqual({ ofPatients: 2, withCard: 2 });
  });
});

const anything = fc.object({
  maxDepth: 3,
  key: fc.constantFrom('resourceType', 'id', 'code', 'status', 'period', 'text'),
});
const types = fc.constantFrom(...CHART_TYPES, 'Medication', 'Nonsense');

test('whatever stands in a record, the patient is counted once, in one state, and nothing is thrown', async () => {
  const { id, resources } = exported('metastatic-untreated');
  const kept = resources.filter(({ resourceType }) => resourceType === 'Condition' || resourceType === 'Patient');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(types, anything)), fc.boolean(), async (odd, withBasics) => {
      const made = odd.map(([resourceType, body]) => ({ ...body, resourceType }));
      const findings = await evaluated(patientRecord(id, ...(withBasics ? kept : []), ...made));
      const {
        established = 0,
        suspected = 0,
        absent = 0,
        unanswered = 0,
        failed = 0,
      } = findings.byDate[FIXTURE_DATE] ?? {};
      expect([findings.patients, established + suspected + absent + unanswered + failed, failed]).toEqual([1, 1, 0]);
    }),
    { numRuns: 60 },
  );
});

test('a patient whose evaluation breaks off is counted, and takes nobody along', async () => {
  const broken = {
    resourceType: 'Condition',
    get code(): never {
      throw new Error('not to be read');
    },
  };
  const [bad, good] = await Promise.all([
    evaluated(patientRecord('bad', broken)),
    evaluated(exported('metastatic-untreated')),
  ]);
  const both = mergeFindings(mergeFindings(EMPTY_FINDINGS, bad), good).byDate[FIXTURE_DATE];
  expect([both?.failed, both?.established, both?.withCard]).toEqual([1, 1, 1]);
});

test('every part of the chart is of a type that an export can leave out', () => {
  expect(RESOURCE_KEYS.length).toBe(TYPE_OF_KEY.size + 6);
});

test('a date that is none is refused before anything is read', () => {
  expect(() => evaluated(exported('metastatic-untreated'), { asOf: ['2026-02-30'] })).toThrow('2026-02-30 is no date');
});
