import type { ReceivedFeedback } from '../feedback/feedback-store.ts';
import { addTallies } from '../feedback/store/add-tallies.ts';
import { createFeedbackStore } from '../feedback/store/append-feedback.ts';
import type { Database } from '../feedback/store/database.ts';
import { recordShowings } from '../feedback/store/record-showings.ts';
import type { Guideline } from '../guideline/guideline.ts';
import { chance } from './chance.ts';
import { MADE_UP_CARDS } from './made-up-cards.ts';
import { type CardInUse, type MadeUpClient, madeUpDay } from './made-up-day.ts';

export interface FillOptions {
  /** `YYYY-MM-DD`, UTC. */
  readonly last: string;
  readonly days: number;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

const CLIENTS: readonly MadeUpClient[] = [
  { name: 'General Hospital (made up)', aspsCalls: 4, otherCalls: 240 },
  { name: 'University Hospital (made up)', aspsCalls: 9, otherCalls: 320 },
  { name: 'Cancer Centre (made up)', aspsCalls: 6, otherCalls: 60 },
];
const DAY_MS = 86_400_000;
/** Each write waits for the disk: so many days are written together. */
const DAYS_TOGETHER = 14;
/** The same data each time, but for the days. */
const SEED = 8;

/** Fills a store with made-up showings, feedback and counts of so many days until the last, through the store's own functions. */
export async function fillStore(
  database: Database,
  guideline: Guideline,
  { last, days, signal }: FillOptions,
): Promise<void> {
  const feedbackStore = createFeedbackStore(database);
  const cards = cardsInUse(guideline);
  const luck = chance(SEED);
  const madeUp = (at: number) =>
    madeUpDay({
      day: new Date(Date.parse(last) - (days - 1 - at) * DAY_MS).toISOString().slice(0, 10),
      progress: at / days,
      cards,
      clients: CLIENTS,
      reasonSystem: guideline.file.overrideReasonSystem,
      chance: luck,
    });

  for (let start = 0; start < days; start += DAYS_TOGETHER) {
    if (signal?.aborted === true) return;
    const length = Math.min(DAYS_TOGETHER, days - start);
    const together = Array.from({ length }, (_, index) => madeUp(start + index));
    await recordShowings(
      database,
      together.flatMap(({ shown }) => shown),
    );
    for (const received of bySender(together.flatMap(({ feedback }) => feedback))) await feedbackStore.append(received);
    await addTallies(
      database,
      together.flatMap(({ tallies }) => tallies),
    );
  }
}

/** As of clients that keep their feedback for a while and send it in one call. */
function bySender(feedback: readonly ReceivedFeedback[]): readonly ReceivedFeedback[] {
  const calls = Map.groupBy(feedback, ({ client, service }) => JSON.stringify([client, service]));
  return [...calls.values()].flatMap((same) =>
    same.slice(-1).map((last) => ({ ...last, entries: same.flatMap(({ entries }) => entries) })),
  );
}

/** Those of the guideline that something is made up of. */
function cardsInUse({ cards }: Guideline): readonly CardInUse[] {
  const byId = new Map(cards.map((card) => [card.file.id, card]));
  return MADE_UP_CARDS.flatMap((madeUp) => {
    const card = byId.get(madeUp.cardId);
    if (card === undefined) return [];
    const hooks = new Set(card.hooks.keys());
    return [{ ...madeUp, version: card.file.version, hooks, hasSuggestions: card.suggestions.length > 0 }];
  });
}
