import type { Chart } from '../chart/chart.ts';
import type { Evidence } from '../chart/fact.ts';
import { answeredBy } from './answers.ts';
import type { Indicator } from './card.ts';
import { type Answers, evaluate } from './expression.ts';
import type { Card } from './guideline.ts';
import { doseByWeight } from './order.ts';
import { Facts, type TemplateVariables } from './parsed-text.ts';

/** The orders that a card argues with, as the criteria that decided it name them. */
export function ordersAtHand(criteria: readonly string[], answers: Answers): readonly Evidence[] {
  return answeredBy(criteria, answers)
    .filter(({ criterion, fact }) => criterion.namesOrders === true && fact.state === 'yes')
    .flatMap(({ fact }) => fact.evidence);
}

/** What the texts of a card may say of a chart. */
export function variablesOf(
  card: Card,
  chart: Chart,
  orders: readonly Evidence[],
  answers: Answers,
): TemplateVariables {
  const drugs = [...new Set(orders.flatMap(({ drug }) => drug ?? []))].toSorted();
  // Doses by weight are for children; an adult's weight is nobody's business.
  const weight = answers('adult').state === 'yes' ? undefined : chart.weight.weight;
  const dose = card.suggestions.find(({ order }) => order?.file.dose !== undefined)?.order?.file.dose;
  return {
    facts: new Facts((criterion) => answers(criterion).state),
    values: new Facts((criterion) => answers(criterion).value ?? ''),
    orderedDrugs:
      drugs.length < 2 ? (drugs[0] ?? 'chemotherapy') : `${drugs.slice(0, -1).join(', ')} and ${drugs.at(-1) ?? ''}`,
    weight: {
      kg: weight === undefined ? '' : String(Math.round(weight.kg * 10) / 10),
      date: weight?.evidence.date?.text ?? '',
      doseMg: weight === undefined || dose === undefined ? '' : String(doseByWeight(dose, weight.kg)),
    },
  };
}

/** The first level that holds. */
export function indicatorOf(card: Card, answers: Answers): Indicator {
  const holding = card.indicators.find(({ when }) => when === undefined || evaluate(when, answers) === 'yes');
  return holding?.level ?? 'info';
}
