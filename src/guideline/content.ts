import type { JsonObject } from '../chart/reading.ts';
import type { Settings } from '../chart/settings.ts';
import type { Drug } from '../chart/terminology.ts';
import type { CardFile, GuidelineFile, OrderFile, OverrideReason, Source } from './card.ts';
import type { Contact } from './contacts.ts';
import type { CardState, OverlayFile } from './overlay.ts';
import type { ParsedText } from './parsed-text.ts';

/**
 * What the cards folder and the overlays over it say, file by file, as JSON: what a guideline is compiled from, on the server and
 * in the browser of the SMART app alike.
 */
export interface GuidelineContent {
  readonly file: GuidelineFile;
  readonly cards: readonly CardContent[];
  readonly orders: readonly OrderFile[];
  readonly sources: readonly Source[];
  readonly overrideReasons: readonly OverrideReason[];
  /** Empty where the guideline names none. */
  readonly contacts: readonly Contact[];
  readonly drugs: readonly Drug[];
  readonly valueSets: readonly JsonObject[];
  readonly settings: Settings;
  readonly overlays: readonly OverlayFile[];
}

/** The same for whoever has nothing to parse texts with. */
export interface BrowserContent extends GuidelineContent {
  /** Each text that varies, by itself. */
  readonly texts: Readonly<Record<string, ParsedText>>;
}

export interface CardContent {
  readonly file: CardFile;
  readonly state: CardState;
  /** The reasons that overlays give for changing it, first first. */
  readonly because: readonly string[];
}
