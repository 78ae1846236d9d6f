import type { Card } from '../card-text.ts';
import type { Character } from './character.ts';
import type { Exchange } from './exchange.ts';

/** A card on the screen of one clinician. */
export interface ShownCard {
  /** Unique in the session; fit for an HTML id. Not every EHR gets a uuid with a card. */
  readonly key: string;
  readonly hook: string;
  readonly card: Card;
  /**
   * What has become of it; a card that is gone from the screen is not in the session any more. `outdated`: it speaks of the
   * chart as it was before orders were signed or a problem was added, and cannot be accepted.
   */
  readonly state: 'open' | 'accepted' | 'outdated';
}

/** What one browser has before it. Nothing of it outlives the process. */
export interface Session {
  readonly id: string;
  readonly character: Character;
  /** Whose chart is open. */
  readonly patientId: string | undefined;
  /** Most urgent first, otherwise as the service sorted them; a page may show those about orders apart. */
  readonly cards: readonly ShownCard[];
  /** Latest first. */
  readonly exchanges: readonly Exchange[];
  /** What was done or went wrong last, in one sentence, for the status line. */
  readonly notice: string;
  /** `held`: order-sign brought a warning, and the orders wait for a second look. */
  readonly signing: 'idle' | 'held';
}
