import type { ShownCard } from '../ehr/session.ts';
import { isAboutOrders } from '../ehr/shown-cards.ts';
import { type CardView, cardView } from './card-view.ts';

/** Cards that are about the same thing, in the order in which the EHR shows them. */
export interface CardGroup {
  /** Fit for an HTML id. */
  readonly id: 'orders' | 'problem' | 'chart';
  /** Empty: it needs none, since there is no other group. */
  readonly title: string;
  readonly cards: readonly (CardView & {
    /** The HTML id of what gets the focus once this card is gone. */
    readonly focusAfter: string;
  })[];
}

const PROBLEM_HOOK = 'problem-list-item-create';

/** What is said of what is being entered comes before what is said of the chart as a whole, which may repeat it. */
export function cardGroups(shown: readonly ShownCard[], sendsFeedback: boolean): readonly CardGroup[] {
  const ofOrders = shown.filter(({ hook }) => ORDER_HOOKS.includes(hook));
  const ofProblem = shown.filter(({ hook }) => hook === PROBLEM_HOOK);
  const ofChart = shown.filter((card) => !ofOrders.includes(card) && !ofProblem.includes(card));
  const inOrder = [...ofOrders, ...ofProblem, ...ofChart];
  const views = (cards: readonly ShownCard[]) =>
    cards.map((card) => {
      const next = inOrder[inOrder.indexOf(card) + 1];
      return { ...cardView(card, sendsFeedback), focusAfter: next ? `${next.key}-title` : 'status' };
    });
  const groups: readonly CardGroup[] = [
    { id: 'orders', title: 'About these orders', cards: views(ofOrders) },
    { id: 'problem', title: 'About the new problem', cards: views(ofProblem) },
    { id: 'chart', title: ofChart.length < shown.length ? 'About this chart' : '', cards: views(ofChart) },
  ];
  return groups.filter(({ cards }) => cards.length > 0);
}
