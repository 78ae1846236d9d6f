import type { Card } from '../card-text.ts';
import type { Advice } from './hook-call.ts';

/** `2 cards`, `1 card`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}

/** What came of a call, in one or two sentences. Of an order hook's, other cards may stand on the screen beside it. */
export function adviceInWords(advice: Advice, about: '' | ' about these orders' = ''): string {
  switch (advice.kind) {
    case 'cards':
      return [cardsInWords(advice.cards, about), ...leftOutInWords(advice)].join(' ');
    case 'not-asked':
      return advice.because;
    case 'failed':
      return `There is no advice from the decision support service. ${sentence(advice.because)}`;
    default:
      return advice satisfies never;
  }
}

function cardsInWords(cards: readonly Card[], about: string): string {
  if (cards.length === 0) return `No cards${about}: the guideline has nothing to say.`;
  const kinds = (['critical', 'warning', 'info'] as const).flatMap((kind) => {
    const count = cards.filter(({ indicator }) => indicator === kind).length;
    return count === 0 ? [] : [kind === 'warning' ? counted(count, kind) : `${count} ${kind}`];
  });
  return `${counted(cards.length, 'card')}${about}: ${kinds.join(', ')}.`;
}

function leftOutInWords({ unreadable, surplus }: { readonly unreadable: number; readonly surplus: number }) {
  return [
    ...(unreadable > 0 ? [`${counted(unreadable, 'card')} could not be read and ${isAre(unreadable)} not shown.`] : []),
    ...(surplus > 0 ? [`${counted(surplus, 'more card')} ${isAre(surplus)} not shown.`] : []),
  ];
}

function isAre(count: number): string {
  return count === 1 ? 'is' : 'are';
}

/** With its full stop. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
