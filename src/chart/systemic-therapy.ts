import { type DateInterval, readDate } from './calendar.ts';
import { readCodedText } from './coding.ts';
import { type Evidence, type EvidenceKind, type Fact, notFound, yes } from './fact.ts';
import { isForAnotherCancer } from './indication.ts';
import { asObject } from './json.ts';
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
  /** Its reason names another cancer. */
  readonly forAnotherCancer: boolean;
}

interface Source {
  readonly key: ResourceKey;
  readonly type: string;
  readonly kind: EvidenceKind;
  readonly statuses: ReadonlySet<string>;
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
export function readExposures(readings: Readings, terminology: Terminology): readonly Exposure[] {
  return SOURCES.flatMap((source) => {
    const reading = readings.get(source.key);
    if (reading === undefined || reading.state === 'unread') return [];
    const lookup = medicationLookup(reading.resources);
    return reading.resources.flatMap((record) => {
      if (record['resourceType'] !== source.type || !countsAsExposure(record, source)) return [];
      const medication = readMedication(record, lookup);
      return terminology.drugsIn(medication).map((drug) => ({
        drug,
        evidence: {
          ...evidence(record, source.kind, source.date(record), medication.texts[0] ?? drug.drug),
          drug: drug.drug,
        },
        date: source.date(record),
        ordered: source.kind === 'order' && STANDING_ORDER.has(String(record['status'])),
        stoppedForNoResponse: terminology.isIn(readCodedText(record['statusReason']), 'no-response-to-treatment'),
        forAnotherCancer: isForAnotherCancer(record, readings, terminology),
      }));
    });
  });
}

function countsAsExposure(record: JsonObject, { statuses, intents }: Source): boolean {
  if (record['doNotPerform'] === true) return false;
  const { status, intent } = record;
  if (typeof status === 'string' && !statuses.has(status)) return false;
  return intents === undefined || typeof intent !== 'string' || intents.has(intent);
}

/**
 * Has the patient had a drug of the class? Infusions often stand only among the administrations, so that *no record*
 * needs those read too; tablets stand among the orders.
 */
export function exposureTo(drugClass: DrugClass, exposures: readonly Exposure[], readings: Readings): Fact {
  const found = exposures.filter(({ drug }) => drug.class === drugClass);
  if (found.length > 0) return yes(newestFirst(found));
  return drugClass === 'anti-angiogenic-tki'
    ? notFound(readings, ['medicationRequests'], ['medicationAdministrations', 'medicationStatements'])
    : notFound(readings, ['medicationRequests', 'medicationAdministrations'], ['medicationStatements']);
}

/** Evidence with the latest date first; undated records last. */
export function newestFirst(found: readonly { readonly evidence: Evidence }[]): readonly Evidence[] {
  return found
    .map((item) => item.evidence)
    .toSorted((a, b) => (b.date?.end ?? -Infinity) - (a.date?.end ?? -Infinity) || 0);
}
