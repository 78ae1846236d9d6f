import { activityOf } from './activity.ts';
import { readAppointments } from './appointments.ts';
import { type Diagnosis, diagnose } from './asps.ts';
import { type Biomarkers, readBiomarkers } from './biomarkers.ts';
import { type Day, dayOf } from './calendar.ts';
import { conditionEvidence, counts, isActive, isOnlySuspected } from './condition.ts';
import { type Contacts, readContacts } from './contacts.ts';
import type { ContextResources } from './context-resources.ts';
import { type DraftOrder, readDraftOrders } from './draft-orders.ts';
import { type Evidence, type Fact, notFound, unknown, yes } from './fact.ts';
import { type FollowUp, readFollowUp } from './follow-up.ts';
import { doneSince, type ImagingRecord, imagesOf, orderedSince, readImaging, type Study } from './imaging.ts';
import { indicationReader } from './indication.ts';
import { type Laboratory, readLaboratory } from './laboratory.ts';
import { type LocalTherapy, readLocalTherapy } from './local-therapy.ts';
import { type Age, isDeceased, readAge, readWeight, type Weight } from './patient.ts';
import { readPerformanceStatus } from './performance-status.ts';
import { type PrimarySite, readPrimarySite } from './primary-site.ts';
import type { Readings } from './reading.ts';
import { resourcesOf } from './resource.ts';
import { readSafety, type Safety } from './safety.ts';
import { readServiceRecords, type ServiceRecord } from './service-record.ts';
import type { Settings } from './settings.ts';
import { readSpread, type Spread } from './spread.ts';
import {
  type Exposure,
  exposureTo,
  type MedicationOnFile,
  readExposures,
  readNamelessMedication,
} from './systemic-therapy.ts';
import { type DrugClass, type Terminology, treatsCancer } from './terminology.ts';
import { readTherapy, type Therapy } from './therapy.ts';

/** The typed clinical picture of one patient with ASPS, or suspected of it, at one moment: facts with their evidence. */
export interface Chart {
  readonly patientId: string;
  readonly diagnosis: Diagnosis;
  readonly spread: Spread;
  /** Is the ASPS active? */
  readonly active: Fact;
  readonly exposures: readonly Exposure[];
  /** Orders and doses that say in no way what drug they are of. */
  readonly namelessMedication: readonly Evidence[];
  readonly exposureTo: Readonly<Record<DrugClass, Fact>>;
  /** Lines of systemic therapy, disease status over time, and which of them it fell on. */
  readonly therapy: Therapy;
  /** Scans, operations, tests and referrals, done or asked for. */
  readonly services: readonly ServiceRecord[];
  readonly imaging: readonly ImagingRecord[];
  readonly brainMri: { readonly done: Fact; readonly ordered: Fact };
  readonly chestCt: { readonly done: Fact; readonly ordered: Fact };
  readonly primarySite: PrimarySite;
  readonly followUp: FollowUp;
  readonly contacts: Contacts;
  readonly neurologicalSymptoms: Fact;
  /** Surgery, radiotherapy, and where the metastases are. */
  readonly surgery: LocalTherapy;
  /** What speaks against a drug of the guideline. */
  readonly safety: Safety;
  readonly laboratory: Laboratory;
  readonly biomarkers: Biomarkers;
  readonly performanceStatus: Fact;
  readonly age: Age | undefined;
  readonly weight: { readonly weight?: Weight; readonly fact: Fact };
  readonly deceased: boolean;
  /** Undefined on hooks that have none. */
  readonly drafts: readonly DraftOrder[] | undefined;
  readonly readings: Readings;
  readonly settings: Settings;
  /** The day the chart is looked at. */
  readonly today: Day;
  /** Drafts and appointments of the context left out, such as another patient's. */
  readonly skipped: number;
}

/** What the readers of a chart go by: the guideline's codes and names, and its intervals and thresholds. */
export interface Definitions {
  readonly terminology: Terminology;
  readonly settings: Settings;
}

/** Step one, from the Conditions alone: does this patient have, or may have, ASPS? For nearly everyone the answer is no. */
export function diagnoseFrom(readings: Readings, terminology: Terminology): Diagnosis {
  return diagnose(resourcesOf(readings, 'conditions', 'Condition'), terminology);
}

