import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
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
} from '../../src/guideline/wording-cases.ts';

const YES_NO_UNKNOWN: Question = { answers: 3 };
const FIGURE: Question = { answers: 2 };

/** Questions, and what each way of answering them leads to. */
const decided = fc.array(fc.constantFrom(YES_NO_UNKNOWN, FIGURE), { minLength: 1, maxLength: 4 }).chain((questions) => {
  const size = waysToAnswer(questions);
  return fc.record({
    questions: fc.constant(questions),
    outcomes: fc.array(fc.integer({ min: IMPOSSIBLE, max: 3 }), { minLength: size, maxLength: size }),
  });
});

type Decided = typeof decided extends fc.Arbitrary<infer Value> ? Value : never;

function isIn(way: number, box: Box, questions: readonly Question[]): boolean {
  return answersOf(way, questions).every((answer, at) => isAllowed(box[at], answer));
}

function waysIn(boxes: readonly Box[], questions: readonly Question[]): readonly number[] {
  return all(questions).filter((way) => boxes.some((box) => isIn(way, box, questions)));
}

function all(questions: readonly Question[]): readonly number[] {
  return [...Array.from({ length: waysToAnswer(questions) }).keys()];
}

function linesOf({ questions, outcomes }: Decided) {
  const lines = [...boxesByOutcome(questions, outcomes)];
  return {
    met: lines.map(([outcome]) => outcome),
    full: lines.map(([, boxes]) => boxes),
    wide: widened(
      questions,
      lines.map(([, boxes]) => boxes),
      lines.length,
    ),
  };
}

const OPEN = 0b111;
const asked = (box: Box, questions: readonly Question[]) =>
  questions.flatMap(({ answers }, at) => (box[at] === OPEN >> (3 - answers) ? [] : [at]));

test('each way of answering has its own answers', () => {
  const questions = [YES_NO_UNKNOWN, FIGURE, YES_NO_UNKNOWN];
  const ways = all(questions).map((way) => answersOf(way, questions).join(''));
  expect(ways).toHaveLength(18);
  expect(ways.slice(0, 4)).toEqual(['000', '001', '002', '010']);
  expect(new Set(ways).size).toBe(18);
});

describe('the boxes of an outcome', () => {
  test('what can be is in one box, and that is of its outcome; what cannot be is in one at most', () => {
    fc.assert(
      fc.property(decided, ({ questions, outcomes }) => {
        const boxes = [...boxesByOutcome(questions, outcomes)].flatMap(([outcome, list]) =>
          list.map((box) => ({ outcome, box })),
        );
        for (const way of all(questions)) {
          const found = boxes.filter(({ box }) => isIn(way, box, questions)).map(({ outcome }) => outcome);
          expect(found).toEqual(outcomes[way] === IMPOSSIBLE ? found.slice(0, 1) : [outcomes[way]]);
        }
      }),
    );
  });

  test('answers that lead to the same share one, and a question that decides nothing is not asked', () => {
    // Only the first answer of the first question matters.
    expect(boxesByOutcome([YES_NO_UNKNOWN, FIGURE], [7, 7, 5, 5, 5, 5])).toEqual(
      new Map([
        [7, [[0b001, 0b11]]],
        [5, [[0b110, 0b11]]],
      ]),
    );
  });

  test('where nothing can be, there are none', () => {
    expect(boxesByOutcome([FIGURE], [IMPOSSIBLE, IMPOSSIBLE])).toEqual(new Map());
    expect(boxesByOutcome([], [0])).toEqual(new Map([[0, [[]]]]));
  });
});

describe('the widened boxes of a list', () => {
  test('up to each line they cover exactly what leads to it or to a line before it', () => {
    fc.assert(
      fc.property(decided, (given) => {
        const { questions, outcomes } = given;
        const { met, full, wide } = linesOf(given);
        const canBe = (way: number) => outcomes[way] !== IMPOSSIBLE;
        met.forEach((_, line) => {
          const outcomesSoFar = met.slice(0, line + 1);
          const covered = waysIn(wide.slice(0, line + 1).flat(), questions);
          expect(covered.filter(canBe)).toEqual(
            all(questions).filter((way) => outcomesSoFar.includes(outcomes[way] ?? IMPOSSIBLE)),
          );
          // Nor does any of them reach into what no line was ever found for.
          expect(covered).toEqual(waysIn(full.slice(0, line + 1).flat(), questions));
        });
      }),
    );
  });

  test('none asks for less than one answer or for more than it needs', () => {
    fc.assert(
      fc.property(decided, (given) => {
        const { questions } = given;
        const { full, wide } = linesOf(given);
        wide.forEach((boxes, line) => {
          const settled = new Set(waysIn(full.slice(0, line + 1).flat(), questions));
          boxes.forEach((box, at) => {
            const before = asked(full[line]?.[at] ?? [], questions);
            const left = asked(box, questions);
            expect(left.filter((question) => !before.includes(question))).toEqual([]);
            expect(left.length).toBeGreaterThanOrEqual(Math.min(1, before.length));
            if (left.length < 2) return;
            const wider = left.map((question) => box.with(question, OPEN));
            expect(wider.filter((one) => waysIn([one], questions).every((way) => settled.has(way)))).toEqual([]);
          });
        });
      }),
    );
  });

  test('of the lines only so many are given', () => {
    const lines = [[[0b001]], [[0b010]], [[0b100]]];
    expect(widened([YES_NO_UNKNOWN], lines, 2)).toEqual([[[0b001]], [[0b010]]]);
  });
});

describe('what depends on answers', () => {
  test('is the same as if it were worked out each time', () => {
    fc.assert(
      fc.property(decided, ({ questions, outcomes }) => {
        // Which question comes next depends on the answers so far, and not all are asked.
        const walk = (answer: (question: number) => number) => {
          const told: number[] = [];
          let at = 0;
          for (let step = 0; step < questions.length; step += 1) {
            told.push(answer(at));
            const next = outcomes[told.reduce((sum, one) => sum + one, step)] ?? IMPOSSIBLE;
            if (next === IMPOSSIBLE) break;
            at = next % questions.length;
          }
          return told.join();
        };
        const once = workedOutOnce(questions, walk);
        for (const way of [...all(questions), ...all(questions).toReversed()]) {
          const answers = answersOf(way, questions);
          expect(once(answers)).toBe(walk((question) => answers[question] ?? 0));
        }
      }),
    );
  });

  test('is worked out once for the answers that it asks for', () => {
    const questions = [YES_NO_UNKNOWN, YES_NO_UNKNOWN, YES_NO_UNKNOWN, YES_NO_UNKNOWN];
    let times = 0;
    const once = workedOutOnce(questions, (answer) => {
      times += 1;
      return answer(2);
    });
    expect(all(questions).map((way) => once(answersOf(way, questions)))).toEqual(
      all(questions).map((way) => Math.trunc(way / 3) % 3),
    );
    expect(times).toBe(3);
  });
});
