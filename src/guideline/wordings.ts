import { Liquid } from 'liquidjs';
import type { Truth } from '../chart/fact.ts';
import { CRITERIA } from './criteria/registry.ts';
import { Facts, type Template, type TemplateVariables } from './template.ts';

/** What a text may depend on: the answer of a criterion, or whether it has a figure. */
export interface Answer {
  readonly criterion: string;
  readonly answers: readonly (Truth | 'a figure' | 'no figure')[];
}

type Case = readonly Answer[];

/** One way in which a text can read, and the answers that make it read so, if none before it does. */
export interface Wording {
  /** What a patient's chart puts in stands between ‹ and ›. Empty where nothing is said. */
  readonly text: string;
  /** Any of these, each with all its answers. None: always. */
  readonly when: readonly Case[];
}

/** A stretch of a text that varies by itself. A text of few wordings is one passage. */
export interface Passage {
  readonly wordings: readonly Wording[];
  /** So many more ways in which it can read are not listed. */
  readonly more: number;
}

/** Could the chart answer so, for a card that is shown? `undefined` is an answer left open. */
export type Possible = (answered: (criterion: string) => Truth | undefined) => boolean;

/** More wordings than these of a whole text are shown passage by passage. */
const MAX_WORDINGS = 6;
/** Beyond that a passage is cut. */
const MAX_OF_PASSAGE = 30;
/** 3⁸ renderings of one text, once, are still quick. */
const MAX_CRITERIA = 8;

