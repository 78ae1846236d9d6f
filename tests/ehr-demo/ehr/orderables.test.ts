import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { newDrafts, signedOrder } from '../../../src/ehr-demo/ehr/drafts.ts';
import { draftsIn } from '../../../src/ehr-demo/ehr/ehr.ts';
import { newProblem } from '../../../src/ehr-demo/ehr/new-problem.ts';
import { loadOrderables, loadProblems } from '../../../src/ehr-demo/ehr/orderables.ts';
import { type Resource, storeOf } from '../../../src/ehr-demo/patient-store.ts';
import { FixtureError } from '../../../src/ehr-demo/scenarios.ts';

const TODAY = new Date('2027-03-01T23:30:00Z');

describe.each(loadOrderables().map((orderable) => [orderable.id, orderable] as const))(
  'the order %s',
  (_id, orderable) => {
    const drafts = newDrafts(orderable, 'p1', TODAY);

    test('is unsigned, of today, of this patient, and without an id', () => {
      expect(drafts.length).toBeGreaterThan(0);
      for (const draft of drafts) {
        expect(draft).toMatchObject({
          status: 'draft',
          intent: 'order',
          authoredOn: '2027-03-01',
          subject: { reference: 'Patient/p1' },
        });
        expect(draft).not.toHaveProperty('id');
      }
      const kept = drafts.map((draft, at) => ({ ...draft, id: `d${at}` }) as Resource);
      expect(draftsIn(storeOf('p1', kept))).toEqual(kept);
    });

    test('refers to nothing but the patient, so that it may get another id', () => {
      const references = [...JSON.stringify(drafts).matchAll(/"reference":"([^"]*)"/g)].map(
        ([, reference]) => reference,
      );
      expect(new Set(references)).toEqual(new Set(['Patient/p1']));
    });
  },
);

test('there is something to choose in each group, and each group stands together', () => {
  const groups = loadOrderables().map(({ group }) => group);
  expect([...new Set(groups)]).toEqual(['Systemic therapy', 'Imaging', 'Surgery', 'Pathology and tests', 'Other']);
  expect(groups.filter((group, at) => group !== groups[at - 1])).toHaveLength(new Set(groups).size);
});

test('no label is there twice', () => {
  for (const choices of [loadOrderables(), loadProblems()]) {
    expect(new Set(choices.map(({ label }) => label)).size).toBe(choices.length);
  }
});

test('a problem is added as of today, active, confirmed and on the problem list', () => {
  for (const problem of loadProblems()) {
    expect(newProblem(problem, 'p1', TODAY)).toMatchObject({
      resourceType: 'Condition',
      clinicalStatus: { coding: [{ code: 'active' }] },
      verificationStatus: { coding: [{ code: 'confirmed' }] },
      category: [{ coding: [{ code: 'problem-list-item' }] }],
      code: problem.code,
      subject: { reference: 'Patient/p1' },
      recordedDate: '2027-03-01',
    });
  }
});

test('every code of a problem is one that was verified', () => {
  const verified = readFileSync(new URL('../../../cards/verified-codes.tsv', import.meta.url), 'utf8');
  for (const { system, code } of loadProblems().flatMap((problem) => problem.code.coding)) {
    expect(verified).toContain(`${system}\t${code}\t`);
  }
});

test('only unsigned orders are drafts', () => {
  const resource = (resourceType: string, status: unknown): Resource => ({
    resourceType,
    id: String(status),
    status,
  });
  const chart = storeOf('p1', [
    resource('ServiceRequest', 'draft'),
    resource('ServiceRequest', 'active'),
    resource('MedicationRequest', ['draft']),
    resource('CarePlan', 'draft'),
    resource('__proto__', 'draft'),
  ]);
  expect(draftsIn(chart)).toEqual([resource('ServiceRequest', 'draft')]);
});

test('a signature dates an order that has no date, and no other', () => {
  const order: Resource = { resourceType: 'ServiceRequest', id: 'a', status: 'draft' };
  expect(signedOrder(order, TODAY)).toEqual({ ...order, status: 'active', authoredOn: '2027-03-01' });
  expect(signedOrder({ ...order, authoredOn: '2027-02' }, TODAY)).toMatchObject({ authoredOn: '2027-02' });
  expect(signedOrder({ ...order, resourceType: 'NutritionOrder' }, TODAY)).not.toHaveProperty('authoredOn');
});

describe('a catalogue that is not as expected is refused with its file and reason', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
    mkdirSync(folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test.each([
    ['empty', '', /must be array/],
    ['no list', 'id: a', /must be array/],
    ['a list of nothing', '[]', /fewer than 1/],
    ['without a draft', '[{ id: a, label: A, group: G }]', /required property 'draft'/],
    ['with what is not known', '[{ id: a, label: A, group: G, draft: d, dose: 1 }]', /additional properties/],
    ['with a path for a draft', '[{ id: a, label: A, group: G, draft: ../patients/x }]', /pattern/],
    [
      'with an id twice',
      '[{ id: a, label: A, group: G, draft: d }, { id: a, label: B, group: G, draft: e }]',
      /a twice/,
    ],
    ['no YAML', '[', /cannot be read/],
  ])('%s', (_what, text, reason) => {
    writeFileSync(join(folder, 'orderables.yaml'), text);
    const loading = () => loadOrderables(folder);
    expect(loading).toThrow(FixtureError);
    expect(loading).toThrow(reason);
    expect(loading).toThrow(/orderables\.yaml/);
  });

  test('not there', () => {
    expect(() => loadProblems(folder)).toThrow(/problems\.yaml cannot be read/);
  });
});
