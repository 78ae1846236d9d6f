import type { CodeableConcept } from 'fhir/r4.js';
import { readCodedText } from '../chart/coding.ts';
import type { Source, SourceLevel } from '../guideline/card.ts';
import { criteriaOf } from '../guideline/compile.ts';
import { CRITERIA } from '../guideline/criteria/registry.ts';
import type { Expression } from '../guideline/expression.ts';
import { criteriaIn } from '../guideline/expression.ts';
import type { Card, Guideline, Suggestion } from '../guideline/guideline.ts';
import type { Order } from '../guideline/order.ts';
import type { Template } from '../guideline/parsed-text.ts';
import { answersIn, inPlainWords, type PlainCondition, possibleTruths } from '../guideline/plain-words.ts';
import { historyOf, sourceAttributes } from '../guideline/source-attributes.ts';
import { allIn, type Catalogue } from '../guideline/statements.ts';
import { markdownTemplate, plainTemplate } from '../guideline/template.ts';
import {
  type Answer,
  NO_PATIENT,
  type Passage,
  type Possible,
  type Wording,
  wordingsOf,
} from '../guideline/wordings.ts';
import { systemName, type ValueSetView } from './value-set-view.ts';
import { capitalised, criterionInWords, hookInWords, priorityGroup } from './words.ts';

/** Everything that the page of a card shows and that does not change with the day. No part of it comes from a patient. */
export function cardView(
  card: Card,
  guideline: Guideline,
  valueSets: ReadonlyMap<string, ValueSetView>,
  catalogue: Catalogue | undefined,
): object {
  const { file, suggestions, overrideReasons } = card;
  const possible = possibleFor(card, file.when);
  const text = (source: string, compile: (source: string) => Template) =>
    textView(wordingsOf(source.trim(), compile, possible));
  return {
    file,
    group: priorityGroup(file.priority),
    jurisdiction: file.jurisdiction.join(', '),
    indicators: card.indicators.map(({ level, when }) => ({ level, ...conditionOf(when) })),
    hooks: [...card.hooks].map(([name, when]) => ({ name, words: hookInWords(name), ...conditionOf(when) })),
    when: conditionView(inPlainWords(file.when)),
    summary: text(file.summary, plainTemplate),
    consider: text(file.detail.consider, markdownTemplate),
    evidence: text(file.detail.evidence, markdownTemplate),
    regulatory: text(file.detail.regulatory, markdownTemplate),
    suggestions: suggestions.map((suggestion) => suggestionView(suggestion, card)),
    overrideReasons,
    links: file.links ?? [],
    criteria: criteriaOf(card).map((id) => criterionView(id, card)),
    valueSets: valueSetUses(card, guideline, valueSets),
    sources: card.sources.map((source) => ({
      url: '',
      noLink: '',
      regulator: '',
      year: '',
      undated: '',
      note: '',
      ...source,
    })),
    levels: [...new Set(card.sources.map(({ level }) => level))].map((level) => ({ level, about: LEVELS[level] })),
    state: card.state,
    because: card.because,
    ...catalogueView(card, guideline.sources, catalogue),
    history: historyOf(card),
    attributes: sourceAttributes(card, guideline),
    limits: guideline.file.limits,
  };
}

const EMPTY: Catalogue = { statements: [], evidence: [], conflicts: [], facts: [], policies: [], rules: [] };

/** What the card and its criteria rest on, in words, as far as the catalogue has them. */
function catalogueView(card: Card, sources: readonly Source[], catalogue: Catalogue = EMPTY): object {
  const labels = (ids: readonly string[]) => ids.map((id) => sources.find((one) => one.id === id)?.label ?? id);
  const find = <Item extends { readonly id: string }>(items: readonly Item[], ids: readonly string[]) =>
    ids.flatMap((id) => items.find((item) => item.id === id) ?? []);
  const named = allIn(catalogue);
  const grounds = criteriaOf(card).flatMap((id) => CRITERIA.get(id)?.basis ?? []);
  const { statements } = card.file;
  return {
    statements: statements
      .filter((id) => !id.startsWith('X-'))
      .map((id) => {
        const [evidence] = find(catalogue.evidence, [id]);
        const [statement] = find(catalogue.statements, [id]);
        const one = evidence ?? statement;
        return { id, says: one?.says ?? '', sources: labels(one?.sources ?? []), status: evidence?.status ?? '' };
      }),
    conflicts: statements
      .filter((id) => id.startsWith('X-'))
      .map((id) => ({ says: '', settled: '', ...find(catalogue.conflicts, [id])[0], id })),
    grounds: find(named, [...new Set(grounds)]).map(({ id, says }) => ({ id, says })),
  };
}

