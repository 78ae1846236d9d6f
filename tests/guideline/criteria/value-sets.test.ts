import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Drug } from '../../../src/chart/terminology.ts';
import { CRITERIA } from '../../../src/guideline/criteria/registry.ts';
import { guideline } from '../../support/service.ts';
import { shipped } from '../folder.ts';

const drugs = parse(shipped.get('drugs.yaml') ?? '') as readonly Drug[];
const classes: ReadonlySet<string> = new Set(drugs.map((drug) => drug.class));
// A set of CPT codes adds to the one without the ending.
const valueSets: ReadonlySet<string> = new Set(guideline.valueSets.map(({ id }) => String(id).replace(/-cpt$/, '')));
const criteria = [...CRITERIA.values()].map((criterion) => [criterion.id, criterion] as const);

describe.each(criteria)('the criterion %s', (_id, { valueSets: named = [] }) => {
  test('is decided by value sets and classes of drugs that exist, each named once', () => {
    expect(named.filter((id) => !valueSets.has(id) && !classes.has(id))).toEqual([]);
    expect(new Set(named).size).toBe(named.length);
  });
});

test('every value set decides a criterion, by itself or as one of a drug', () => {
  const ofDrugs = drugs.flatMap(({ valueSet }) => valueSet ?? []);
  const deciding = new Set([...criteria.flatMap(([, { valueSets: named = [] }]) => named), ...ofDrugs]);
  expect([...valueSets].filter((id) => !deciding.has(id))).toEqual([]);
});
