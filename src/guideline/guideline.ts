import type { JsonObject } from '../chart/reading.ts';
import type { Settings } from '../chart/settings.ts';
import type { Terminology } from '../chart/terminology.ts';
import type { CardFile, GuidelineFile, Indicator, OverrideReason, Source, SuggestionFile } from './card.ts';
import type { GuidelineContent } from './content.ts';
import type { Expression } from './expression.ts';
import type { Order } from './order.ts';
import type { CardState, OverlayFile } from './overlay.ts';
import type { Template } from './parsed-text.ts';

/** A card ready to be evaluated: texts parsed, references resolved. */
export interface Card {
  /** With what the overlays change. */
  readonly file: CardFile;
  readonly state: CardState;
  /** The reasons that overlays give for changing it, first first. Empty: it is the guideline's own. */
  readonly because: readonly string[];
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
  /** What it was compiled from. */
  readonly content: GuidelineContent;
  readonly file: GuidelineFile;
  /** Those that are evaluated, the ones in shadow included; by priority, first first. */
  readonly cards: readonly Card[];
  /** Those that an overlay switches off. */
  readonly off: readonly Card[];
  readonly sources: readonly Source[];
  readonly terminology: Terminology;
  /** The ValueSets that the terminology was compiled from, for people to read. */
  readonly valueSets: readonly JsonObject[];
  readonly settings: Settings;
  /** What the overlays say of themselves, in the order in which they were laid over the guideline. */
  readonly overlays: readonly OverlayFile[];
}
