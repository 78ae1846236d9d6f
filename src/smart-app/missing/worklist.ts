import { type Evidence, yes } from '../../chart/fact.ts';
import type { ResourceKey } from '../../chart/reading.ts';
import type { Assessment } from '../../guideline/assess.ts';
import type { Answers } from '../../guideline/expression.ts';
import type { Situation } from '../situation.ts';
import { type NotFound, notFound } from './not-found.ts';
import { type OpenQuestion, openQuestions } from './open-questions.ts';
import { type UnreadParts, unreadParts } from './unread-parts.ts';

/** What is not in the chart, or cannot be told from it, as a list to work through. */
export interface Worklist {
  readonly reading: readonly ResourceKey[];
  readonly unread: readonly UnreadParts[];
  /** Left open by what is recorded or not: those that keep a card undecided. */
  readonly open: readonly OpenQuestion[];
  /** Left open, and no card turns on them now. */
  readonly idle: readonly OpenQuestion[];
  readonly notFound: readonly NotFound[];
  /** Orders and doses that say in no way what drug they are of. */
  readonly nameless: readonly Evidence[];
  /** Medications that are known by what orders call them alone, since they could not be looked up. */
  readonly unresolved: number;
  /** Records left out, such as another patient's. */
  readonly skipped: number;
  /** How many entries there are to work through. */
  readonly count: number;
}

export function worklistOf(situation: Situation, answers: Answers, assessments: readonly Assessment[]): Worklist {
  const { chart, readings, pending, skipped } = situation;
  if (chart.deceased) return withNothingAsked(situation);
  const questions = openQuestions(pending, answers, assessments);
  const unread = unreadParts(situation, answers, assessments);
  // What no one can record yet is nothing to work through.
  const open = questions.filter(({ undecided, toDo }) => undecided.length > 0 && toDo !== undefined);
  const absent = notFound(pending, answers, assessments);
  const unresolved = new Set(
    [...readings.values()].flatMap((reading) => (reading.state === 'unread' ? [] : (reading.unresolved ?? []))),
  ).size;
  const { namelessMedication } = chart;
  const medication = (namelessMedication.length > 0 ? 1 : 0) + (unresolved > 0 ? 1 : 0);
  return {
    reading: [...pending],
    unread,
    open,
    idle: questions.filter((question) => !open.includes(question)),
    notFound: absent,
    nameless: namelessMedication,
    unresolved,
    skipped,
    count: unread.length + open.length + absent.length + medication + (skipped > 0 ? 1 : 0),
  };
}

/** Of a patient who has died: what was not read is named, and nothing is left to record. */
function withNothingAsked(situation: Situation): Worklist {
  return {
    reading: [...situation.pending],
    unread: unreadParts(situation, () => yes([]), []),
    open: [],
    idle: [],
    notFound: [],
    nameless: [],
    unresolved: 0,
    skipped: situation.skipped,
    count: 0,
  };
}
