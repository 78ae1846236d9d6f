import type { Work } from './clinicians.ts';
import { cardsIn } from './records.ts';

/** Where the clinicians and the database disagree; each list is empty if nothing was lost and nothing made up. */
export interface Disagreement {
  /** Acknowledged and not there. */
  readonly lost: readonly string[];
  /** There more than once. */
  readonly twice: readonly string[];
  /** There and never sent. */
  readonly madeUp: readonly string[];
}

export const NONE: Disagreement = { lost: [], twice: [], madeUp: [] };

/** Holds what the clinicians were told against the feedback in the database. */
export async function disagreement(databaseUrl: string, { sent, acknowledged }: Work): Promise<Disagreement> {
  const stored = await cardsIn(databaseUrl, 'feedback');
  const once = new Set(stored);
  return {
    lost: [...acknowledged].filter((card) => !once.has(card)),
    twice: repeated(stored),
    madeUp: stored.filter((card) => !sent.has(card)),
  };
}

/** Of cards that were shown, those of which there is no record. */
export async function unrecorded(databaseUrl: string, shown: ReadonlySet<string>): Promise<readonly string[]> {
  const recorded = new Set(await cardsIn(databaseUrl, 'showing'));
  return [...shown].filter((card) => !recorded.has(card));
}

function repeated(cards: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return cards.filter((card) => seen.size === seen.add(card).size);
}
