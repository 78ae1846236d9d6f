import type { Chart } from '../chart/chart.ts';
import type { Evidence } from '../chart/fact.ts';
import { answeredBy, answersOf } from './answers.ts';
import type { OverrideReason, Source } from './card.ts';
import { indicatorOf, ordersAtHand, variablesOf } from './card-variables.ts';
import { decidingCriteria, truthOn } from './condition.ts';
import { type Answers, type Expression, evaluate } from './expression.ts';
import type { Card, Guideline, Suggestion } from './guideline.ts';
import { createOrder, type OrderContext, updateDraft } from './order.ts';
import type { Recommendation, RecommendedAction, RecommendedReason, RecommendedSuggestion } from './recommendation.ts';
import { standardReason } from './standard-reason.ts';
import { basedOn, notLookedAt } from './wording.ts';

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

const ORDER_HOOKS = new Set(['order-select', 'order-sign', 'order-dispatch']);

/** A card by name and state of its text. */
export type CardVersion = Pick<Recommendation, 'id' | 'version'>;

/** What applies to a chart on an occasion. */
export interface Recommendations {
  /** First first. */
  readonly shown: readonly Recommendation[];
  /** Cards in shadow that apply: nobody sees them, and they take no place from those that are shown. */
  readonly shadow: readonly (CardVersion & Pick<Recommendation, 'indicator'>)[];
  /** All cards that were asked whether they apply: what the others are a part of. */
  readonly judged: readonly (CardVersion & { readonly isInShadow: boolean })[];
  /** Cards that apply and are left out by the limit. */
  readonly cut: readonly CardVersion[];
}

/** The cards that apply to this chart on this occasion. None for a patient who has died. */
export function recommend(guideline: Guideline, chart: Chart, occasion: Occasion): Recommendations {
  if (chart.deceased) return { shown: [], shadow: [], judged: [], cut: [] };
  const answers = answersOf(chart);
  const judged = guideline.cards.filter(({ hooks }) => hooks.has(occasion.hook));
  const all = judged.filter((card) => truthOn(card, occasion.hook, answers) === 'yes');
  const applying = all.filter(({ state }) => state === 'on');
  const limit = ORDER_HOOKS.has(occasion.hook) || occasion.maxCards === 0 ? applying.length : occasion.maxCards;
  const cut = applying.slice(limit);
  const left = cut.map(({ file }) => file.title);
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
    shadow: all
      .filter(({ state }) => state === 'shadow')
      .map((card) => ({ ...versionOf(card), indicator: indicatorOf(card, answers) })),
    judged: judged.map((card) => ({ ...versionOf(card), isInShadow: card.state === 'shadow' })),
    cut: cut.map(versionOf),
  };
}

function versionOf({ file: { id, version } }: Card): CardVersion {
  return { id, version };
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
  return hl7 === undefined ? own : { ...own, standard: standardReason(hl7) };
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
