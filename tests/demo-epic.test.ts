import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { EPIC_PREFERENCE_LIST } from '../src/cds-hooks/profile.ts';
import { mappedOrders } from '../src/demo-epic.ts';
import { GuidelineError } from '../src/guideline/load.ts';
import { loadGuidelines } from '../src/guidelines.ts';
import { shipped } from './guideline/folder.ts';

const client = 'Demo EHR (Epic-like)';
const guidelines = loadGuidelines({ onFirstCall: { client, overlay: mappedOrders } });

test('every order of the guideline is mapped, and stays what it was otherwise', () => {
  const { files } = mappedOrders(shipped);
  expect([...files.keys()]).toEqual([...shipped.keys()].filter((path) => path.startsWith('orders/')));
  for (const [path, text] of files) {
    const order = JSON.parse(text) as Content;
    const [concept] = [order.resource['medicationCodeableConcept'], order.resource['code']].filter(Boolean);
    const [entry] = concept?.coding.splice(0, 1) ?? [];
    expect([path, entry]).toEqual([
      path,
      { system: EPIC_PREFERENCE_LIST, code: `DEMO-${order.id}`, display: concept?.text },
    ]);
    // An order may stand in words alone.
    if (concept?.coding.length === 0) Reflect.deleteProperty(concept, 'coding');
    expect(order).toEqual(parse(shipped.get(path) ?? ''));
  }
});

interface Content {
  readonly id: string;
  readonly resource: Readonly<Record<string, { readonly coding: unknown[]; readonly text: string }>>;
}

describe('a guideline that is made when its client first calls', () => {
  test('is made once, and nobody else gets it', () => {
    expect(guidelines.forClient(client)).toBe(guidelines.forClient(client));
    expect(guidelines.forClient(undefined)).toBe(guidelines.standard);
    expect(guidelines.forClient('Another Hospital')).toBe(guidelines.standard);
    expect(guidelines.siteOf(guidelines.standard)).toBeUndefined();
  });

  test('has pages of its own, which its cards link to', () => {
    expect(guidelines.siteOf(guidelines.forClient(client))).toBe(client);
    expect(guidelines.ofSite(client)).toBe(guidelines.forClient(client));
    expect(guidelines.ofSite('nobody')).toBeUndefined();
  });
});

test('a site that has its own orders, or has mapped one itself, keeps them', () => {
  let given: ReadonlyMap<string, string> = new Map();
  const overlayDir = fileURLToPath(new URL('../fixtures/overlays/general-hospital/', import.meta.url));
  const site = loadGuidelines({
    overlayDir,
    onFirstCall: { client, overlay: (files) => mappedOrders((given = files)) },
  });
  site.forClient(client);
  expect(given.get('orders/mri-brain.yaml')).toContain('MRI-BRAIN-SARC');
  expect([...given.keys()]).toEqual(
    expect.arrayContaining([...shipped.keys()].filter((path) => path.startsWith('orders/'))),
  );

  const own = { id: 'x', resource: { code: { coding: [{ system: EPIC_PREFERENCE_LIST, code: '7' }], text: 'X' } } };
  const { files } = mappedOrders(new Map([['orders/x.yaml', JSON.stringify(own)]]));
  expect(JSON.parse(files.get('orders/x.yaml') ?? '')).toEqual(own);
});

test('a guideline that cannot be made is a fault that is told, and nobody gets another one in its place', () => {
  const broken = { folder: 'broken/', files: new Map([['orders/mri-brain.yaml', 'id: another']]) };
  const { forClient } = loadGuidelines({ onFirstCall: { client, overlay: () => broken } });
  expect(() => forClient(client)).toThrow(GuidelineError);
  expect(() => forClient(client)).toThrow(GuidelineError);
});

test('an order that says nothing of what is ordered is left to the guideline to refuse', () => {
  const files = new Map([...shipped, ['orders/odd.yaml', 'just a text'], ['orders/none.yaml', 'resource: 3']]);
  const { files: overlay } = mappedOrders(files);
  expect([overlay.get('orders/odd.yaml'), overlay.get('orders/none.yaml')]).toEqual([
    '"just a text"',
    '{"resource":3}',
  ]);
});
