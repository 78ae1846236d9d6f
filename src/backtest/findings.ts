import { mergeCounts } from './export-summary.ts';

/** What the cards say about some of the patients. Counts alone, unless ids were asked for; as JSON between the stages. */
export interface Findings {
  /** Whose record was evaluated. */
  readonly patients: number;
  /** What has no date of its own, and so counts on every date. */
  readonly undatedResources: number;
  readonly encounters: EncounterCounts;
  /** By the date that the charts were looked at, `YYYY-MM-DD`. */
  readonly byDate: Readonly<Record<string, DateFindings>>;
  /** By patient id, only where ids were asked for: the cards shown on each date. */
  readonly ids: Readonly<Record<string, CardsByDate>>;
}

/** Encounters of these patients on the days that calls are counted on. */
export interface EncounterCounts {
  readonly ofPatients: number;
  /** Of patients with a card shown on the latest date. */
  readonly withCard: number;
}

/** Card and version, as `staging-chest-ct@1.0.0`, by date. */
export type CardsByDate = Readonly<Record<string, readonly string[]>>;

/** On one date. Each patient is in exactly one of `established`, `suspected`, `absent`, `unanswered` and `failed`. */
export interface DateFindings {
  readonly established: number;
  readonly suspected: number;
  /** Nothing that counts on that date says ASPS: not yet, or no longer. */
  readonly absent: number;
  /** The service would have answered 412: the export has no Patient resource of them, or none that can be read. */
  readonly unanswered: number;
  /** The evaluation broke off. */
  readonly failed: number;
  /** Of those established or suspected: had died by then, and get no cards. */
  readonly deceased: number;
  /** Would have been shown at least one card. */
  readonly withCard: number;
  /** Left out by the readers of the chart: no FHIR resources, or another patient's. */
  readonly skippedResources: number;
  /** By card and version. */
  readonly cards: Readonly<Record<string, CardFindings>>;
  /**
   * By part of the chart: of how many established or suspected patients it could not be read in full. `medications`: those with an
   * order or dose of which nobody can tell the drug, since its Medication is not in the export.
   */
  readonly unreadKeys: Readonly<Record<string, number>>;
}

/** Patients, by what one version of one card comes to. */
export interface CardFindings {
  readonly shown: number;
  /** Of those shown; `info`, `warning` or `critical`. */
  readonly byIndicator: Readonly<Record<string, number>>;
  /** Applies, and stands below as many cards as are shown at once. */
  readonly cut: number;
  /** Applies, and is in shadow: shown to nobody. */
  readonly shadow: number;
  /** Whether it applies is not known: something that it asks about could not be told from the export. */
  readonly undecided: number;
}

export const EMPTY_FINDINGS: Findings = {
  patients: 0,
  undatedResources: 0,
  encounters: { ofPatients: 0, withCard: 0 },
  byDate: {},
  ids: {},
};

export const EMPTY_DATE: DateFindings = {
  established: 0,
  suspected: 0,
  absent: 0,
  unanswered: 0,
  failed: 0,
  deceased: 0,
  withCard: 0,
  skippedResources: 0,
  cards: {},
  unreadKeys: {},
};

export const EMPTY_CARD: CardFindings = { shown: 0, byIndicator: {}, cut: 0, shadow: 0, undecided: 0 };

/** The findings of two groups of patients that have none in common, in whichever order. */
export function mergeFindings(one: Findings, other: Findings): Findings {
  return {
    patients: one.patients + other.patients,
    undatedResources: one.undatedResources + other.undatedResources,
    encounters: {
      ofPatients: one.encounters.ofPatients + other.encounters.ofPatients,
      withCard: one.encounters.withCard + other.encounters.withCard,
    },
    byDate: mergeBy(one.byDate, other.byDate, mergeDates),
    ids: Object.fromEntries([...Object.entries(one.ids), ...Object.entries(other.ids)]),
  };
}

function mergeDates(one: DateFindings, other: DateFindings): DateFindings {
  return {
    established: one.established + other.established,
    suspected: one.suspected + other.suspected,
    absent: one.absent + other.absent,
    unanswered: one.unanswered + other.unanswered,
    failed: one.failed + other.failed,
    deceased: one.deceased + other.deceased,
    withCard: one.withCard + other.withCard,
    skippedResources: one.skippedResources + other.skippedResources,
    cards: mergeBy(one.cards, other.cards, mergeCards),
    unreadKeys: mergeCounts(one.unreadKeys, other.unreadKeys),
  };
}

function mergeCards(one: CardFindings, other: CardFindings): CardFindings {
  return {
    shown: one.shown + other.shown,
    byIndicator: mergeCounts(one.byIndicator, other.byIndicator),
    cut: one.cut + other.cut,
    shadow: one.shadow + other.shadow,
    undecided: one.undecided + other.undecided,
  };
}

function mergeBy<Part>(
  one: Readonly<Record<string, Part>>,
  other: Readonly<Record<string, Part>>,
  merge: (one: Part, other: Part) => Part,
): Readonly<Record<string, Part>> {
  const merged = new Map(Object.entries(one));
  for (const [name, part] of Object.entries(other)) {
    const known = merged.get(name);
    merged.set(name, known === undefined ? part : merge(known, part));
  }
  return Object.fromEntries(merged);
}
