import { describe, expect, test } from '@jest/globals';
import { conflictTable, topicsOf } from '../../../src/smart-app/evidence/topic-view.ts';
import { content } from './content.ts';

const { catalogue } = content;
const topics = topicsOf(content);
const shown = topics.flatMap(({ items }) => items);

describe('what the sources say', () => {
  test('is every statement of the app but provenance and the survival figures, which stand elsewhere', () => {
    const ids = new Set(shown.map(({ id }) => id));
    const missing = catalogue.statements.filter(({ id, app }) => app !== undefined && !ids.has(id));
    expect(missing.filter(({ app }) => app !== 'provenance').map(({ id }) => id)).toEqual([
      'S-112',
      'S-114',
      'S-115',
      'S-116',
      'S-117',
    ]);
  });

  test('is every evidence item that is not said to be unused', () => {
    const ids = new Set(shown.map(({ id }) => id));
    const missing = catalogue.evidence.filter(({ id, unused }) => unused === undefined && !ids.has(id));
    expect(missing).toEqual([]);
  });

  test('never holds what is wrong or out of scope', () => {
    const unused = [...catalogue.statements, ...catalogue.evidence].filter((one) => one.unused !== undefined);
    expect(unused.length).toBeGreaterThan(5);
    expect(unused.filter(({ id }) => shown.some((item) => item.id === id))).toEqual([]);
  });

  test('tells no survival without its cohort, and says where to read it', () => {
    const prognosis = topics.find(({ title }) => title === 'Prognosis');
    expect(prognosis?.items.filter(({ says }) => /\d+ %/.test(says))).toEqual([]);
    expect(prognosis?.hasSurvivalFigures).toBe(true);
    expect(topics.filter(({ hasSurvivalFigures }) => hasSurvivalFigures)).toHaveLength(1);
  });

  test('says how far each evidence item was checked', () => {
    const flags = new Map(shown.map(({ id, flag }) => [id, flag]));
    expect(['E-03', 'E-08', 'E-15'].map((id) => flags.get(id))).toEqual([
      undefined,
      'partly verified',
      'our inference',
    ]);
  });
});

describe('where sources disagree', () => {
  test('each conflict stands with what was settled, but for provenance and what is never shown', () => {
    const { rows } = conflictTable(content);
    expect(rows.map(({ id }) => id)).toEqual(
      catalogue.conflicts.map(({ id }) => id).filter((id) => !['X-13', 'X-26'].includes(id)),
    );
    expect(rows.find(({ id }) => id === 'X-03')?.cells).toEqual([{ text: 'Both, each with n and assessor' }]);
  });
});
