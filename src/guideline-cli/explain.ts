import type { DateInterval, Day } from '../chart/calendar.ts';
import type { Chart } from '../chart/chart.ts';
import type { Evidence, Fact, Truth } from '../chart/fact.ts';
import type { StopReason } from '../chart/systemic-therapy.ts';
import { answersOf } from '../guideline/answers.ts';
import { conjunctsOf } from '../guideline/condition.ts';
import { plainText } from '../guideline/escape.ts';
import { type Answers, criteriaIn, type Expression, evaluate } from '../guideline/expression.ts';
import type { Guideline } from '../guideline/guideline.ts';
import { type Occasion, recommend } from '../guideline/recommend.ts';

/** What one part of a card's condition comes to, and why. */
export interface ExplainedPart {
  /** The part as the card has it, in one line. */
  readonly condition: string;
  readonly truth: Truth;
  /** Each of its criteria, with the resources that decided it. */
  readonly criteria: readonly { readonly id: string; readonly truth: Truth; readonly because: string }[];
}

/** Why one card is shown on this occasion, or is not. */
export interface Explanation {
  readonly card: string;
  readonly title: string;
  /** `beyond the limit`: it applies, and others come first. */
  readonly outcome: 'shown' | 'beyond the limit' | 'in shadow' | 'not shown' | 'not on this hook' | 'switched off';
  readonly indicator?: string;
  readonly summary?: string;
  /** Empty where the condition is not asked. */
  readonly parts: readonly ExplainedPart[];
}

/** One drug of the systemic therapy, from its start to its end, as days between which they lie. */
export interface ExplainedLine {
  readonly drug: string;
  readonly start: string;
  readonly end: string;
  readonly stopReason: string;
}

/** The lines of systemic therapy for the ASPS, by their start. */
export function linesOfTherapy({ therapy }: Chart): readonly ExplainedLine[] {
  return therapy.lines.map(({ drug, start, end, ongoing, onHold, stopReason }) => ({
    drug: drug.drug,
    start: start === undefined ? 'undated' : spanOf(start),
    end: end === undefined ? (ongoing === 'yes' ? 'goes on' : onHold ? 'on hold' : 'not known') : spanOf(end),
    stopReason: stopReason === undefined ? '' : STOP_REASONS[stopReason],
  }));
}

const STOP_REASONS: Readonly<Record<StopReason, string>> = {
  'no-response': 'stopped: no response',
  'not-tolerated': 'stopped: not tolerated',
  other: 'stopped: another reason',
};

const MS_PER_DAY = 86_400_000;

function isoDay(day: Day): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

/** A day, or the first and the last one that are possible. */
function spanOf({ start, end }: DateInterval): string {
  if (start === end) return isoDay(start);
  if (end === Infinity) return Number.isFinite(start) ? `from ${isoDay(start)}` : 'undated';
  return Number.isFinite(start) ? `${isoDay(start)} to ${isoDay(end)}` : `by ${isoDay(end)}`;
}

/** Every card of the guideline, and what it comes to for this chart on this occasion. */
export function explain(guideline: Guideline, chart: Chart, occasion: Occasion): readonly Explanation[] {
  const shown = new Map(recommend(guideline, chart, occasion).shown.map((one) => [one.id, one]));
  const answers = answersOf(chart);
  return [
    ...guideline.cards.map((card): Explanation => {
      const { id, title } = card.file;
      if (!card.hooks.has(occasion.hook)) return { card: id, title, outcome: 'not on this hook', parts: [] };
      const parts = conjunctsOf(card, occasion.hook).map((part) => explainPart(part, answers));
      const applies = parts.every(({ truth }) => truth === 'yes');
      const recommendation = shown.get(id);
      if (recommendation !== undefined) {
        const { indicator, summary } = recommendation;
        return { card: id, title, outcome: 'shown', indicator, summary, parts };
      }
      const outcome = !applies ? 'not shown' : card.state === 'shadow' ? 'in shadow' : 'beyond the limit';
      return { card: id, title, outcome, parts };
    }),
    ...guideline.off.map(
      ({ file }): Explanation => ({ card: file.id, title: file.title, outcome: 'switched off', parts: [] }),
    ),
  ];
}

function explainPart(expression: Expression, answers: Answers): ExplainedPart {
  return {
    condition: inWords(expression),
    truth: evaluate(expression, answers),
    criteria: [...new Set(criteriaIn(expression))].map((id) => {
      const fact = answers(id);
      return { id, truth: fact.state, because: becauseOf(fact) };
    }),
  };
}

function inWords(expression: Expression): string {
  if (typeof expression === 'string') return expression;
  if ('all' in expression) return `(${expression.all.map(inWords).join(' and ')})`;
  if ('any' in expression) return `(${expression.any.map(inWords).join(' or ')})`;
  return 'not' in expression ? `not ${inWords(expression.not)}` : `possibly ${inWords(expression.possibly)}`;
}

/** The resources that decided, the doubt, and what was and was not read: for whoever debugs a card, not for clinicians. */
function becauseOf({ state, evidence, searched, unread, doubt, value }: Fact): string {
  const parts = [
    ...(value === undefined ? [] : [value]),
    ...evidence.map(resourceOf),
    ...(doubt === undefined ? [] : [`doubt: ${doubt}`]),
    ...(state === 'no' && evidence.length === 0 && searched.length > 0 ? [`nothing in ${searched.join(', ')}`] : []),
    ...(unread.length === 0 ? [] : [`not read: ${unread.map(({ key, reason }) => `${key} (${reason})`).join(', ')}`]),
  ];
  return parts.join('; ');
}

function resourceOf({ reference, kind, text, date }: Evidence): string {
  return [reference ?? kind, date?.text ?? '', `"${plainText(text)}"`].filter((part) => part !== '').join(' ');
}
