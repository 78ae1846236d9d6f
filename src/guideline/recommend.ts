import type { Chart } from '../chart/chart.ts';
import type { Evidence, Fact } from '../chart/fact.ts';
import type { Indicator, OverrideReason, Source } from './card.ts';
import { CRITERIA } from './criteria/registry.ts';
import { type Answers, deciding, type Expression, evaluate } from './expression.ts';
import type { Card, Guideline, Suggestion } from './guideline.ts';
import { createOrder, doseByWeight, type OrderContext, updateDraft } from './order.ts';
import type { Recommendation, RecommendedAction, RecommendedReason, RecommendedSuggestion } from './recommendation.ts';
import { Facts, type TemplateVariables } from './template.ts';
import { type Answered, basedOn, notLookedAt } from './wording.ts';

/** The moment a chart is looked at. */
export interface Occasion {
  readonly hook: string;
  /** `YYYY-MM-DD` */
  readonly today: string;
  readonly encounterId?: string;
  readonly userId?: string;
  /**
   * At most so many cards on hooks that open a chart, where other services have theirs too (CH-135, CH-198); 0 is no limit.
   * Order hooks are not cut (rule 9).
   */
  readonly maxCards: number;
  /** `brief`: the evidence is left to the card's page of cards that can offer no drug. Default is `full`. */
  readonly detail?: 'full' | 'brief';
}

const NON_ADHERENCE_REASONS = 'http://terminology.hl7.org/CodeSystem/non-adherence-reason-codes';

const ORDER_HOOKS = new Set(['order-select', 'order-sign', 'order-dispatch']);

/** What applies to a chart on an occasion. */
export interface Recommendations {
  /** First first. */
  readonly shown: readonly Recommendation[];
  /** Ids of the cards in shadow that apply: nobody sees them, and they take no place from those that are shown. */
  readonly shadow: readonly string[];
}

/** The cards that apply to this chart on this occasion. None for a patient who has died. */
export function recommend(guideline: Guideline, chart: Chart, occasion: Occasion): Recommendations {
  if (chart.deceased) return { shown: [], shadow: [] };
  const answers = answersFrom(chart);
  const all = guideline.cards.filter((card) => applies(card, occasion.hook, answers));
  const applying = all.filter(({ state }) => state === 'on');
  const limit = ORDER_HOOKS.has(occasion.hook) || occasion.maxCards === 0 ? applying.length : occasion.maxCards;
  const left = applying.slice(limit).map(({ file }) => file.title);
  const shown = applying
    .slice(0, limit)
    .map((card) => ({ card, criteria: decidingCriteria(card, occasion.hook, answers) }));
  const unread = notLookedAt(
    chart.readings,
    shown.map(({ criteria }) => answeredBy(criteria, answers)),
  );
  return {
    shown: shown.map(({ card, criteria }, at) =>
      write(guideline, card, chart, occasion, answers, {
        criteria,
        leftOut: at === shown.length - 1 ? left : [],
        unread: at === 0 ? unread : undefined,
      }),
    ),
    shadow: all.filter(({ state }) => state === 'shadow').map(({ file }) => file.id),
  };
}

/** Each criterion is computed at most once, and only if a card asks for it. */
function answersFrom(chart: Chart): Answers {
  const known = new Map<string, Fact>();
  return (id) => {
    const answered = known.get(id);
    if (answered !== undefined) return answered;
    const criterion = CRITERIA.get(id);
    if (criterion === undefined) throw new Error(`There is no criterion ${id}`);
    const fact = criterion.evaluate(chart);
    known.set(id, fact);
    return fact;
  };
}

function applies(card: Card, hook: string, answers: Answers): boolean {
  if (!card.hooks.has(hook)) return false;
  const condition = card.hooks.get(hook);
  if (condition !== undefined && evaluate(condition, answers) !== 'yes') return false;
  return evaluate(card.file.when, answers) === 'yes';
}

/** What stands in a card because of what it is shown for, and of the cards beside it. */
interface Placed {
  readonly criteria: readonly string[];
  /** Titles of cards that apply and are not shown. */
  readonly leftOut: readonly string[];
  /** The parts of the chart that were not read and that no card names otherwise. */
  readonly unread: string | undefined;
}

