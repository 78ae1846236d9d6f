import { describe, expect, test } from '@jest/globals';
import type { Card } from '../../src/guideline/guideline.ts';
import { loadGuideline } from '../../src/guideline/load.ts';
import { SUMMARY_LIMIT, wordingsOf } from '../../src/guideline-cli/summaries.ts';
import { type Content, folderOfCards, plainCard } from '../guideline/folder.ts';
import { guideline } from '../support/service.ts';

function cardWith(more: Content): Card {
  const [card] = loadGuideline(folderOfCards(plainCard('one', more))).cards;
  if (card === undefined) throw new Error('There is a card');
  return card;
}

const textsOf = (card: Card) => wordingsOf(card, 'doxorubicin').map(({ text }) => text);

test.each(guideline.cards.map((card) => [card.file.id, card] as const))(
  'no summary of %s is cut, whatever the answers',
  (_id, card) => {
    const wordings = textsOf(card);
    expect(wordings.length).toBeGreaterThan(0);
    expect(wordings.filter((text) => text.length >= SUMMARY_LIMIT)).toEqual([]);
  },
);

describe('the wordings of a summary', () => {
  test('are one if it asks nothing', () => {
    expect(textsOf(cardWith({ summary: 'Consider something' }))).toEqual(['Consider something']);
  });

  test('are those of every combination of answers, each once', () => {
    const summary =
      '{% if facts["metastatic"] == "yes" %}A{% else %}B{% endif %} or {% if facts["adult"] == "no" %}C{% else %}D{% endif %}';
    expect(textsOf(cardWith({ summary })).toSorted()).toEqual(['A or C', 'A or D', 'B or C', 'B or D']);
  });

  test('leave out those with which the card is not shown', () => {
    const summary = 'Consider {% if facts["metastatic"] == "yes" %}A{% else %}B{% endif %}';
    expect(textsOf(cardWith({ summary, when: 'metastatic' }))).toEqual(['Consider A']);
    expect(textsOf(cardWith({ summary, when: { not: 'metastatic' } }))).toEqual(['Consider B']);
    expect(textsOf(cardWith({ summary, when: 'asps-established', hooks: [{ 'patient-view': 'metastatic' }] }))).toEqual(
      ['Consider A'],
    );
  });

  test('name the drugs of orders and the figures of criteria, and leave out figures that there are not', () => {
    const [text = '', without = ''] = textsOf(
      cardWith({ summary: 'Consider {{ orderedDrugs }} after {{ values["metastatic"] }} at {{ weight.kg }} kg' }),
    );
    expect(text).toMatch(/^Consider doxorubicin after .{10,} at \d+(\.\d)? kg$/);
    expect(without).toMatch(/^Consider doxorubicin after at \d+(\.\d)? kg$/);
  });

  test('come with the answers that lead to them', () => {
    const card = cardWith({ summary: 'Consider {% if facts["adult"] == "yes" %}A{% else %}B{% endif %}' });
    const [a] = wordingsOf(card, '');
    expect(a?.text).toBe('Consider A');
    expect([...(a?.answers ?? [])]).toEqual([['adult', 'yes']]);
  });

  test('are refused when there are too many criteria to try', () => {
    const asked = CRITERIA_IDS.map((id) => `{{ facts["${id}"] }}`).join(' ');
    expect(() => textsOf(cardWith({ summary: `Consider ${asked}` }))).toThrow('one: the summary asks more than 8');
  });
});

const CRITERIA_IDS = [
  'adult',
  'age-2-to-17',
  'under-2',
  'metastatic',
  'unresectable',
  'asps-by-text',
  'asps-active',
  'stage-found',
  'ordering',
];
