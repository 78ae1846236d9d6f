import { mostUrgentFirst } from '../ehr/answered-cards.ts';
import type { Character } from '../ehr/character.ts';
import type { ShownCard } from '../ehr/session.ts';
import { isAboutOrders } from '../ehr/shown-cards.ts';
import { type CardView, cardView } from './card-view.ts';

/** Cards that are about the same thing, in the order in which the EHR shows them. */
export interface CardGroup {
  /** Fit for an HTML id. */
  readonly id: 'orders' | 'chart';
  /** Empty: it needs none, since there is no other group. */
  readonly title: string;
  /** Is a card from before the chart changed among them, so that somebody may want to ask again? */
  readonly hasOutdated: boolean;
  readonly cards: readonly (CardView & {
    /** The HTML id of what gets the focus once this card is gone. */
    readonly focusAfter: string;
  })[];
}

/**
 * The group with the most urgent card comes first. Of two that are as urgent, what is said of the orders at hand comes before what
 * is said of the chart as a whole, which may repeat it. Cards that are outdated come last, however urgent they were.
 */
export function cardGroups(
  shown: readonly ShownCard[],
  character: Pick<Character, 'profile' | 'sendsFeedback'>,
): readonly CardGroup[] {
  const ofOrders = shown.filter(({ hook }) => isAboutOrders(hook));
  const ofChart = shown.filter(({ hook }) => !isAboutOrders(hook));
  const ordersFirst = [...ofOrders, ...ofChart];
  const byUrgency = [
    ...mostUrgentFirst(ordersFirst.filter(isUpToDate), ({ card }) => card),
    ...ordersFirst.filter((card) => !isUpToDate(card)),
  ];
  const groups = [...Map.groupBy(byUrgency, ({ hook }) => (isAboutOrders(hook) ? 'orders' : 'chart'))];
  const inOrder = groups.flatMap(([, cards]) => cards);
  return groups.map(([id, cards]) => ({
    id,
    title: id === 'orders' ? 'About these orders' : ofOrders.length > 0 ? 'About this chart' : '',
    hasOutdated: !cards.every(isUpToDate),
    cards: cards.map((card) => {
      const next = inOrder[inOrder.indexOf(card) + 1];
      return { ...cardView(card, character), focusAfter: next ? `${next.key}-title` : 'status' };
    }),
  }));
}

function isUpToDate({ state }: ShownCard): boolean {
  return state !== 'outdated';
}
