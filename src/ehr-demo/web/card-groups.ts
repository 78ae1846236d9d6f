import type { ShownCard } from '../ehr/session.ts';
import { isAboutOrders } from '../ehr/shown-cards.ts';
import { type CardView, cardView } from './card-view.ts';

/** Cards that are about the same thing, in the order in which the EHR shows them. */
export interface CardGroup {
  /** Fit for an HTML id. */
  readonly id: 'orders' | 'chart';
  /** Empty: it needs none, since there is no other group. */
  readonly title: string;
  readonly cards: readonly (CardView & {
    /** The HTML id of what gets the focus once this card is gone. */
    readonly focusAfter: string;
  })[];
}

/** What is said of the orders at hand comes before what is said of the chart as a whole, which may repeat it. */
export function cardGroups(shown: readonly ShownCard[], sendsFeedback: boolean): readonly CardGroup[] {
  const ofOrders = shown.filter(({ hook }) => isAboutOrders(hook));
  const ofChart = shown.filter(({ hook }) => !isAboutOrders(hook));
  const inOrder = [...ofOrders, ...ofChart];
  const views = (cards: readonly ShownCard[]) =>
    cards.map((card) => {
      const next = inOrder[inOrder.indexOf(card) + 1];
      return { ...cardView(card, sendsFeedback), focusAfter: next ? `${next.key}-title` : 'status' };
    });
  const groups: readonly CardGroup[] = [
    { id: 'orders', title: 'About these orders', cards: views(ofOrders) },
    { id: 'chart', title: ofOrders.length > 0 ? 'About this chart' : '', cards: views(ofChart) },
  ];
  return groups.filter(({ cards }) => cards.length > 0);
}