function write(
  { file: guideline }: Guideline,
  card: Card,
  chart: Chart,
  occasion: Occasion,
  answers: Answers,
  { criteria, leftOut, unread }: Placed,
): Recommendation {
  const orders = ordersAtHand(criteria, answers);
  const variables = variablesOf(card, chart, orders, answers);
  const context = orderContext(chart, occasion);
  const [source] = card.sources;
  return {
    id: card.file.id,
    title: card.file.title,
    version: card.file.version,
    indicator: indicatorOf(card, answers),
    summary: card.summary.render(variables),
    detail: detailOf(),
    source: source === undefined ? { label: guideline.name } : sourceOf(source),
    links: card.file.links ?? [],
    suggestions: card.suggestions.flatMap((suggestion) => writeSuggestion(suggestion)),
    overrideReasons: card.overrideReasons.map((reason) => reasonOf(reason, guideline.overrideReasonSystem)),
  };

  /** The parts of rule 7, in its order. */
  function detailOf(): string {
    const lines = basedOn(answeredBy(criteria, answers)).map((line) => `- ${line}`);
    const overdue =
      occasion.today > card.file.reviewDue ? ` This card is past its review date (${card.file.reviewDue}).` : '';
    // Whom a drug was tried in, and how many, belongs where it can be ordered (rule 7), be it by a card beside this one.
    const evidence =
      occasion.detail === 'brief' && !card.suggestions.some(ordersDrug)
        ? 'see the page that this card links to.'
        : card.evidence.render(variables);
    const more = leftOut.length === 0 ? [] : [`${leftOut.length} more card(s) apply: ${leftOut.join('; ')}.`];
    return [
      card.consider.render(variables),
      `**Based on**\n${lines.join('\n')}`,
      `**Evidence** (${card.file.evidenceLevel}): ${evidence}`,
      `**Regulatory:** ${card.regulatory.render(variables)}`,
      `*${guideline.limits}*${overdue}`,
      ...more,
      ...(unread === undefined ? [] : [`**Not looked at in this call:** ${unread}.`]),
    ].join('\n\n');
  }

  function isRecommended(recommended: boolean | Expression | undefined): boolean {
    if (recommended === undefined || typeof recommended === 'boolean') return recommended === true;
    return evaluate(recommended, answers) === 'yes';
  }

  function writeSuggestion(suggestion: Suggestion): readonly RecommendedSuggestion[] {
    const { file, label, order } = suggestion;
    if (file.when !== undefined && evaluate(file.when, answers) !== 'yes') return [];
    // In the order of a FHIR transaction, as which clients process them: deletions first (CH-112).
    const actions: RecommendedAction[] = [];
    if (file.delete === 'drafts') {
      const deletions = removalsOf(orders);
      if (deletions.length === 0) return [];
      actions.push(...deletions);
    }
    if (file.update === 'drafts') {
      const updated = order === undefined ? undefined : updateDraft(order, chart.drafts ?? [], orders, variables);
      if (updated === undefined) return [];
      actions.push(updated);
    } else if (order !== undefined) {
      const created = createOrder(order, variables, context);
      // Some clients show the two actions apart, each with its description alone.
      const instead = actions.length === 0 ? '' : ` in place of ${variables.orderedDrugs}`;
      actions.push({
        ...created,
        description: created.description + instead,
        ...(isFilledIn(suggestion) ? { details: 'patient-specific' as const } : {}),
      });
    }
    return [{ label: label.render(variables), isRecommended: isRecommended(file.recommended), actions }];
  }
}

/**
 * One removal for each draft, however many criteria or drugs name it. None if an order cannot be named, and so not
 * removed: half of a replacement would order a second drug.
 */
function removalsOf(orders: readonly Evidence[]): readonly RecommendedAction[] {
  const drafts = new Map<string, Set<string>>();
  for (const { kind, reference, drug = '' } of orders) {
    if (kind !== 'draft' || reference === undefined) return [];
    drafts.set(reference, (drafts.get(reference) ?? new Set()).add(drug));
  }
  return [...drafts].map(([resourceId, drugs]) => ({
    type: 'delete',
    description: `Remove the ${[...drugs].join(' and ')} order`,
    resourceId,
  }));
}

function ordersDrug({ order }: Suggestion): boolean {
  return order?.file.resource.resourceType === 'MedicationRequest';
}

const VARIABLE = /\{[{%]/;
const WEIGHT = /\{[{%][^}]*\bweight\b/;

/** Is anything of the order filled in for this patient: a dose, a date, a site? Or does its button name such a dose? */
function isFilledIn({ file: { label }, order }: Suggestion): boolean {
  if (order === undefined) return false;
  const { file, texts } = order;
  return file.dose !== undefined || texts.size > 0 || VARIABLE.test(file.description) || WEIGHT.test(label);
}

function sourceOf({ label, url }: Source): Recommendation['source'] {
  return url === undefined ? { label } : { label, url };
}

function reasonOf({ code, display, hl7 }: OverrideReason, system: string): RecommendedReason {
  const own = { system, code, display };
  if (hl7 === undefined) return own;
  // The asterisk of a display is a footnote of the code system's page, and nothing for a clinician's screen.
  return { ...own, standard: { system: NON_ADHERENCE_REASONS, ...hl7, display: hl7.display.replace(/\*$/, '') } };
}

/** What decided that the card is shown, on this hook, in reading order; then what it shows besides. */
function decidingCriteria(card: Card, hook: string, answers: Answers): readonly string[] {
  const condition = card.hooks.get(hook);
  return [
    ...new Set([
      ...deciding(card.file.when, answers),
      ...(condition === undefined ? [] : deciding(condition, answers)),
      ...(card.file.alsoShow ?? []),
    ]),
  ];
}

function answeredBy(criteria: readonly string[], answers: Answers): readonly Answered[] {
  return criteria.flatMap((id) => {
    const criterion = CRITERIA.get(id);
    return criterion === undefined ? [] : [{ criterion, fact: answers(id) }];
  });
}

function ordersAtHand(criteria: readonly string[], answers: Answers): readonly Evidence[] {
  const orders = criteria.filter((id) => CRITERIA.get(id)?.namesOrders === true).map((id) => answers(id));
  return orders.filter(({ state }) => state === 'yes').flatMap(({ evidence }) => evidence);
}

function variablesOf(card: Card, chart: Chart, orders: readonly Evidence[], answers: Answers): TemplateVariables {
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

function indicatorOf(card: Card, answers: Answers): Indicator {
  const holding = card.indicators.find(({ when }) => when === undefined || evaluate(when, answers) === 'yes');
  return holding?.level ?? 'info';
}

/** The deciding Condition is the reason of every order (rule 10); one without an id cannot be referred to. */
function orderContext({ patientId, diagnosis }: Chart, { encounterId, userId }: Occasion): OrderContext {
  const reference = diagnosis.evidence.find((evidence) => evidence.reference !== undefined)?.reference;
  return {
    patientId,
    ...(encounterId === undefined ? {} : { encounterId }),
    ...(userId === undefined ? {} : { userId }),
    ...(reference === undefined ? {} : { reason: { reference } }),
  };
}
