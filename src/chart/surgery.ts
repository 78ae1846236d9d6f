import type { Diagnosis } from './asps.ts';
import type { Attribution } from './attribution.ts';
import { type DateInterval, UNDATED } from './calendar.ts';
import { type CodedText, readCodedText } from './coding.ts';
import { classify, onsetOf } from './condition.ts';
import type { DraftOrder } from './draft-orders.ts';
import { coverage, type Evidence, type Fact, newestFirst, no, notFound, unknown, withValue, yes } from './fact.ts';
import type { IndicationReader } from './indication.ts';
import { asObjects, asText } from './json.ts';
import { readMargin } from './margin.ts';
import { namesSarcoma, type Operation, type OperationRecord, operationsIn } from './operation.ts';
import { namesOtherCancer } from './other-cancer.ts';
import type { JsonObject, Readings, ResourceKey } from './reading.ts';
import type { ServiceRecord } from './service-record.ts';
import type { Settings } from './settings.ts';
import type { Spread } from './spread.ts';
import type { Terminology } from './terminology.ts';

/** The local treatment of the tumour (facts: "Surgery and local therapy"). */
export interface Surgery {
  readonly records: readonly OperationRecord[];
  /** Removals of the primary that surely are ones, the earliest first; undated ones last. */
  readonly resections: readonly OperationRecord[];
  readonly primaryResected: Fact;
  readonly ordered: Fact;
  readonly lungMetastasectomy: Fact;
  readonly surgicalReferral: Fact;
  readonly radiotherapyReferral: Fact;
  readonly positiveMargin: Fact;
  readonly radiotherapySinceResection: Fact;
  readonly biopsyOrPathology: Fact;
  readonly biopsyOrdered: Fact;
  /** Operations among the draft orders that are judged, each under our name for it. */
  readonly drafted: (operation: Operation) => Fact;
}

/** What the operations are read against. */
export interface SurgeryContext {
  readonly diagnosis: Diagnosis;
  readonly spread: Spread;
  readonly services: readonly ServiceRecord[];
  readonly drafts: readonly DraftOrder[] | undefined;
  readonly indicationOf: IndicationReader;
  readonly settings: Settings;
}

/** Our own names of the operations: safe to show anywhere. */
const NAMES: Readonly<Record<Operation, string>> = {
  excision: 'tumour excision',
  amputation: 'amputation',
  'lung-metastasectomy': 'lung metastasectomy',
  'other-metastasectomy': 'metastasectomy',
  biopsy: 'biopsy',
  pathology: 'pathology',
  radiotherapy: 'radiotherapy',
  'surgical-referral': 'surgical referral',
  'radiotherapy-referral': 'radiation oncology referral',
};
const RESECTIONS: readonly Operation[] = ['excision', 'amputation'];
const OPERATIONS: readonly Operation[] = [...RESECTIONS, 'lung-metastasectomy', 'other-metastasectomy'];
/** Sections of HL7 table 0074 that report on tissue: pathology, surgical pathology, cytopathology. */
const TISSUE_SECTIONS = new Set(['PAT', 'SP', 'CP']);
const PATHOLOGY_WORD = /\bpathology\b/i;
/** A limb is lost to other things than a tumour. */
const NOT_A_TUMOUR =
  /\b(?:diabet\w{1,4}|gangren\w{1,3}|isch[a]?emi\w{1,2}|ulcers?|osteomyelitis|trauma\w{0,5}|injur\w{1,4}|crush|frostbite|necroti[sz]ing|sepsis|arter\w{1,5}|vascular disease)\b/i;

