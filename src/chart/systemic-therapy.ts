import type { Attribution } from './attribution.ts';
import { type DateInterval, readDate } from './calendar.ts';
import { readCodedText } from './coding.ts';
import { type Evidence, type EvidenceKind, type Fact, newestFirst, notFound, unknown, yes } from './fact.ts';
import type { IndicationReader } from './indication.ts';
import { asObject, asObjects, asText } from './json.ts';
import { drugReader, medicationLookup, readMedication } from './medication.ts';
import { namesNoDrug } from './nameless-medication.ts';
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
  /** In force, on hold, stopped, at its end, given on a day, or not said. */
  readonly standing: ExposureStanding;
  /** Its last day, where the record gives one. */
  readonly end: DateInterval | undefined;
  readonly stopReason: StopReason | undefined;
  /** What it is for, as far as its reasons say. */
  readonly indication: Attribution;
  /** Only planned, proposed or drafted: neither had nor ordered, and no reason to say that there is no record. */
  readonly onlyPlanned: boolean;
}

/** What a record says of whether the drug goes on. */
export type ExposureStanding = 'in-force' | 'on-hold' | 'stopped' | 'over' | 'given' | 'open';

/** Why a drug was stopped, as far as a code says. */
export type StopReason = 'no-response' | 'not-tolerated' | 'other';

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
  const drugsIn = drugReader(terminology);
  return SOURCES.flatMap((source) => {
    const reading = readings.get(source.key);
    if (reading === undefined || reading.state === 'unread') return [];
    const lookup = medicationLookup(reading.resources);
    return reading.resources.flatMap((record) => {
      if (record['resourceType'] !== source.type) return [];
      const standing = standingOf(record, source);
      if (standing === 'void') return [];
      const medication = readMedication(record, lookup);
      return drugsIn(medication).map((drug) => ({
        drug,
        evidence: {
          ...evidence(record, source.kind, source.date(record), medication.texts[0] ?? drug.drug),
          drug: drug.drug,
        },
        date: source.date(record),
        ordered: standing === 'had' && source.kind === 'order' && STANDING_ORDER.has(asText(record['status']) ?? ''),
        standing: goesOn(record, source.kind),
        end: endOf(record),
        stopReason: stopReasonOf(record, terminology),
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

function goesOn({ status }: JsonObject, kind: EvidenceKind): ExposureStanding {
  if (kind === 'administration') return 'given';
  if (status === 'stopped') return 'stopped';
  if (status === 'completed') return 'over';
  if (status === 'on-hold') return 'on-hold';
  return status === 'active' ? 'in-force' : 'open';
}

/**
 * The last day of what was given or taken; of an order, the end of the time for which it is written or may be dispensed,
 * whichever comes first.
 */
function endOf(record: JsonObject): DateInterval | undefined {
  const period = readDate(asObject(record['effectivePeriod'])?.['end']);
  if (period !== undefined) return period;
  const bounds = asObjects(record['dosageInstruction']).flatMap((dosage) => {
    const repeat = asObject(asObject(dosage['timing'])?.['repeat']);
    return readDate(asObject(repeat?.['boundsPeriod'])?.['end']) ?? [];
  });
  const written = bounds.toSorted((a, b) => b.end - a.end || b.start - a.start)[0];
  const valid = readDate(asObject(asObject(record['dispenseRequest'])?.['validityPeriod'])?.['end']);
  if (written === undefined || valid === undefined) return written ?? valid;
  return valid.end < written.end ? valid : written;
}

function stopReasonOf(record: JsonObject, terminology: Terminology): StopReason | undefined {
  if (record['status'] !== 'stopped' || record['resourceType'] === 'MedicationAdministration') return undefined;
  const reason = readCodedText(record['statusReason']);
  if (terminology.isIn(reason, 'no-response-to-treatment')) return 'no-response';
  if (terminology.isIn(reason, 'treatment-not-tolerated')) return 'not-tolerated';
  return reason.texts.length > 0 || reason.codings.length > 0 ? 'other' : undefined;
}

/** What is asked whether a drug was had. */
export interface MedicationOnFile {
  readonly exposures: readonly Exposure[];
  /** Orders and doses that say in no way what drug they are of. */
  readonly namelessMedication: readonly Evidence[];
  readonly readings: Readings;
}

/** Has the patient had a drug of the class? Tablets stand among the orders, which settle it alone. */
export function exposureTo(drugClass: DrugClass, onFile: MedicationOnFile): Fact {
  const tablets = drugClass === 'anti-angiogenic-tki';
  return exposureToAny((drug) => drug.class === drugClass, onFile, tablets);
}

/**
 * Has the patient had such a drug? Infusions often stand only among the administrations, so that *no record* needs those
 * read too.
 */
export function exposureToAny(
  is: (drug: Drug) => boolean,
  { exposures, namelessMedication, readings }: MedicationOnFile,
  tablets = false,
): Fact {
  const ofClass = exposures.filter(({ drug }) => is(drug));
  const found = ofClass.filter(({ onlyPlanned }) => !onlyPlanned);
  if (found.length > 0) return yes(newestFirst(found));
  const none = tablets
    ? notFound(readings, ['medicationRequests'], ['medicationAdministrations', 'medicationStatements'])
    : notFound(readings, ['medicationRequests', 'medicationAdministrations'], ['medicationStatements']);
  // Home medication is recorded as a plan by some EHRs: "no record" would be untrue.
  if (ofClass.length > 0) return unknown(newestFirst(ofClass), none, 'only-planned');
  return none.state === 'no' && namelessMedication.length > 0 ? unknown(namelessMedication, none, 'not-named') : none;
}

/** Orders and doses that count and say in no way what drug they are of: it may be any. Newest first. */
export function readNamelessMedication(readings: Readings, terminology: Terminology): readonly Evidence[] {
  const nameless = SOURCES.filter(({ kind }) => kind !== 'statement').flatMap((source) => {
    const reading = readings.get(source.key);
    if (reading === undefined || reading.state === 'unread') return [];
    const lookup = medicationLookup(reading.resources);
    return reading.resources.flatMap((record) => {
      if (record['resourceType'] !== source.type || standingOf(record, source) !== 'had') return [];
      const medication = readMedication(record, lookup);
      if (!namesNoDrug(medication, terminology)) return [];
      const text = medication.texts[0] ?? 'medication without a name';
      return [{ evidence: evidence(record, source.kind, source.date(record), text) }];
    });
  });
  return newestFirst(nameless);
}