const TAG = /\{%.*?%\}/gs;
const NAMED = /(facts|values)\[["']([^"']+)["']\]/g;
/** Texts that name their own variables cannot be taken apart. */
const INDIVISIBLE = /\{%-?\s*(?:assign|capture|for|increment|decrement)\b/;

/** Every way in which a text can read, with the answers that decide. Nothing in it comes from a patient. */
export function wordingsOf(text: string, compile: (text: string) => Template, possible: Possible): readonly Passage[] {
  const whole = passageOf(text, compile, possible);
  if (whole !== undefined && whole.wordings.length <= MAX_WORDINGS && whole.more === 0) return [whole];
  const pieces = INDIVISIBLE.test(text) ? [text] : piecesOf(text);
  if (pieces.length < 2) return [whole ?? unlisted()];
  return pieces
    .map((piece) => passageOf(piece, compile, possible) ?? unlisted())
    .filter(({ wordings }) => wordings.some((wording) => wording.text !== ''));
}

function unlisted(): Passage {
  return { wordings: [], more: Number.POSITIVE_INFINITY };
}

/** The top-level parts of the template: what stands between the outermost tags, and each tag to its end. */
function piecesOf(text: string): readonly string[] {
  const starts = new Liquid().parse(text).map(({ token }) => token.begin);
  return starts.map((start, at) => text.slice(start, starts[at + 1]));
}

/** What fits many cases is easier to read as what is left over; most of all when nothing is said. */
function lastOf({ text, when }: Wording): number {
  if (text === '') return 2;
  return when.length > FEW_CASES ? 1 : 0;
}

const FEW_CASES = 3;

interface Variable {
  readonly criterion: string;
  readonly values: readonly Answer['answers'][number][];
}

type Assignment = readonly Answer['answers'][number][];

/** Where the text depends on more criteria than can be tried: nothing. */
function passageOf(source: string, compile: (text: string) => Template, possible: Possible): Passage | undefined {
  const variables = variablesIn(source);
  if (variables.length > MAX_CRITERIA) return undefined;
  const template = compile(source);
  const tree = grow(variables, [], (assignment) => render(template, variables, assignment, possible));
  const byText = Map.groupBy(tree === undefined ? [] : pathsOf(tree, []), (path) => path.text);
  const full = [...byText]
    .map(([text, paths]) => ({ text, when: paths.map(({ answers }) => answers) }))
    .toSorted((a, b) => lastOf(a) - lastOf(b));
  if (full.length === 1) return { wordings: full.map(({ text }) => ({ text, when: [] })), more: 0 };
  const listed = full.slice(0, MAX_OF_PASSAGE);
  return {
    wordings: listed.map(({ text, when }, at) => ({ text, when: shortened(when, full.slice(0, at), variables) })),
    more: full.length - listed.length,
  };
}

/** What the tags of the text ask, in the order in which they ask. */
function variablesIn(text: string): readonly Variable[] {
  const asked = new Map<string, Variable>();
  for (const [tag] of text.matchAll(TAG)) {
    for (const [name, kind, criterion = ''] of tag.matchAll(NAMED)) {
      const values = kind === 'facts' ? (['yes', 'no', 'unknown'] as const) : (['a figure', 'no figure'] as const);
      asked.set(name.replaceAll("'", '"'), { criterion, values });
    }
  }
  return [...asked.values()];
}

function render(
  template: Template,
  variables: readonly Variable[],
  assignment: Assignment,
  possible: Possible,
): string | undefined {
  const given = (criterion: string, ofFigure: boolean) =>
    assignment.find((_, at) => {
      const variable = variables[at];
      return variable?.criterion === criterion && variable.values.includes('no figure') === ofFigure;
    });
  const fact = (criterion: string) => given(criterion, false) as Truth | undefined;
  if (!possible(fact)) return undefined;
  const text = template.render({
    ...NO_PATIENT,
    facts: new Facts((criterion) => fact(criterion) ?? 'unknown'),
    values: new Facts((criterion) => (given(criterion, true) === 'no figure' ? '' : placeholder(criterion))),
  });
  return text.trim();
}

function placeholder(criterion: string): string {
  return `‹${CRITERIA.get(criterion)?.label ?? criterion}›`;
}

/** What stands in a text where a chart would put in its own. */
export const NO_PATIENT: TemplateVariables = {
  facts: new Facts(() => 'unknown'),
  values: new Facts(placeholder),
  orderedDrugs: '‹drugs ordered›',
  weight: { kg: '‹weight›', date: '‹date of the weight›', doseMg: '‹dose›' },
};

type Tree =
  | { readonly text: string }
  | { readonly criterion: string; readonly branches: readonly { answers: Answer['answers']; tree: Tree }[] };

/** Asks one criterion after the other; answers that lead to the same texts share a branch, and what cannot be has none. */
function grow(
  variables: readonly Variable[],
  assignment: Assignment,
  leaf: (assignment: Assignment) => string | undefined,
): Tree | undefined {
  const variable = variables[assignment.length];
  if (variable === undefined) {
    const text = leaf(assignment);
    return text === undefined ? undefined : { text };
  }
  const branches = new Map<string, { answers: Answer['answers'][number][]; tree: Tree }>();
  for (const answer of variable.values) {
    const tree = grow(variables, [...assignment, answer], leaf);
    if (tree === undefined) continue;
    const key = JSON.stringify(tree);
    const branch = branches.get(key);
    if (branch === undefined) branches.set(key, { answers: [answer], tree });
    else branch.answers.push(answer);
  }
  const [first, ...others] = branches.values();
  if (first === undefined || others.length === 0) return first?.tree;
  return { criterion: variable.criterion, branches: [first, ...others] };
}

function pathsOf(tree: Tree, answers: readonly Answer[]): readonly { text: string; answers: readonly Answer[] }[] {
  if ('text' in tree) return [{ text: tree.text, answers }];
  return tree.branches.flatMap((branch) =>
    pathsOf(branch.tree, [...answers, { criterion: tree.criterion, answers: branch.answers }]),
  );
}

/**
 * The cases without the answers that a reader of the list knows by then: whatever a shorter case covers besides its own
 * has to belong to a wording before it. One answer stays, as it says the most.
 */
function shortened(
  cases: readonly Case[],
  before: readonly Wording[],
  variables: readonly Variable[],
): readonly Case[] {
  const all = assignments(variables);
  const settled = [...before.flatMap(({ when }) => when), ...cases];
  const covered = new Set(all.filter((one) => settled.some((own) => fits(own, one))));
  return cases.map((full) => {
    let short = full;
    // What leaves two answers open says less than what leaves one.
    for (const answer of full.toSorted((a, b) => b.answers.length - a.answers.length)) {
      const without = short.filter((other) => other !== answer);
      if (without.length > 0 && all.every((one) => !fits(without, one) || covered.has(one))) short = without;
    }
    return short;
  });
}

type Answered = ReadonlyMap<string, Answer['answers'][number]>;

function assignments([variable, ...others]: readonly Variable[]): readonly Answered[] {
  if (variable === undefined) return [new Map()];
  const rest = assignments(others);
  return variable.values.flatMap((value) =>
    rest.map((one) => new Map([[keyOf(variable.criterion, value), value], ...one])),
  );
}

function fits(answers: Case, one: Answered): boolean {
  return answers.every((answer) => answer.answers.some((value) => one.get(keyOf(answer.criterion, value)) === value));
}

/** A criterion may be asked for its answer and for its figure. */
function keyOf(criterion: string, value: Answer['answers'][number]): string {
  return value.endsWith('figure') ? `${criterion} figure` : criterion;
}