export function readSurgery(readings: Readings, context: SurgeryContext, terminology: Terminology): Surgery {
  const { diagnosis, spread, settings } = context;
  const { workUpDays } = settings;
  const began = firstKnown(diagnosis);
  const records = distinct(context.services.flatMap((service) => recordsOf(service, context, terminology))).filter(
    ({ whose }) => whose !== 'other',
  );
  const drafts = (context.drafts ?? []).flatMap((draft) => draftedOperations(draft, context, terminology));

  const removals = records.filter(
    ({ operation, key, state }) => RESECTIONS.includes(operation) && state === 'done' && key === 'procedures',
  );
  const resections = removals
    .filter((record) => standing(record) === 'counts')
    .toSorted((a, b) => (a.date?.start ?? Infinity) - (b.date?.start ?? Infinity) || 0);
  const primaryResected = readResected();
  const lastResection = latestOf(resections);

  return {
    records,
    resections,
    primaryResected,
    ordered: isOrdered(OPERATIONS, lastResection?.date),
    lungMetastasectomy: wasDone('lung-metastasectomy'),
    surgicalReferral: isReferred('surgical-referral'),
    radiotherapyReferral: isReferred('radiotherapy-referral'),
    positiveMargin: readMargin(readings, { resections, primaryResected, spread, records, workUpDays }, terminology),
    radiotherapySinceResection: readRadiotherapy(),
    biopsyOrPathology: readBiopsy(),
    biopsyOrdered: isOrdered(['biopsy'], undefined),
    drafted: (operation) => {
      const found = drafts.filter((draft) => draft.judged && draft.operation === operation);
      const sure = found.filter(({ whose }) => whose === 'asps');
      if (sure.length > 0) return yes(sure.map((draft) => draft.evidence));
      return found.length > 0
        ? unknown(
            found.map((draft) => draft.evidence),
            undefined,
            'another-active-cancer',
          )
        : no([]);
    },
  };

  /** Is a removal of a tumour surely the ASPS's, by its reason, its words, or its day? */
  function standing({ linked, whose, date }: OperationRecord): 'counts' | 'unattributed' | 'unplaced' | 'before' {
    if (linked) return 'counts';
    if (date !== undefined && date.end < began.start - workUpDays) return 'before';
    if (whose === 'open') return 'unattributed';
    return date !== undefined && date.start >= began.end - workUpDays ? 'counts' : 'unplaced';
  }

  function readResected(): Fact {
    const sources = coverage(readings, ['procedures']);
    if (resections.length > 0) {
      const found = yes(newestFirst(resections), sources);
      const text = latestOf(resections)?.date?.text;
      return text === undefined ? found : withValue(found, text);
    }
    const unattributed = removals.filter((record) => standing(record) === 'unattributed');
    if (unattributed.length > 0) return unknown(newestFirst(unattributed), sources, 'another-active-cancer');
    const unplaced = removals.filter((record) => standing(record) === 'unplaced');
    if (unplaced.length > 0) return unknown(newestFirst(unplaced), sources, 'date-not-comparable');
    // A closed order or an operative report says that it may have taken place, not that it did.
    const reported = records.filter(
      (record) =>
        RESECTIONS.includes(record.operation) &&
        (record.state === 'order-completed' || (record.state === 'done' && record.key !== 'procedures')) &&
        standing(record) !== 'before',
    );
    if (reported.length > 0) return unknown(newestFirst(reported), sources, 'only-planned');
    return notFound(readings, ['procedures']);
  }

  /** An order that stands; one from before the last operation of the kind was carried out, one from before the disease was for something else. */
  function isOrdered(kinds: readonly Operation[], since: DateInterval | undefined): Fact {
    const wanted = records.filter(({ operation, state }) => kinds.includes(operation) && state === 'ordered');
    const ordered = [
      ...drafts.filter(({ operation }) => kinds.includes(operation)),
      ...wanted.filter(({ date }) => date === undefined || date.end >= (since?.start ?? began.start - workUpDays)),
    ];
    const sources = coverage(readings, ['serviceRequests', 'procedures']);
    const sure = ordered.filter(({ whose }) => whose === 'asps');
    if (sure.length > 0) return yes(newestFirst(sure), sources);
    if (ordered.length > 0) return unknown(newestFirst(ordered), sources, 'another-active-cancer');
    return notFound(readings, ['serviceRequests', 'procedures']);
  }

  function isReferred(kind: Operation): Fact {
    const made = records.filter(
      ({ operation, state, date }) =>
        operation === kind &&
        state !== 'ordered' &&
        (date === undefined || date.end >= (lastResection?.date?.start ?? began.start - workUpDays)),
    );
    const sure = made.filter(({ whose }) => whose === 'asps');
    return sure.length > 0 ? yes(newestFirst(sure)) : isOrdered([kind], lastResection?.date);
  }

  function wasDone(kind: Operation): Fact {
    const done = records.filter(
      ({ operation, key, state }) => operation === kind && state === 'done' && key === 'procedures',
    );
    const since = done.filter(
      ({ date, linked }) => linked || date === undefined || date.end >= began.start - workUpDays,
    );
    const sure = since.filter(({ whose }) => whose === 'asps');
    if (sure.length > 0) return yes(newestFirst(sure), coverage(readings, ['procedures']));
    return since.length > 0
      ? unknown(newestFirst(since), coverage(readings, ['procedures']), 'another-active-cancer')
      : notFound(readings, ['procedures']);
  }

  /** Before the resection counts as well, if it belongs to its work-up: rays may come first (S-062). */
  function readRadiotherapy(): Fact {
    const keys: readonly ResourceKey[] = ['procedures', 'serviceRequests'];
    const sources = coverage(readings, keys);
    const given = [
      ...records.filter(({ operation }) => operation === 'radiotherapy'),
      ...drafts.filter(({ operation }) => operation === 'radiotherapy').map((draft) => ({ ...draft, date: undefined })),
    ];
    const from = lastResection?.date;
    const isDraft = (record: (typeof given)[number]) => 'judged' in record;
    const since = given.filter(
      (record) =>
        isDraft(record) ||
        (from !== undefined && record.date !== undefined && record.date.start >= from.end - workUpDays),
    );
    const sure = since.filter(({ whose }) => whose === 'asps');
    if (sure.length > 0) return yes(newestFirst(sure), sources);
    if (since.length > 0) return unknown(newestFirst(since), sources, 'another-active-cancer');
    const open = given.filter(
      ({ date }) => date === undefined || from === undefined || date.end >= from.start - workUpDays,
    );
    if (open.length > 0) return unknown(newestFirst(open), sources, 'date-not-comparable');
    const none = notFound(readings, keys);
    return none.state === 'no' ? no(newestFirst(given), sources) : none;
  }

  /** Tissue taken since the work-up began; an old biopsy was of something else. */
  function readBiopsy(): Fact {
    const keys: readonly ResourceKey[] = ['procedures', 'diagnosticReports'];
    const sources = coverage(readings, keys);
    const done = records.filter(
      ({ operation, state }) => (operation === 'biopsy' || operation === 'pathology') && state === 'done',
    );
    const since = done.filter(
      ({ linked, date }) => linked || (date !== undefined && date.start >= began.end - workUpDays),
    );
    if (since.length > 0) return yes(newestFirst(since), sources);
    const open = done.filter(({ date }) => date === undefined || date.end >= began.start - workUpDays);
    if (open.length > 0) return unknown(newestFirst(open), sources, 'date-not-comparable');
    const none = notFound(readings, keys);
    return none.state === 'no' ? no(newestFirst(done), sources) : none;
  }
}

