/** A card that went out, or would have if it were not in shadow. No patient, no user, and no text. */
export interface Showing {
  /** The uuid that feedback names it by; of a card in shadow, one that nobody was told. */
  readonly card: string;
  readonly cardId: string;
  /** Of the card, as its file says. */
  readonly version: string;
  readonly state: 'shown' | 'shadow';
  readonly indicator: 'info' | 'warning' | 'critical';
  /** The uuids of its suggestions, in their order. */
  readonly suggestions: readonly string[];
}

/** The cards of one answered call. */
export interface ShownCards {
  /** Undefined in open mode. */
  readonly client: string | undefined;
  readonly service: string;
  readonly hookInstance: string;
  readonly shownAt: Date;
  readonly cards: readonly Showing[];
}