const LEVELS: Readonly<Record<SourceLevel, string>> = {
  regulatory: 'a label or a decision of a regulator',
  'primary trial': 'the report of a clinical trial',
  registry: 'patients collected from many places, treated as each saw fit',
  'case series': 'patients of one or more centres, looked at afterwards',
  guideline: 'of a professional society',
  review: 'a summary of other publications',
  'tertiary unreviewed': 'a digest that no expert has reviewed',
  'institution page': 'what one institution says on its pages',
  'trade digest': 'a news article of the trade',
};

/** Can the card be shown while the chart answers so, and – for a button – the button with it? */
function possibleFor({ hooks }: Card, ...conditions: readonly Expression[]): Possible {
  return (answered) =>
    conditions.every((condition) => possibleTruths(condition, answered).has('yes')) &&
    [...hooks.values()].some((hook) => hook === undefined || possibleTruths(hook, answered).has('yes'));
}

/** A condition, where there is one; templates ask for `condition` before they show it. */
function conditionOf(when: Expression | undefined): { readonly condition: object | false } {
  return { condition: when === undefined ? false : conditionView(inPlainWords(when)) };
}

/** Always a group, so that the template has a list to show. */
function conditionView(condition: PlainCondition): object {
  const parts = condition.kind === 'answer' ? [condition] : condition.parts;
  return {
    kind: condition.kind === 'any' ? 'any' : 'all',
    parts: parts.map((part) =>
      part.kind === 'answer'
        ? {
            kind: 'answer',
            id: part.criterion,
            question: criterionInWords(part.criterion).question,
            needed: part.needed,
          }
        : conditionView(part),
    ),
  };
}

function textView(passages: readonly Passage[]): object {
  const [first] = passages;
  return {
    // Most texts read the same for everyone.
    fixed:
      passages.length === 1 && first?.wordings.length === 1 && first.more === 0 ? runs(first.wordings[0]?.text) : [],
    whole: passages.length === 1,
    passages: passages.map((passage) => passageView(passage)),
  };
}

function passageView({ wordings, more }: Passage): object {
  const said = wordings.filter(({ text }) => text !== '');
  const asked = new Set(wordings.flatMap(({ when }) => when.flat().map(({ criterion }) => criterion)));
  return {
    more: Number.isFinite(more) ? more : 0,
    unlisted: !Number.isFinite(more),
    // A part that is left out with all other answers says so of its wordings.
    isOptional: said.length < wordings.length,
    wordings: said.map(({ text, when }) => ({
      runs: runs(text),
      when: when.map((answers) => answers.map((answer) => answerInWords(answer))),
      isOther: asked.size > 1 && more === 0 && text === wordings.at(-1)?.text && isVague(when),
    })),
  };
}

/** The answers of a last line that lead nowhere in particular. */
function isVague(when: Wording['when']): boolean {
  return when.length > 1 || when.flat().some(({ answers }) => answers.length > 1);
}

function answerInWords({ criterion, answers }: Answer): object {
  return { label: criterionInWords(criterion).label, answers: answers.join(' or ') };
}