/** Each record once, however often it was sent. */
function distinct(records: readonly OperationRecord[]): readonly OperationRecord[] {
  const key = ({ operation, evidence }: OperationRecord) => `${operation} ${evidence.reference ?? ''}`;
  return [
    ...new Map(
      records.map((record) => [record.evidence.reference === undefined ? record : key(record), record]),
    ).values(),
  ];
}

function latestOf(resections: readonly OperationRecord[]): OperationRecord | undefined {
  return resections.toSorted((a, b) => (b.date?.end ?? -Infinity) - (a.date?.end ?? -Infinity) || 0)[0];
}

/** When the disease was first there: its earliest onset, be that Condition active or not, else the date of diagnosis. */
function firstKnown(diagnosis: Diagnosis): DateInterval {
  const onsets = diagnosis.conditions.flatMap((condition) => onsetOf(condition) ?? []);
  if (onsets.length === 0) return diagnosis.date;
  const start = onsets.reduce((least, onset) => Math.min(least, onset.start), Infinity);
  const end = onsets.reduce((least, onset) => Math.min(least, onset.end), Infinity);
  return { ...UNDATED, start, end };
}

function recordsOf(
  service: ServiceRecord,
  { spread, indicationOf }: SurgeryContext,
  terminology: Terminology,
): readonly OperationRecord[] {
  const { key, state, date, concepts, resource } = service;
  const operations = new Set(concepts.flatMap((concept) => operationsIn(concept, terminology)));
  if (key === 'diagnosticReports' && isPathology(resource)) operations.add('pathology');
  if (operations.size === 0) return [];
  const [concept] = concepts;
  const { whose, linked } = attributed(concept, indicationOf(resource), spread, terminology);
  return [...operations].map((operation) => ({
    operation,
    key,
    state,
    date,
    whose: isForSomethingElse(operation, resource, linked) ? 'other' : whose,
    linked,
    evidence: { ...service.evidence, drug: NAMES[operation] },
    resource,
  }));
}

