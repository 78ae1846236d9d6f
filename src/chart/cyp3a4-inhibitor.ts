import { readDate } from './calendar.ts';
import { type CodedText, readCodedText } from './coding.ts';
import type { DraftOrder } from './draft-orders.ts';
import { type Evidence, type Fact, newestFirst, notFound, unknown, withValue, yes } from './fact.ts';
import { asObject, asObjects, asText } from './json.ts';
import { type MedicationLookup, medicationLookup, readMedication } from './medication.ts';
import { namesNoDrug } from './nameless-medication.ts';
import type { JsonObject, Readings } from './reading.ts';
import { evidence, referencedId } from './resource.ts';
import type { Terminology } from './terminology.ts';
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
/** Forms and routes by which it inhibits nothing in the liver. "Report eye symptoms" is neither. */
const LOCAL_FORM =
  /\b(?:topical|shampoo|cream|gel|foam|ointment|lotion|cutaneous|(?:ophthalmic|eye|ear|otic) (?:solution|suspension|drops?|ointment|gel)|vaginal|(?:for|to) (?:the )?(?:skin|scalp))\b/i;
const LOCAL_ROUTE = /\b(?:topical(?:ly)?|cutaneous|scalp|skin|ophthalmic|eyes?|vaginal|otic|auricular|ears?)\b/i;
const MAX_WORDS = 300;
/** What takes the drug back stands at its name: "with or without food" does not. */
const NOT_BEFORE = new Set(['no', 'not', 'never', 'without', 'avoid', 'stop', 'stopped', 'discontinued']);
const NOT_BEFORE_OF: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['of', new Set(['instead', 'intolerant'])],
  ['to', new Set(['allergic', 'allergy', 'intolerant', 'intolerance', 'hypersensitivity'])],
  ['for', new Set(['allergy'])],
]);
const NOT_AFTER = new Set(
  'allergy allergic intolerance intolerant stopped discontinued declined refused contraindicated'.split(' '),
);

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
 * a plan counts: it is taken all the same. A record without a status leaves it open, and so does one without a name.
 */
export function readStrongCyp3a4Inhibitor(
  readings: Readings,
  drafts: readonly DraftOrder[],
  terminology: Terminology,
): Fact {
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
      return inhibitorsIn(medication, record, lookup).map((drug) => ({
        drug,
        certain: status === 'active',
        evidence: evidence(record, kind, date, medication.texts[0] ?? drug ?? 'medication without a name'),
      }));
    });
  });
  const drafted = drafts.flatMap(({ resource, concept, evidence: said }) =>
    resource['resourceType'] === 'MedicationRequest'
      ? inhibitorsIn(concept, resource).map((drug) => ({ drug, certain: true, evidence: said }))
      : [],
  );
  const all = [...drafted, ...listed];
  const found = all.flatMap(({ drug, certain, evidence: said }) =>
    drug === undefined ? [] : [{ certain, evidence: { ...said, drug } }],
  );
  const none = notFound(readings, ['medicationRequests'], ['medicationStatements']);
  const certain = newestFirst(found.filter((one) => one.certain));
  if (certain.length > 0) return withValue(yes(certain), namesOf(certain));
  if (found.length > 0) return unknown(newestFirst(found), none, 'not-recorded');
  return all.length > 0 ? unknown(newestFirst(all), none, 'not-named') : none;

  /** The inhibitors by name; `undefined` stands for a medication that could be any. */
  function inhibitorsIn(
    medication: CodedText,
    record: JsonObject,
    lookup?: MedicationLookup,
  ): readonly (string | undefined)[] {
    if (!medication.texts.some((text) => LETTER.test(text)))
      return terminology.drugsIn(medication).length > 0 ? [] : [undefined];
    if (namesNoDrug(medication, terminology)) return [undefined];
    const { inhibitors } = saidOf(medication);
    return inhibitors.length > 0 && isLocal(medication, record, lookup) ? [] : inhibitors;
  }
}

interface Said {
  readonly inhibitors: readonly string[];
  readonly hasLocalForm: boolean;
}

/** Thousands of orders may share one medication: its words are read once. */
const known = new WeakMap<CodedText, Said>();

function saidOf(medication: CodedText): Said {
  const before = known.get(medication);
  if (before !== undefined) return before;
  const inhibitors = [...new Set(medication.texts.flatMap(inhibitorsNamed))];
  const read = { inhibitors, hasLocalForm: inhibitors.length > 0 && medication.texts.some(isLocalForm) };
  known.set(medication, read);
  return read;
}

function isLocalForm(text: string): boolean {
  return LOCAL_FORM.test(text.slice(0, MAX_WORDS));
}

/** Names are looked for in Latin letters: a text without any is no name that could be read. */
const LETTER = /[a-z]/i;

function inhibitorsNamed(text: string): readonly string[] {
  const list = words(text);
  return list.filter((word, at) => STRONG_INHIBITORS.has(word) && !isTakenBack(list, at));
}

function isTakenBack(list: readonly string[], at: number): boolean {
  const [earlier = '', before = ''] = [list[at - 2], list[at - 1]];
  if (NOT_BEFORE.has(before) || NOT_BEFORE_OF.get(before)?.has(earlier) === true) return true;
  const after = list.slice(at + 1, at + 3);
  const [next = '', then = ''] = ['is', 'was', 'has'].includes(after[0] ?? '') ? after.slice(1) : after;
  return NOT_AFTER.has(next) || (next === 'not' && ['taken', 'taking', 'given', 'tolerated'].includes(then));
}

/** By every route that is given; where none is, by the form or the name of the medication. */
function isLocal(medication: CodedText, record: JsonObject, lookup: MedicationLookup | undefined): boolean {
  const dosages = [record['dosageInstruction'], record['dosage']].flatMap(asObjects);
  const routes = dosages.map((dosage) => readCodedText(dosage['route']).texts).filter((said) => said.length > 0);
  if (routes.length > 0) return routes.every((said) => said.some((text) => LOCAL_ROUTE.test(text.slice(0, MAX_WORDS))));
  return saidOf(medication).hasLocalForm || formsOf(record, lookup).some(isLocalForm);
}

function formsOf(record: JsonObject, lookup: MedicationLookup | undefined): readonly string[] {
  const target = asText(asObject(record['medicationReference'])?.['reference']) ?? '';
  const beside = lookup === undefined || target === '' ? [] : asObjects(lookup.find(referencedId(target)));
  return [...asObjects(record['contained']), ...beside].flatMap(
    (medication) => readCodedText(medication['form']).texts,
  );
}

function startOf(record: JsonObject): ReturnType<typeof readDate> {
  return readDate(asObject(record['effectivePeriod'])?.['start']);
}

function namesOf(found: readonly Evidence[]): string {
  return [...new Set(found.flatMap(({ drug }) => drug ?? []))].toSorted().join(', ');
}
