import { RESOURCE_KEYS, type ResourceKey, type UnreadReason } from '../../chart/reading.ts';
import type { Assessment } from '../../guideline/assess.ts';
import { CRITERIA } from '../../guideline/criteria/registry.ts';
import { plainText } from '../../guideline/escape.ts';
import type { Answers } from '../../guideline/expression.ts';
import { partsInWords, reasonInWords } from '../../guideline/wording.ts';
import { answerInWords } from '../parts/server-answer.ts';
import type { ServerAnswer, Situation } from '../situation.ts';
import { undecidedBy } from './undecided-by.ts';

/** A server may answer with a page. */
const MAX_ANSWER = 160;

/** Parts of the chart that could not be read, for the same reason and with the same answer. */
export interface UnreadParts {
  readonly parts: string;
  readonly why: string;
  /** The server's own. */
  readonly answer: string | undefined;
  /** What the unknown criteria ask for. */
  readonly open: readonly string[];
  /** Titles of the cards that stay undecided. */
  readonly undecided: readonly string[];
}

interface UnreadPart {
  readonly key: ResourceKey;
  readonly reason: UnreadReason;
  readonly answer: string | undefined;
}

export function unreadParts(
  situation: Situation,
  answers: Answers,
  assessments: readonly Assessment[],
): readonly UnreadParts[] {
  const cards = undecidedBy(assessments);
  const parts = RESOURCE_KEYS.flatMap((key) => unreadPart(situation, key));
  return [...Map.groupBy(parts, ({ reason, answer }) => JSON.stringify([reason, answer])).values()].map((alike) => {
    const keys = alike.map(({ key }) => key);
    const open = [...CRITERIA.values()].filter(({ id }) => isOpenFor(id, keys));
    return {
      parts: partsInWords(keys),
      why: alike[0] === undefined ? '' : reasonInWords(alike[0].reason),
      answer: alike[0]?.answer,
      open: open.map(({ label }) => label),
      undecided: [...new Set(open.flatMap(({ id }) => cards.get(id) ?? []))],
    };
  });

  function isOpenFor(id: string, keys: readonly ResourceKey[]): boolean {
    const { state, unread } = answers(id);
    return state === 'unknown' && unread.some(({ key }) => keys.includes(key));
  }
}

function unreadPart({ readings, pending, answers }: Situation, key: ResourceKey): readonly UnreadPart[] {
  const reading = readings.get(key);
  if (reading?.state === 'complete' || pending.has(key)) return [];
  return [{ key, reason: reading?.reason ?? 'not-sent', answer: inWords(answers.get(key)) }];
}

/** "the server answered 403: this client may not read that" */
function inWords(answer: ServerAnswer | undefined): string | undefined {
  if (answer === undefined) return undefined;
  const says = plainText(answer.says);
  return answerInWords({ ...answer, says: says.length > MAX_ANSWER ? `${says.slice(0, MAX_ANSWER - 1)}…` : says });
}
