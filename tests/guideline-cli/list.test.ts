import { expect, test } from '@jest/globals';
import type { Guideline } from '../../src/guideline/guideline.ts';
import { loadGuideline } from '../../src/guideline/load.ts';
import { cardTable, HOOKS_LEGEND } from '../../src/guideline-cli/list.ts';
import { folderOfCards, plainCard } from '../guideline/folder.ts';

const one = loadGuideline(
  folderOfCards(
    plainCard('one', {
      hooks: ['patient-view', { 'order-sign': 'metastatic' }],
      indicator: [{ warning: 'metastatic' }, 'info'],
      reviewDue: '2026-12-31',
    }),
  ),
);

const stateOn = (guideline: Guideline, today: string) => cardTable(guideline, today)[1]?.[6];

test('a card has a row with its hooks in short, and a star on those with a condition', () => {
  expect(cardTable(one, '2026-11-22')).toEqual([
    ['card', 'version', 'priority', 'indicator', 'evidence level', 'reviewed', 'state', 'hooks', 'title'],
    ['one', '1.0.0', '200', 'warning/info', 'guideline', '2026-01-01', 'on', 'PV OSG*', 'Title of one'],
  ]);
  expect(HOOKS_LEGEND).toMatch(/PV patient-view.*OSG order-sign.*\* with a condition/);
});

test('the state says when a review is due, from the day after', () => {
  expect(stateOn(one, '2026-12-31')).toBe('on');
  expect(stateOn(one, '2027-01-01')).toBe('on, review due');
});

test('the state says what an overlay does to a card', () => {
  const [card] = one.cards;
  if (card === undefined) throw new Error('There is a card');
  expect(stateOn({ ...one, cards: [{ ...card, state: 'shadow' }] }, '2026-11-22')).toBe('shadow');
  expect(stateOn({ ...one, cards: [], off: [{ ...card, state: 'off' }] }, '2026-11-22')).toBe('off');
});
