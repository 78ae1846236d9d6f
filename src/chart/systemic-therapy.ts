import type { Attribution } from './attribution.ts';
import { type DateInterval, readDate } from './calendar.ts';
import { readCodedText } from './coding.ts';
import { type Evidence, type EvidenceKind, type Fact, newestFirst, notFound, unknown, yes } from './fact.ts';
import type { IndicationReader } from './indication.ts';
import { asObject, asText } from './json.ts';
import { medicationLookup, readMedication } from './medication.ts';
import type { JsonObject, Readings, ResourceKey } from './reading.ts';
import { evidence } from './resource.ts';
import type { Drug, DrugClass, Terminology } from './terminology.ts';

/** One record of a systemic drug that the patient has had or has on order (facts: "Systemic therapy"). */
export interface Exposure {
  readonly drug: Drug;
  readonly evidence: Evidence;
  /** When it was ordered, given or taken; its start lies in these days. */
  readonly date: DateInterval | undefined;
  /** An order that stands. */
  readonly ordered: boolean;
  /** Stopped, and the reason given is that there was no response. */
  readonly stoppedForNoResponse: boolean;
  /** What it is for, as far as its reasons say. */
  readonly indication: Attribution;
  /** Only planned, proposed or drafted: neither had nor ordered, and no reason to say that there is no record. */
  readonly onlyPlanned: boolean;
}

interface Source {
  readonly key: ResourceKey;
  readonly type: string;
  readonly kind: EvidenceKind;
  readonly statuses: ReadonlySet<string>;
  /** Intents that are orders; the others are plans. Undefined for what has happened. */
  readonly intents?: ReadonlySet<string>;
  readonly date: (record: JsonObject) => DateInterval | undefined;
}

const SOURCES: readonly Source[] = [
  {
    key: 'medicationRequests',
    type: 'MedicationRequest',
    kind: 'order',
    statuses: new Set(['active', 'completed', 'stopped', 'on-hold', 'unknown']),
    intents: new Set(['order', 'original-order', 'reflex-order', 'filler-order', 'instance-order']),
    date: (record) => readDate(record['authoredOn']),
  },
  {
    key: 'medicationAdministrations',
    type: 'MedicationAdministration',
    kind: 'administration',
    statuses: new Set(['in-progress', 'completed', 'on-hold', 'stopped', 'unknown']),
    date: (record) => effectiveStart(record),
  },
  {
    key: 'medicationStatements',
    type: 'MedicationStatement',
    kind: 'statement',
    statuses: new Set(['active', 'completed', 'stopped', 'on-hold', 'unknown']),
    date: (record) => effectiveStart(record),
  },
];

/** When it began: of a period, its start. */
function effectiveStart(record: JsonObject): DateInterval | undefined {
  return readDate(record['effectiveDateTime']) ?? readDate(asObject(record['effectivePeriod'])?.['start']);
}

const STANDING_ORDER = new Set(['active', 'on-hold']);

/** Every record of a drug of the guideline's classes that counts as exposure. */
export function readExposures(
  readings: Readings,
  indicationOf: IndicationReader,
  terminology: Terminology,
): readonly Exposure[] {
  return SOURCES.flatMap((source) => {
    const reading = readings.get(source.key);
    if (reading === undefined || reading.state === 'unread') return [];
    const lookup = medicationLookup(reading.resources);
    return reading.resources.flatMap((record) => {
      if (record['resourceType'] !== source.type) return [];
      const standing = standingOf(record, source);
      if (standing === 'void') return [];
      const medication = readMedication(record, lookup);
      return terminology.drugsIn(medication).map((drug) => ({
        drug,
        evidence: {
          ...evidence(record, source.kind, source.date(record), medication.texts[0] ?? drug.drug),
          drug: drug.drug,
        },
        date: source.date(record),
        ordered: standing === 'had' && source.kind === 'order' && STANDING_ORDER.has(asText(record['status']) ?? ''),
        stoppedForNoResponse: terminology.isIn(readCodedText(record['statusReason']), 'no-response-to-treatment'),
        indication: indicationOf(record),
        onlyPlanned: standing === 'planned',
      }));
    });
  });
}

/** The record shows that the drug was had or ordered, that it is planned, or nothing. */
function standingOf(record: JsonObject, { statuses, intents }: Source): 'had' | 'planned' | 'void' {
  if (record['doNotPerform'] === true) return 'void';
  const { status, intent } = record;
  if (status === 'intended') return 'planned';
  if (intents === undefined) return typeof status !== 'string' || statuses.has(status) ? 'had' : 'void';
  if (status === 'draft') return 'planned';
  if (typeof status === 'string' && !statuses.has(status)) return 'void';
  return typeof intent !== 'string' || intents.has(intent) ? 'had' : 'planned';
}

/**
 * Has the patient had a drug of the class? Infusions often stand only among the administrations, so that *no record*
 * needs those read too; tablets stand among the orders.
 */
export function exposureTo(drugClass: DrugClass, exposures: readonly Exposure[], readings: Readings): Fact {
  const ofClass = exposures.filter(({ drug }) => drug.class === drugClass);
  const found = ofClass.filter(({ onlyPlanned }) => !onlyPlanned);
  if (found.length > 0) return yes(newestFirst(found));
  const none =
    drugClass === 'anti-angiogenic-tki'
      ? notFound(readings, ['medicationRequests'], ['medicationAdministrations', 'medicationStatements'])
      : notFound(readings, ['medicationRequests', 'medicationAdministrations'], ['medicationStatements']);
  // Home medication is recorded as a plan by some EHRs: "no record" would be untrue.
  return ofClass.length > 0 ? unknown(newestFirst(ofClass), none, 'only-planned') : none;
}
