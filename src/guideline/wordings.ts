import { Liquid } from 'liquidjs';
import type { Truth } from '../chart/fact.ts';
import { CRITERIA } from './criteria/registry.ts';
import { Facts, type Template, type TemplateVariables } from './parsed-text.ts';
import {
  answersOf,
  type Box,
  boxesByOutcome,
  IMPOSSIBLE,
  isAllowed,
  type Question,
  waysToAnswer,
  widened,
  workedOutOnce,
} from './wording-cases.ts';

/** What a text may depend on: the answer of a criterion, or whether it has a figure. */
export interface Answer {
  readonly criterion: string;
  readonly answers: readonly (Truth | Figure)[];
}

type Figure = 'a figure' | 'no figure';

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
/** 3⁸ ways of answering, each tried once, are still quick. */
const MAX_CRITERIA = 8;

const LIQUID = new Liquid();
const TAG = /\{%.*?%\}/gs;
const NAMED = /(facts|values)\[["']([^"']+)["']\]/g;
const COMPARED = /\bfacts\[["']([^"']+)["']\]\s*[!=]=\s*["']([^"']*)["']/g;

/** Every way in which a text can read, with the answers that decide. Nothing in it comes from a patient. */
export function wordingsOf(text: string, compile: (text: string) => Template, possible: Possible): readonly Passage[] {
  const pieces = piecesOf(text);
  if (pieces.length < 2) return [passageOf(text, compile, possible) ?? unlisted()];
  const whole = passageOf(text, compile, possible, MAX_WORDINGS);
  if (whole !== undefined) return [whole];
  return pieces
    .map((piece) => passageOf(piece, compile, possible) ?? unlisted())
    .filter(({ wordings }) => wordings.some((wording) => wording.text !== ''));
}

function unlisted(): Passage {
  return { wordings: [], more: Number.POSITIVE_INFINITY };
}

/** The top-level parts of the template: what stands between the outermost tags, and each tag to its end. */
function piecesOf(text: string): readonly string[] {
  const starts = LIQUID.parse(text).map(({ token }) => token.begin);
  return starts.map((start, at) => text.slice(start, starts[at + 1]));
}

/** What fits many cases is easier to read as what is left over; most of all when nothing is said. */
function lastOf({ text, boxes }: { readonly text: string; readonly boxes: readonly Box[] }): number {
  if (text === '') return 2;
  return boxes.length > FEW_CASES ? 1 : 0;
}

const FEW_CASES = 3;

interface Variable extends Question {
  readonly criterion: string;
  readonly values: Answer['answers'];
  /** For each value the first one that the text does not tell from it, by its place. */
  readonly alike: readonly number[];
}

/** Where the text depends on more criteria than can be tried, or has more wordings than are asked for: nothing. */
function passageOf(
  source: string,
  compile: (text: string) => Template,
  possible: Possible,
  most = Number.POSITIVE_INFINITY,
): Passage | undefined {
  const variables = variablesIn(source);
  if (variables.length > MAX_CRITERIA) return undefined;
  const readings = readingsOf(compile(source), variables, possible, most);
  if (readings === undefined) return undefined;
  const full = [...boxesByOutcome(variables, readings.outcomes)]
    .map(([outcome, boxes]) => ({ text: readings.texts[outcome] ?? '', boxes }))
    .toSorted((a, b) => lastOf(a) - lastOf(b));
  if (full.length === 1) return { wordings: full.map(({ text }) => ({ text, when: [] })), more: 0 };
  const lines = full.map(({ boxes }) => boxes);
  const listed = widened(variables, lines, MAX_OF_PASSAGE);
  return {
    wordings: listed.map((boxes, at) => ({
      text: full[at]?.text ?? '',
      when: boxes.map((box) => caseOf(box, variables)),
    })),
    more: full.length - listed.length,
  };
}

function caseOf(box: Box, variables: readonly Variable[]): Case {
  return variables.flatMap((variable, at) => {
    const answers = variable.values.filter((_, answer) => isAllowed(box[at], answer));
    return answers.length === variable.answers ? [] : [{ criterion: variable.criterion, answers }];
  });
}

const TRUTHS: readonly Truth[] = ['yes', 'no', 'unknown'];
const FIGURES: readonly Figure[] = ['a figure', 'no figure'];

/** What the tags of the text ask, in the order in which they ask. */
function variablesIn(text: string): readonly Variable[] {
  const asked = new Map<string, Variable>();
  const compared = comparedIn(text);
  for (const [tag] of text.matchAll(TAG)) {
    for (const [name, kind, criterion = ''] of tag.matchAll(NAMED)) {
      const values = kind === 'facts' ? TRUTHS : FIGURES;
      const isTold = (value: string) => kind !== 'facts' || compared === 'any' || compared.has(`${criterion} ${value}`);
      const untold = values.findIndex((value) => !isTold(value));
      const alike = values.map((value, at) => (isTold(value) ? at : untold));
      asked.set(name.replaceAll("'", '"'), { criterion, answers: values.length, values, alike });
    }
  }
  return [...asked.values()];
}

/**
 * What the text compares the answers of criteria with, as `criterion answer`: it reads alike with all others. A text that
 * does anything else with them may tell any two apart.
 */
function comparedIn(text: string): ReadonlySet<string> | 'any' {
  const comparisons = [...text.matchAll(COMPARED)];
  if (comparisons.length < [...text.matchAll(/\bfacts\b/g)].length) return 'any';
  return new Set(comparisons.map(([, criterion, answer]) => `${criterion} ${answer}`));
}

/** How a text reads: `outcomes` has, for each way of answering, the place of its text. */
interface Readings {
  readonly texts: readonly string[];
  readonly outcomes: Int32Array;
}

/** Every way of answering is tried, but what the text cannot tell apart is rendered once. Gives up at too many texts. */
function readingsOf(
  template: Template,
  variables: readonly Variable[],
  possible: Possible,
  most: number,
): Readings | undefined {
  const isPossible = workedOutOnce(variables, (answer) =>
    possible((criterion) => given(criterion, TRUTHS, variables, answer)),
  );
  const read = workedOutOnce(variables, (answer) => render(template, variables, answer));
  const outcomes = new Int32Array(waysToAnswer(variables)).fill(IMPOSSIBLE);
  const places = new Map<string, number>();
  for (const way of outcomes.keys()) {
    const answers = answersOf(way, variables);
    if (!isPossible(answers)) continue;
    const text = read(answers.map((answer, at) => variables[at]?.alike[answer] ?? answer));
    const place = places.get(text) ?? places.size;
    if (place >= most) return undefined;
    places.set(text, place);
    outcomes[way] = place;
  }
  return { texts: [...places.keys()], outcomes };
}

/** A criterion may be asked for its answer and for its figure. */
function given<Value extends Truth | Figure>(
  criterion: string,
  values: readonly Value[],
  variables: readonly Variable[],
  answer: (question: number) => number,
): Value | undefined {
  const at = variables.findIndex((variable) => variable.criterion === criterion && variable.values === values);
  return at < 0 ? undefined : values[answer(at)];
}

function render(template: Template, variables: readonly Variable[], answer: (question: number) => number): string {
  const text = template.render({
    ...NO_PATIENT,
    facts: new Facts((criterion) => given(criterion, TRUTHS, variables, answer) ?? 'unknown'),
    values: new Facts((criterion) =>
      given(criterion, FIGURES, variables, answer) === 'no figure' ? '' : placeholder(criterion),
    ),
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
