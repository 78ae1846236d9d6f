import type { Doubt, Evidence, EvidenceKind, Fact, Unread } from '../chart/fact.ts';
import { RESOURCE_KEYS, type Reading, type Readings, type ResourceKey, type UnreadReason } from '../chart/reading.ts';
import type { Criterion } from './criteria/criterion.ts';
import { escapeMarkdown } from './escape.ts';

/** This many resources are named for a fact; the others are counted. */
const NAMED = 2;

const KINDS: Readonly<Record<EvidenceKind, string>> = {
  problem: 'problem list',
  diagnosis: 'diagnosis',
  patient: 'patient record',
  order: 'medication order',
  administration: 'administration',
  statement: 'medication statement',
  procedure: 'procedure',
  report: 'report',
  study: 'imaging study',
  observation: 'observation',
  encounter: 'encounter',
  'care-team': 'care team',
  request: 'order or referral',
  appointment: 'appointment',
  draft: 'draft order',
};

/** What kind of record it is, for clinicians. */
export function kindInWords(kind: EvidenceKind): string {
  return KINDS[kind];
}

/** Why a part of the chart was not read, for clinicians. */
export function reasonInWords(reason: UnreadReason): string {
  return REASONS[reason];
}

/** Why a fact stays unknown although the chart could be read, for clinicians. */
export function doubtInWords(doubt: Doubt): string {
  return DOUBTS[doubt];
}

/** The parts of the chart by FHIR type, those of one type together: "Observation (weight, biomarkers)". */
export function partsInWords(keys: readonly ResourceKey[]): string {
  return listResources(keys);
}

/** Kinds of record whose date says nothing. */
const TIMELESS: ReadonlySet<EvidenceKind> = new Set(['draft', 'patient']);

/** The FHIR type of each part of the chart, and which of them it is where a type is read in parts. */
const RESOURCES: Readonly<Record<ResourceKey, readonly [type: string, part?: string]>> = {
  patient: ['Patient'],
  conditions: ['Condition'],
  procedures: ['Procedure'],
  medicationRequests: ['MedicationRequest'],
  medicationAdministrations: ['MedicationAdministration'],
  medicationStatements: ['MedicationStatement'],
  serviceRequests: ['ServiceRequest'],
  diagnosticReports: ['DiagnosticReport'],
  imagingStudies: ['ImagingStudy'],
  encounters: ['Encounter'],
  careTeams: ['CareTeam'],
  observationsStaging: ['Observation', 'staging'],
  observationsDiseaseStatus: ['Observation', 'disease status'],
  observationsBodyWeight: ['Observation', 'weight'],
  observationsPerformanceStatus: ['Observation', 'performance status'],
  observationsBiomarkers: ['Observation', 'biomarkers'],
  observationsLaboratory: ['Observation', 'laboratory'],
};

const REASONS: Readonly<Record<UnreadReason, string>> = {
  'not-sent': 'not sent',
  failed: 'query failed',
  refused: 'access refused',
  'not-offered': 'not offered by this EHR',
  'timed-out': 'no answer in time',
  malformed: 'unreadable answer',
  'more-pages': 'not read to the end',
};

const DOUBTS: Readonly<Record<Doubt, string>> = {
  'another-active-cancer': 'another active cancer is on file and nothing links it to the ASPS',
  'only-suspected': 'only suspected',
  resolved: 'recorded as resolved',
  'date-not-comparable': 'the dates do not decide it',
  'of-another-time': 'no record of that time',
  'site-not-comparable': 'the sites do not decide it',
  contradictory: 'the records contradict each other',
  'not-recorded': 'not recorded',
  'only-planned': 'on record as planned or reported only',
  'on-hold': 'an order is on hold',
  stale: 'too old',
  implausible: 'value or unit not plausible',
  'not-named': 'a medication on file has no name that could be read',
};

/** A criterion that decided a card, and its answer. */
export interface Answered {
  readonly criterion: Criterion;
  readonly fact: Fact;
}

/**
 * The lines of "Based on": what was found, with date and kind of record; what was looked for and not found; what could
 * not be looked at. Answers not worth a line are left out. Chart text comes out escaped.
 */
export function basedOn(answered: readonly Answered[]): readonly string[] {
  const shown = answered.filter(({ criterion, fact }) => criterion.shows.includes(fact.state));
  return [...new Set(shown.flatMap((one) => lineOf(one, shown)))];
}

