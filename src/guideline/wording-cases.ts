/** One thing that decides how a text reads, and how many answers it has. */
export interface Question {
  readonly answers: number;
}

/**
 * A set of ways to answer all questions: for each question the answers that it may have, as the bits of a number. A question
 * with all its bits set is left open.
 */
export type Box = readonly number[];

/** Marks the ways of answering that cannot be. */
export const IMPOSSIBLE = -1;

/** In how many ways the questions can be answered. */
export function waysToAnswer(questions: readonly Question[]): number {
  return questions.reduce((product, { answers }) => product * answers, 1);
}

/** The answer to each question, by its place, in one way of answering: the last question changes fastest. */
export function answersOf(way: number, questions: readonly Question[]): readonly number[] {
  const given: number[] = [];
  questions.reduceRight((rest, { answers }) => {
    given.unshift(rest % answers);
    return Math.trunc(rest / answers);
  }, way);
  return given;
}

/**
 * Works out what depends on the answers once for each set of those that it asks for. It has to be a function of them alone.
 */
export function workedOutOnce<Result>(
  questions: readonly Question[],
  workOut: (answer: (question: number) => number) => Result,
): (answers: readonly number[]) => Result {
  const asked = new Set<number>();
  const known = new Map<number, { readonly result: Result }>();
  const keyOf = (answers: readonly number[]) =>
    questions.reduce((way, one, at) => way * one.answers + (asked.has(at) ? (answers[at] ?? 0) : 0), 0);
  return (answers) => {
    const before = known.get(keyOf(answers));
    if (before !== undefined) return before.result;
    const result = workOut((question) => {
      asked.add(question);
      return answers[question] ?? 0;
    });
    // One kept before another question was asked still holds: whatever it asked is answered the same.
    known.set(keyOf(answers), { result });
    return result;
  };
}

/**
 * Every outcome, in the order in which they are met, with the boxes that lead to it: no two boxes share a way of answering.
 * Asks one question after the other; answers that lead to the same share a box, and what cannot be has none.
 *
 * @param outcomes - the outcome of each way of answering, from 0 on, or IMPOSSIBLE
 */
export function boxesByOutcome(
  questions: readonly Question[],
  outcomes: ArrayLike<number>,
): ReadonlyMap<number, readonly Box[]> {
  const tree = new Growth(questions, outcomes).grow(0, 0);
  const boxes = new Map<number, Box[]>();
  if (tree !== undefined) collect(tree, questions.map(open), boxes);
  return boxes;
}

/** Equal trees are one and the same object. */
type Tree = { readonly outcome: number } | { readonly question: number; readonly branches: ReadonlyMap<Tree, number> };

class Growth {
  readonly #questions: readonly Question[];
  readonly #outcomes: ArrayLike<number>;
  readonly #numbers = new Map<Tree, number>();
  readonly #known = new Map<string, Tree>();

  constructor(questions: readonly Question[], outcomes: ArrayLike<number>) {
    this.#questions = questions;
    this.#outcomes = outcomes;
  }

  /** The tree of the questions from this one on, where those before it are answered in this way. */
  grow(question: number, before: number): Tree | undefined {
    const asked = this.#questions[question];
    if (asked === undefined) {
      const outcome = this.#outcomes[before] ?? IMPOSSIBLE;
      return outcome === IMPOSSIBLE ? undefined : this.#one(String(outcome), { outcome });
    }
    const branches = new Map<Tree, number>();
    for (let answer = 0; answer < asked.answers; answer += 1) {
      const tree = this.grow(question + 1, before * asked.answers + answer);
      if (tree !== undefined) branches.set(tree, (branches.get(tree) ?? 0) | (1 << answer));
    }
    if (branches.size < 2) return branches.keys().next().value;
    const key = [...branches].map(([tree, answers]) => `${answers}:${this.#numbers.get(tree)}`);
    return this.#one(`${question} ${key.join(' ')}`, { question, branches });
  }

  #one(key: string, tree: Tree): Tree {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, tree);
    this.#numbers.set(tree, this.#numbers.size);
    return tree;
  }
}

function collect(tree: Tree, box: Box, boxes: Map<number, Box[]>): void {
  if ('branches' in tree) {
    for (const [branch, answers] of tree.branches) collect(branch, box.with(tree.question, answers), boxes);
    return;
  }
  const others = boxes.get(tree.outcome);
  if (others === undefined) boxes.set(tree.outcome, [box]);
  else others.push(box);
}

/**
 * The boxes of each line of a list without the answers that a reader knows by then: whatever a wider box covers besides its
 * own has to belong to its line or one before it. One answer stays, as it says the most.
 *
 * @param lines - the boxes of each line; no two share a way of answering
 * @param most - so many lines are widened, and only those are given back
 */
export function widened(
  questions: readonly Question[],
  lines: readonly (readonly Box[])[],
  most: number,
): readonly (readonly Box[])[] {
  const lineOf = new Int32Array(waysToAnswer(questions)).fill(lines.length);
  lines.forEach((boxes, line) => {
    for (const box of boxes)
      everyWay(questions, box, (way) => {
        lineOf[way] = line;
        return true;
      });
  });
  const settled = (box: Box, line: number) => everyWay(questions, box, (way) => (lineOf[way] ?? lines.length) <= line);
  return lines
    .slice(0, most)
    .map((boxes, line) => boxes.map((box) => widen(box, questions, (added) => settled(added, line))));
}

function widen(full: Box, questions: readonly Question[], settled: (added: Box) => boolean): Box {
  const asked = questions.flatMap((one, at) => (full[at] === open(one) ? [] : [at]));
  // What leaves two answers open says less than what leaves one.
  const vaguestFirst = asked.toSorted((a, b) => answersLeft(full[b]) - answersLeft(full[a]));
  let box = full;
  let left = asked.length;
  for (const at of vaguestFirst) {
    const all = open(questions[at]);
    // What the box holds is settled; only what it would gain is left to be looked at.
    if (left > 1 && settled(box.with(at, all & ~(box[at] ?? 0)))) {
      box = box.with(at, all);
      left -= 1;
    }
  }
  return box;
}

/** Does it hold for every way of answering in the box? Stops at the first for which it does not. */
function everyWay(
  questions: readonly Question[],
  box: Box,
  holds: (way: number) => boolean,
  question = 0,
  before = 0,
): boolean {
  const asked = questions[question];
  if (asked === undefined) return holds(before);
  for (let answer = 0; answer < asked.answers; answer += 1) {
    if (!isAllowed(box[question], answer)) continue;
    if (!everyWay(questions, box, holds, question + 1, before * asked.answers + answer)) return false;
  }
  return true;
}

/** Is the answer one of those of the box? */
export function isAllowed(bits = 0, answer: number): boolean {
  return (bits & (1 << answer)) !== 0;
}

/** The bits of a question that may have any of its answers. */
function open({ answers }: Question = { answers: 0 }): number {
  return (1 << answers) - 1;
}

function answersLeft(bits = 0): number {
  return bits === 0 ? 0 : (bits & 1) + answersLeft(bits >> 1);
}
