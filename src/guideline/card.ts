import type { MedicationRequest, ServiceRequest } from 'fhir/r4.js';
import type { Expression } from './expression.ts';

/** The three indicators of CDS Hooks, in increasing urgency (CH-95). */
export type Indicator = 'info' | 'warning' | 'critical';

/** A card as it stands in its YAML file, after validation (docs/card-format.md). */
export interface CardFile {
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly reviewed: string;
  readonly reviewDue: string;
  /** Newest first. */
  readonly history?: readonly CardVersion[];
  readonly statements: readonly string[];
  readonly sources: readonly string[];
  readonly evidenceLevel: 'regulatory' | 'primary trial' | 'guideline' | 'tertiary unreviewed';
  readonly jurisdiction: readonly string[];
  readonly hooks: readonly (string | Readonly<Record<string, Expression>>)[];
  readonly priority: number;
  readonly when: Expression;
  readonly indicator: readonly (Indicator | Readonly<Partial<Record<Indicator, Expression>>>)[];
  readonly summary: string;
  readonly alsoShow?: readonly string[];
  readonly detail: CardDetail;
  readonly suggestions?: readonly SuggestionFile[];
  /** Pages besides the evidence page. */
  readonly links?: readonly { readonly label: string; readonly url: string }[];
  readonly overrideReasons: readonly string[];
}

/** A version of a card, and what it changed. */
export interface CardVersion {
  readonly version: string;
  readonly date: string;
  readonly change: string;
}

/** The parts of a card's detail that are written by hand; "Based on" and the limits are added to each (rule 7). */
export interface CardDetail {
  readonly consider: string;
  readonly evidence: string;
  readonly regulatory: string;
}

export interface SuggestionFile {
  readonly label: string;
  readonly when?: Expression;
  readonly recommended?: boolean | Expression;
  readonly create?: string;
  readonly delete?: 'drafts';
  /** With `to`, the order whose dosage the draft takes over. */
  readonly update?: 'drafts';
  readonly to?: string;
}

/** What kind of publication a source is: how much weight it bears. */
export type SourceLevel =
  | 'regulatory'
  | 'primary trial'
  | 'registry'
  | 'case series'
  | 'guideline'
  | 'review'
  | 'tertiary unreviewed'
  | 'institution page'
  | 'trade digest';

/** A publication that cards and statements rest on. */
export interface Source {
  readonly id: string;
  readonly label: string;
  readonly level: SourceLevel;
  readonly year?: number;
  /** Why no year is given. */
  readonly undated?: string;
  /** Only one that was read. */
  readonly url?: string;
  /** Why no link is given. */
  readonly noLink?: string;
  readonly population: string;
  readonly regulator?: string;
  readonly note?: string;
}

export interface OverrideReason {
  readonly code: string;
  readonly display: string;
  /** HL7's non-adherence reason code that says the same. */
  readonly hl7?: { readonly code: string; readonly display: string };
}

/** Members of an order that the call gives, and no file may. */
type GivenByTheCall = 'status' | 'intent' | 'subject' | 'encounter' | 'requester' | 'reasonReference';

/** An order that a suggestion creates: the resource without what the call gives. */
export interface OrderFile {
  readonly id: string;
  readonly description: string;
  readonly dose?: { readonly mgPerKg: number; readonly maxMg: number };
  readonly resource: Omit<MedicationRequest, GivenByTheCall> | Omit<ServiceRequest, GivenByTheCall>;
}

export interface GuidelineFile {
  readonly name: string;
  readonly version: string;
  readonly developer: string;
  readonly funding: string;
  readonly releaseDate?: string;
  readonly topicSystem: string;
  readonly overrideReasonSystem: string;
  readonly limits: string;
}