/** Step two: everything else the guideline asks about. */
export function buildChart(
  patientId: string,
  diagnosis: Diagnosis,
  readings: Readings,
  context: ContextResources,
  { terminology, settings }: Definitions,
  now: Date,
): Chart {
  const today = dayOf(now);
  const spread = readSpread(readings, diagnosis, terminology);
  const indicationOf = indicationReader(diagnosis.records, spread, terminology);
  const medication = readExposures(readings, indicationOf, terminology);
  const exposures = medication.filter(({ drug }) => treatsCancer(drug));
  const booked = context.appointments === undefined ? undefined : readAppointments(context.appointments, patientId);
  const services = [...readServiceRecords(readings), ...(booked?.records ?? [])];
  const imaging = readImaging(services, terminology);
  const age = readAge(readings, today);
  const draft =
    context.drafts === undefined ? undefined : readDraftOrders(context.drafts, patientId, indicationOf, terminology);
  const sinceDiagnosis = { date: diagnosis.date, workUpDays: settings.workUpDays };
  const drafts = draft?.drafts ?? [];
  const parts = {
    exposureTo: once(() => ({
      'pd-1-pd-l1-inhibitor': exposureTo('pd-1-pd-l1-inhibitor', onFile(exposures)),
      'anti-angiogenic-tki': exposureTo('anti-angiogenic-tki', onFile(exposures)),
      anthracycline: exposureTo('anthracycline', onFile(exposures)),
      'other-cytotoxic': exposureTo('other-cytotoxic', onFile(exposures)),
      'bone-agent': exposureTo('bone-agent', onFile(medication)),
    })),
    namelessMedication: once(() => readNamelessMedication(readings, terminology)),
    therapy: once(() => readTherapy(readings, { exposures, spread, diagnosis, settings, today }, terminology)),
    brainMri: once(() => studyFacts(['mri-brain'])),
    chestCt: once(() => studyFacts(['ct-chest', 'pet-ct'])),
    primarySite: once(() =>
      readPrimarySite({ diagnosis, services, drafts, since: sinceDiagnosis, readings }, terminology),
    ),
    followUp: once(() => readFollowUp({ imaging, drafts, readings, settings, today })),
    contacts: once(() =>
      readContacts(
        { conditions: diagnosis.records, services, drafts, readings, diagnosed: diagnosis.date, settings },
        terminology,
      ),
    ),
    surgery: once(() =>
      readLocalTherapy(
        readings,
        { diagnosis, spread, services, imaging, drafts: draft?.drafts, indicationOf, settings, today },
        terminology,
      ),
    ),
    neurologicalSymptoms: once(() => readNeurologicalSymptoms(readings, diagnosis, settings)),
    safety: once(() => readSafety(readings, { diagnosis, services, drafts, today }, terminology)),
    laboratory: once(() => readLaboratory(readings, terminology, settings, today)),
    biomarkers: once(() =>
      readBiomarkers(readings, { services, drafts, primaries: spread.primaries, settings, today }, terminology),
    ),
    performanceStatus: once(() => readPerformanceStatus(readings, terminology, today)),
    weight: once(() => readWeight(readings, age, terminology, today, settings)),
  };
  // A part is read when a card first asks for it: most hooks ask for few.
  return {
    patientId,
    diagnosis,
    spread,
    active: activityOf(diagnosis, spread, readings, settings),
    exposures,
    services,
    imaging,
    age,
    deceased: isDeceased(readings),
    drafts: draft?.drafts,
    readings,
    settings,
    today,
    skipped: (draft?.skipped ?? 0) + (booked?.skipped ?? 0),
    get namelessMedication() {
      return parts.namelessMedication();
    },
    get exposureTo() {
      return parts.exposureTo();
    },
    get therapy() {
      return parts.therapy();
    },
    get brainMri() {
      return parts.brainMri();
    },
    get chestCt() {
      return parts.chestCt();
    },
    get primarySite() {
      return parts.primarySite();
    },
    get followUp() {
      return parts.followUp();
    },
    get contacts() {
      return parts.contacts();
    },
    get surgery() {
      return parts.surgery();
    },
    get neurologicalSymptoms() {
      return parts.neurologicalSymptoms();
    },
    get safety() {
      return parts.safety();
    },
    get laboratory() {
      return parts.laboratory();
    },
    get biomarkers() {
      return parts.biomarkers();
    },
    get performanceStatus() {
      return parts.performanceStatus();
    },
    get weight() {
      return parts.weight();
    },
  };

  function onFile(some: readonly Exposure[]): MedicationOnFile {
    return { exposures: some, namelessMedication: parts.namelessMedication(), readings };
  }

  function studyFacts(studies: readonly Study[]): { readonly done: Fact; readonly ordered: Fact } {
    const drafted = (draft?.drafts ?? []).filter((order) => order.studies.some((study) => studies.includes(study)));
    const images = imagesOf(studies, imaging);
    return {
      done: doneSince(images, sinceDiagnosis, readings),
      ordered: orderedSince(
        images,
        sinceDiagnosis,
        drafted.map((order) => order.evidence),
        readings,
      ),
    };
  }
}

/** Computes at the first call, and remembers. */
function once<Value>(compute: () => Value): () => Value {
  let known: { readonly value: Value } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}

/** A new headache, seizure or focal deficit, coded since the work-up of the diagnosis began (S-162). Its absence proves nothing. */
function readNeurologicalSymptoms(readings: Readings, diagnosis: Diagnosis, { workUpDays }: Settings): Fact {
  const coded = diagnosis.records
    .filter(({ code }) => code.valueSets.includes('neurological-symptoms'))
    .filter(({ condition }) => counts(condition) && !isOnlySuspected(condition) && isActive(condition));
  if (coded.length === 0) return notFound(readings, ['conditions']);
  const since = diagnosis.date.end - workUpDays;
  const recent = coded.filter(({ dates }) => ((dates.onset ?? dates.recorded)?.start ?? -Infinity) >= since);
  return recent.length > 0
    ? yes(recent.map(({ condition }) => conditionEvidence(condition)))
    : unknown(
        coded.map(({ condition }) => conditionEvidence(condition)),
        undefined,
        'date-not-comparable',
      );
}
