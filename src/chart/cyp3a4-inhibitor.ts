import { readDate } from './calendar.ts';
import type { CodedText } from './coding.ts';
import type { DraftOrder } from './draft-orders.ts';
import { type Evidence, type Fact, newestFirst, notFound, unknown, withValue, yes } from './fact.ts';
import { asObject, asText } from './json.ts';
import { medicationLookup, readMedication } from './medication.ts';
import type { JsonObject, Readings } from './reading.ts';
import { evidence } from './resource.ts';
import { words } from './text.ts';

/**
 * The strong CYP3A4 inhibitors that the prescribing information of pazopanib names (cards/sources.yaml:
 * votrient-hong-kong). There are others: "no record" is said of these alone.
 */
const STRONG_INHIBITORS = new Set([
  'atazanavir',
  'clarithromycin',
  'indinavir',
  'itraconazole',
  'ketoconazole',
  'nefazodone',
  'nelfinavir',
  'ritonavir',
  'saquinavir',
  'telithromycin',
  'voriconazole',
]);
/** On the skin or in the eye it inhibits nothing in the liver. */
const LOCAL_USE =
  /\b(?:topical(?:ly)?|shampoo|cream|gel|foam|ointment|lotion|ophthalmic|eye|cutaneous|scalp|vaginal|otic)\b/i;
const NOT_TAKEN = /\b(?:no|not|without|avoid|allerg\w{1,3}|intoleran\w{1,2}|stopped|instead)\b/i;
const MAX_WORDS = 300;

interface Source {
  readonly key: 'medicationRequests' | 'medicationStatements';
  readonly type: string;
  readonly kind: 'order' | 'statement';
  readonly current: ReadonlySet<string>;
}

const SOURCES: readonly Source[] = [
  {
    key: 'medicationRequests',
    type: 'MedicationRequest',
    kind: 'order',
    current: new Set(['active', 'on-hold', 'unknown']),
  },
  {
    key: 'medicationStatements',
    type: 'MedicationStatement',
    kind: 'statement',
    current: new Set(['active', 'on-hold', 'unknown']),
  },
];

/**
 * Is a strong CYP3A4 inhibitor on the active medication list, or drafted beside? Home medication that an EHR records as
 * a plan counts: it is taken all the same. A record without a status leaves it open.
 */
export function readStrongCyp3a4Inhibitor(readings: Readings, drafts: readonly DraftOrder[]): Fact {
  const listed = SOURCES.flatMap(({ key, type, kind, current }) => {
    const reading = readings.get(key);
    if (reading === undefined || reading.state === 'unread') return [];
    const lookup = medicationLookup(reading.resources);
    return reading.resources.flatMap((record) => {
      if (record['resourceType'] !== type || record['doNotPerform'] === true) return [];
      const status = asText(record['status']);
      if (status !== undefined && !current.has(status)) return [];
      const medication = readMedication(record, lookup);
      const date = readDate(record['authoredOn']) ?? readDate(record['effectiveDateTime']) ?? startOf(record);
      return inhibitorsIn(medication, record).map((drug) => ({
        certain: status === 'active',
        evidence: { ...evidence(record, kind, date, medication.texts[0] ?? drug), drug },
      }));
    });
  });
  const drafted = drafts.flatMap(({ resource, concept, evidence: said }) =>
    resource['resourceType'] === 'MedicationRequest'
      ? inhibitorsIn(concept, resource).map((drug) => ({ certain: true, evidence: { ...said, drug } }))
      : [],
  );
  const found = [...drafted, ...listed];
  const none = notFound(readings, ['medicationRequests'], ['medicationStatements']);
  const certain = newestFirst(found.filter((one) => one.certain));
  if (certain.length > 0) return withValue(yes(certain), namesOf(certain));
  return found.length > 0 ? unknown(newestFirst(found), none, 'not-recorded') : none;
}

function inhibitorsIn({ texts }: CodedText, record: JsonObject): readonly string[] {
  const named = texts.flatMap((text) => (NOT_TAKEN.test(text.slice(0, MAX_WORDS)) ? [] : words(text)));
  const found = [...new Set(named.filter((word) => STRONG_INHIBITORS.has(word)))];
  if (found.length === 0) return found;
  const spoken = [...texts, ...dosageWords(record)].map((text) => text.slice(0, MAX_WORDS));
  return spoken.some((text) => LOCAL_USE.test(text)) ? [] : found;
}

function dosageWords(record: JsonObject): readonly string[] {
  const dosages = [record['dosageInstruction'], record['dosage']].flat().map(asObject);
  return dosages.flatMap((dosage) =>
    [asText(dosage?.['text']), asText(asObject(dosage?.['route'])?.['text'])].flatMap((text) => text ?? []),
  );
}

function startOf(record: JsonObject): ReturnType<typeof readDate> {
  return readDate(asObject(record['effectivePeriod'])?.['start']);
}

function namesOf(found: readonly Evidence[]): string {
  return [...new Set(found.flatMap(({ drug }) => drug ?? []))].toSorted().join(', ');
}