interface DraftedOperation {
  readonly operation: Operation;
  readonly judged: boolean;
  readonly whose: Attribution;
  readonly evidence: Evidence;
}

function draftedOperations(
  { resource, concept, judged, indication, evidence }: DraftOrder,
  { spread }: SurgeryContext,
  terminology: Terminology,
): readonly DraftedOperation[] {
  if (resource['resourceType'] !== 'ServiceRequest') return [];
  const { whose, linked } = attributed(concept, indication, spread, terminology);
  return operationsIn(concept, terminology)
    .map((operation) => ({
      operation,
      judged,
      whose: isForSomethingElse(operation, resource, linked) ? ('other' as const) : whose,
      evidence: { ...evidence, drug: NAMES[operation] },
    }))
    .filter((draft) => draft.whose !== 'other');
}

/** Whose tumour it is for: by its reason, else by its words, else the ASPS's unless another cancer is active (rule 5). */
export function attributed(
  concept: CodedText | undefined,
  indication: Attribution,
  spread: Spread,
  terminology: Terminology,
): { readonly whose: Attribution; readonly linked: boolean } {
  if (indication !== 'open') return { whose: indication, linked: indication === 'asps' };
  const said = classify(concept ?? { codings: [], texts: [] }, terminology);
  if (said.texts.some(namesSarcoma) && !namesOtherCancer(said)) return { whose: 'asps', linked: true };
  if (namesOtherCancer(said)) return { whose: 'other', linked: false };
  return { whose: spread.primaries.anotherActive ? 'open' : 'asps', linked: false };
}

/** An amputation for a diabetic foot is none of a tumour's. */
function isForSomethingElse(operation: Operation, resource: JsonObject, linked: boolean): boolean {
  if (operation !== 'amputation' || linked) return false;
  const reasons = [
    ...readCodedText(resource['reasonCode']).texts,
    ...readCodedText(resource['code']).texts,
    ...asObjects(resource['reasonReference']).flatMap((reason) => asText(reason['display']) ?? []),
  ];
  return reasons.some((reason) => NOT_A_TUMOUR.test(reason));
}

function isPathology(report: JsonObject): boolean {
  return asObjects(report['category']).some((category) => {
    const said = readCodedText(category);
    return (
      said.codings.some(({ code }) => TISSUE_SECTIONS.has(code)) || said.texts.some((text) => PATHOLOGY_WORD.test(text))
    );
  });
}