/**
 * The parts of the chart that were not read to their end and that no line of these cards names, grouped by reason: a card
 * may be missing because of them. `undefined` if there are none.
 */
export function notLookedAt(readings: Readings, cards: readonly (readonly Answered[])[]): string | undefined {
  const named = new Set(cards.flat().flatMap(namedUnread));
  const unread = RESOURCE_KEYS.flatMap((key): readonly Unread[] => {
    const reading = readings.get(key);
    if (reading === undefined || reading.state === 'complete' || named.has(key)) return [];
    return [{ key, reason: reading.reason }];
  });
  const parts = [...Map.groupBy(unread, ({ reason }) => reason)].map(
    ([reason, ofReason]) => `${listResources(ofReason.map(({ key }) => key))} (${REASONS[reason]})`,
  );
  const medications = new Set([...readings.values()].flatMap(unresolvedIn)).size;
  const drugs = medications === 0 ? [] : [`Medication (${medications} known by what orders call them alone)`];
  return parts.length + drugs.length === 0 ? undefined : [...parts, ...drugs].join('; ');
}

function unresolvedIn(reading: Reading): readonly string[] {
  return reading.state === 'unread' ? [] : (reading.unresolved ?? []);
}

/** What the line of an answer names as not read, if it has one. */
function namedUnread({ criterion, fact }: Answered): readonly ResourceKey[] {
  if (fact.state === 'yes' || !criterion.shows.includes(fact.state)) return [];
  return fact.unread.map(({ key }) => key);
}

/** Parts of one type are named together: "Observation (weight, biomarkers)". */
function listResources(keys: readonly ResourceKey[]): string {
  return [...Map.groupBy(keys, (key) => RESOURCES[key][0])]
    .map(([type, ofType]) => [type, ofType.flatMap((key) => RESOURCES[key][1] ?? [])] as const)
    .map(([type, parts]) => (parts.length === 0 ? type : `${type} (${parts.join(', ')})`))
    .join(', ');
}

function lineOf({ criterion, fact }: Answered, all: readonly Answered[]): readonly string[] {
  const named = listEvidence(fact.evidence);
  switch (fact.state) {
    case 'yes':
      return named === '' ? [] : [`${capitalised(criterion.label)}: ${named}`];
    case 'no': {
      if (named !== '') return [`No record of ${criterion.label}${placesOf(fact)}; on file: ${named}`];
      const alike = all.filter((other) => isAlike(other.fact, fact)).map((other) => other.criterion.label);
      return [`No record of ${alike.join(' or ')}${placesOf(fact)}`];
    }
    case 'unknown': {
      const because = fact.doubt === undefined ? '' : DOUBTS[fact.doubt];
      const unread = fact.unread.length === 0 ? '' : `could not be read: ${listUnread(fact.unread)}`;
      const parts = [because, named, unread].filter((part) => part !== '');
      const outcome = fact.doubt === undefined ? 'not evaluated' : 'undecided';
      return [`${capitalised(criterion.label)}: ${outcome} – ${parts.join('; ')}`];
    }
    default:
      return fact.state satisfies never;
  }
}

/** Nothing found either, in the same places: one line serves both. */
function isAlike(a: Fact, b: Fact): boolean {
  return a.state === 'no' && a.evidence.length === 0 && placesOf(a) === placesOf(b);
}

function placesOf({ searched, unread }: Fact): string {
  const where = searched.length === 0 ? '' : ` in ${searched.map((key) => listResources([key])).join(', ')}`;
  return unread.length === 0 ? where : `${where}; not looked at: ${listUnread(unread)}`;
}

function listEvidence(evidence: readonly Evidence[]): string {
  const named = evidence.slice(0, NAMED).map(({ text, kind, date }) => {
    const when = date === undefined || date.text === '' ? 'undated' : date.text;
    return `${escapeMarkdown(text)} (${KINDS[kind]}${TIMELESS.has(kind) ? '' : `, ${when}`})`;
  });
  const more = evidence.length - named.length;
  return [...new Set(named), ...(more > 0 ? [`${more} more`] : [])].join('; ');
}

function listUnread(unread: readonly Unread[]): string {
  return unread.map(({ key, reason }) => `${listResources([key])} (${REASONS[reason]})`).join(', ');
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
