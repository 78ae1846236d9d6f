import type { Settings } from '../chart/settings.ts';
import type { Terminology } from '../chart/terminology.ts';
import type { CardFile, GuidelineFile, Indicator, OverrideReason, Source, SuggestionFile } from './card.ts';
import type { Expression } from './expression.ts';
import type { Order } from './order.ts';
import type { Template } from './template.ts';

/** A card ready to be evaluated: texts parsed, references resolved. */
export interface Card {
  readonly file: CardFile;
  /** The hooks it is for; a condition, where a hook adds one. */
  readonly hooks: ReadonlyMap<string, Expression | undefined>;
  readonly indicators: readonly { readonly level: Indicator; readonly when?: Expression }[];
  readonly summary: Template;
  readonly consider: Template;
  readonly evidence: Template;
  readonly regulatory: Template;
  readonly suggestions: readonly Suggestion[];
  readonly overrideReasons: readonly OverrideReason[];
  /** The first is the card's own. */
  readonly sources: readonly Source[];
}

export interface Suggestion {
  readonly file: SuggestionFile;
  readonly label: Template;
  readonly order?: Order;
}

/** Everything that the cards folder says, validated and compiled once at start. */
export interface Guideline {
  readonly file: GuidelineFile;
  /** By priority, first first. */
  readonly cards: readonly Card[];
  readonly terminology: Terminology;
  readonly settings: Settings;
}