/** Text, and between ‹ and › what a chart would put in. Markdown escapes are for clients, not for this page. */
function runs(text = ''): readonly { readonly text: string; readonly isFromChart: boolean }[] {
  return text
    .replaceAll(/\\(?=[\\`*_[\]|~#!{}])/g, '')
    .split(/(‹[^›]*›)/)
    .filter((part) => part !== '')
    .map((part) => ({ text: part.replaceAll(/[‹›]/g, ''), isFromChart: part.startsWith('‹') }));
}

function suggestionView({ file, order }: Suggestion, card: Card): object {
  const conditions = [card.file.when, ...(file.when === undefined ? [] : [file.when])];
  const { recommended } = file;
  return {
    label: textView(wordingsOf(file.label, plainTemplate, possibleFor(card, ...conditions))),
    ...conditionOf(file.when),
    recommended: recommended === undefined ? false : recommended !== false,
    recommendedWhen: typeof recommended === 'boolean' ? false : conditionOf(recommended).condition,
    removesDrafts: file.delete === 'drafts',
    updatesDrafts: file.update === 'drafts',
    order: order === undefined ? false : orderView(order),
    isAcknowledgement: order === undefined && file.delete === undefined && file.update === undefined,
  };
}

function orderView(order: Order): object {
  const { file, texts } = order;
  const { resource } = file;
  const concept = conceptOf(order);
  const dosages = resource.resourceType === 'ServiceRequest' ? [] : (resource.dosageInstruction ?? []);
  const written = (text: string | undefined) => runs(texts.get(text ?? '')?.render(NO_PATIENT) ?? text);
  return {
    text: written(concept?.text),
    codings: (concept?.coding ?? []).map(({ system = '', code = '', display = '' }) => ({
      system: systemName(system),
      code,
      display: system === CPT_SYSTEM ? '' : display,
    })),
    dosage: dosages.map(({ text }) => written(text)),
  };
}

function conceptOf({ file: { resource } }: Order): CodeableConcept | undefined {
  return resource.resourceType === 'ServiceRequest' ? resource.code : resource.medicationCodeableConcept;
}

/** Its descriptors need a licence. */
const CPT_SYSTEM = 'http://www.ama-assn.org/go/cpt';

function criterionView(id: string, card: Card): object {
  const criterion = CRITERIA.get(id);
  return {
    id,
    label: capitalised(criterionInWords(id).label),
    question: criterionInWords(id).question,
    basis: criterion?.basis ?? [],
    uses: usesOf(id, card),
  };
}

/** What the criterion is for in this card, each with what an unknown answer does there. */
function usesOf(id: string, card: Card): readonly { readonly use: string; readonly unknown: string }[] {
  const names = (expression: Expression | undefined) => expression !== undefined && criteriaIn(expression).includes(id);
  const { file } = card;
  const hooks = [...card.hooks].filter(([, condition]) => names(condition)).map(([hook]) => hook);
  const texts = [card.summary, card.consider, card.evidence, card.regulatory];
  const uses: { use: string; unknown: string }[] = [];
  if (names(file.when))
    uses.push({ use: 'Whether the card is shown', unknown: SHOWN_EFFECTS[effectIn(file.when, id)] });
  if (hooks.length > 0) uses.push({ use: `Whether it is shown on ${hooks.join(', ')}`, unknown: unknownOnHooks() });
  const levels = card.indicators.flatMap(({ when }) => (names(when) && when) || []);
  if (levels.length > 0)
    uses.push({
      use: 'How urgent it is',
      unknown: LEVEL_EFFECTS[Math.max(...levels.map((when) => effectIn(when, id)))] ?? '',
    });
  if (texts.some(({ criteria }) => criteria.includes(id)))
    uses.push({ use: 'How it is worded', unknown: 'the wording says so, or leaves it open' });
  if (card.suggestions.some(({ file: one }) => names(one.when)))
    uses.push({ use: 'Which buttons it has', unknown: 'a button that needs the answer is left out' });
  if (card.suggestions.some(({ file: { recommended } }) => typeof recommended !== 'boolean' && names(recommended)))
    uses.push({ use: 'Which button is marked', unknown: 'that button is not marked' });
  if (uses.length === 0 && (file.alsoShow ?? []).includes(id))
    uses.push({ use: 'Named under “Based on”', unknown: 'decides nothing here' });
  return uses.length === 0 ? [{ use: 'A detail of a text or button', unknown: 'that detail is left out' }] : uses;

  function unknownOnHooks(): string {
    const conditions = [...card.hooks.values()].flatMap((condition) => (names(condition) && condition) || []);
    return [...new Set(conditions.map((condition) => SHOWN_EFFECTS[effectIn(condition, id)]))].join('; ');
  }
}

/** What an unknown answer makes of a condition: it cannot hold, it may hold by other answers, it holds all the same. */
function effectIn(condition: Expression, id: string): 0 | 1 | 2 {
  const unknown = possibleTruths(condition, (criterion) => (criterion === id ? 'unknown' : undefined));
  if (!unknown.has('yes')) return 0;
  const places = answersIn(inPlainWords(condition)).filter(({ criterion }) => criterion === id);
  return places.every(({ needed }) => needed.includes('unknown')) ? 2 : 1;
}

const SHOWN_EFFECTS = ['not shown', 'shown only if another answer allows it', 'does not stop it'] as const;
const LEVEL_EFFECTS = [
  'that line of the list does not count',
  'that line counts only if another answer allows it',
  'does not stop that line',
] as const;

/** The value sets that its criteria read, and those that the codes of its orders belong to; what each is for. */
function valueSetUses(
  card: Card,
  { terminology }: Guideline,
  valueSets: ReadonlyMap<string, ValueSetView>,
): readonly object[] {
  const uses = new Map<string, string[]>();
  const add = (id: string, use: string) => uses.set(id, [...new Set([...(uses.get(id) ?? []), use])]);
  for (const id of criteriaOf(card)) {
    for (const set of CRITERIA.get(id)?.valueSets ?? []) add(set, criterionInWords(id).label);
  }
  for (const { order } of card.suggestions) {
    const concept = order === undefined ? undefined : conceptOf(order);
    for (const set of concept === undefined ? [] : terminology.valueSetsOf(readCodedText(concept)))
      add(set, 'its order');
  }
  return [...uses].flatMap(([id, list]) => {
    const set = valueSets.get(id);
    return set === undefined ? [] : [{ set, uses: list }];
  });
}
