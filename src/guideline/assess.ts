import type { Chart } from '../chart/chart.ts';
import type { Truth } from '../chart/fact.ts';
import { answeredBy, answersOf } from './answers.ts';
import { type Judged, judge } from './assess-condition.ts';
import type { Indicator } from './card.ts';
import { indicatorOf, ordersAtHand, variablesOf } from './card-variables.ts';
import { conjunctsOf, decidingCriteria, truthOn } from './condition.ts';
import { type Answers, evaluate } from './expression.ts';
import type { Card, Guideline } from './guideline.ts';
import type { Answered } from './wording.ts';

/**
 * What a card comes to where a chart is looked at and no order is being written:
 * - `applies` on one of its hooks;
 * - `undecided`: it is not known whether it does;
 * - `not-met`: it does not, or the patient has died;
 * - `with-an-order`: it is for orders alone, and is asked when one is written;
 * - `in-shadow`: the site tries it out, and shows it to nobody;
 * - `switched-off` by the site.
 */
export type Outcome = 'applies' | 'undecided' | 'not-met' | 'with-an-order' | 'in-shadow' | 'switched-off';

/** One card before one chart, and why. */
export interface Assessment {
  readonly card: Card;
  readonly outcome: Outcome;
  /** The hook that it was asked on: the first of its own on which it applies, else the first that leaves it open, else the first. */
  readonly hook: string;
  /** Its condition on that hook. What only an order can answer is unknown where the card is for orders alone. */
  readonly condition: Judged;
  /** Past the day on which it was to be reviewed. */
  readonly isOverdue: boolean;
  /** Its words, if it applies: those of another could claim more than the chart shows. */
  readonly texts: CardTexts | undefined;
}

export interface CardTexts {
  readonly indicator: Indicator;
  /** One plain sentence. */
  readonly summary: string;
  /** GitHub Flavored Markdown without HTML; chart text in it is escaped. The two below as well. */
  readonly consider: string;
  readonly evidence: string;
  readonly regulatory: string;
  /** What it offers to order or to do, in words. */
  readonly suggestions: readonly string[];
  /** What decided it and what it shows besides, in reading order. */
  readonly basis: readonly Answered[];
}

const ORDER_HOOKS: ReadonlySet<string> = new Set(['order-select', 'order-sign', 'order-dispatch']);

/** Every card of the guideline before a chart without drafts: by priority, first first; then those switched off. */
export function assess(
  guideline: Guideline,
  chart: Chart,
  /** `YYYY-MM-DD` */
  today: string,
  answers: Answers = answersOf(chart),
): readonly Assessment[] {
  return [...guideline.cards, ...guideline.off].map((card) => assessCard(card, chart, today, answers));
}

/** One card of the guideline; see {@link assess}. */
function assessCard(card: Card, chart: Chart, today: string, answers: Answers): Assessment {
  const hooks = [...card.hooks.keys()].filter((hook) => !ORDER_HOOKS.has(hook));
  const isOverdue = today > card.file.reviewDue;
  const [firstHook] = hooks;
  if (firstHook === undefined) {
    const [hook = ''] = card.hooks.keys();
    const outcome = stateOutcome(card) ?? (chart.deceased ? 'not-met' : 'with-an-order');
    return {
      card,
      outcome,
      hook,
      condition: judgedOn(card, hook, beforeAnyOrder(answers)),
      isOverdue,
      texts: undefined,
    };
  }
  const truths = hooks.map((hook) => [hook, truthOn(card, hook, answers)] as const);
  const [hook, truth] = first(truths, 'yes') ?? first(truths, 'unknown') ?? [firstHook, 'no'];
  const outcome = stateOutcome(card) ?? (chart.deceased ? 'not-met' : OUTCOMES[truth]);
  return {
    card,
    outcome,
    hook,
    condition: judgedOn(card, hook, answers),
    isOverdue,
    texts: outcome === 'applies' ? textsOf(card, chart, hook, answers) : undefined,
  };
}

const OUTCOMES: Readonly<Record<Truth, Outcome>> = { yes: 'applies', unknown: 'undecided', no: 'not-met' };

function stateOutcome({ state }: Card): Outcome | undefined {
  if (state === 'on') return undefined;
  return state === 'off' ? 'switched-off' : 'in-shadow';
}

function first(
  truths: readonly (readonly [hook: string, Truth])[],
  wanted: Truth,
): readonly [hook: string, Truth] | undefined {
  return truths.find(([, truth]) => truth === wanted);
}

function judgedOn(card: Card, hook: string, answers: Answers): Judged {
  return judge({ all: conjunctsOf(card, hook) }, answers);
}

/** Nobody knows yet what an order that is not written says. */
function beforeAnyOrder(answers: Answers): Answers {
  return (id) => {
    const [answered] = answeredBy([id], answers);
    if (answered?.criterion.asksDrafts !== true) return answers(id);
    return { state: 'unknown', evidence: [], searched: [], unread: [] };
  };
}

function textsOf(card: Card, chart: Chart, hook: string, answers: Answers): CardTexts {
  const criteria = decidingCriteria(card, hook, answers);
  const variables = variablesOf(card, chart, ordersAtHand(criteria, answers), answers);
  return {
    indicator: indicatorOf(card, answers),
    summary: card.summary.render(variables),
    consider: card.consider.render(variables),
    evidence: card.evidence.render(variables),
    regulatory: card.regulatory.render(variables),
    // What changes a draft has none to change here.
    suggestions: card.suggestions
      .filter(({ file }) => file.delete === undefined && file.update === undefined)
      .filter(({ file }) => file.when === undefined || evaluate(file.when, answers) === 'yes')
      .map(({ label }) => label.render(variables)),
    basis: answeredBy(criteria, answers),
  };
}
