import { type Diagnosis, diagnose } from './asps.ts';
import { type Day, dayOf, readDate } from './calendar.ts';
import { conditionEvidence, counts, isActive, isOnlySuspected, onsetOf } from './condition.ts';
import { type DraftContext, type DraftOrder, readDraftOrders } from './draft-orders.ts';
import { type Fact, notFound, unknown, yes } from './fact.ts';
import { doneSince, type ImagingRecord, orderedSince, readImaging, type Study, WORK_UP_DAYS } from './imaging.ts';
import { indicationReader } from './indication.ts';
import { type Age, isDeceased, readAge, readWeight, type Weight } from './patient.ts';
import { progressionOnImmunotherapy } from './progression.ts';
import type { JsonObject, Readings } from './reading.ts';
import { resourcesOf } from './resource.ts';
import { readServiceRecords, type ServiceRecord } from './service-record.ts';
import type { Settings } from './settings.ts';
import { readSpread, type Spread } from './spread.ts';
import { type Exposure, exposureTo, readExposures } from './systemic-therapy.ts';
import type { DrugClass, Terminology } from './terminology.ts';

/** The typed clinical picture of one patient with ASPS, or suspected of it, at one moment: facts with their evidence. */
export interface Chart {
  readonly patientId: string;
  readonly diagnosis: Diagnosis;
  readonly spread: Spread;
  readonly exposures: readonly Exposure[];
  readonly exposureTo: Readonly<Record<DrugClass, Fact>>;
  readonly progressionOnImmunotherapy: Fact;
  /** Scans, operations, tests and referrals, done or asked for. */
  readonly services: readonly ServiceRecord[];
  readonly imaging: readonly ImagingRecord[];
  readonly brainMri: { readonly done: Fact; readonly ordered: Fact };
  readonly chestCt: { readonly done: Fact; readonly ordered: Fact };
  readonly neurologicalSymptoms: Fact;
  readonly age: Age | undefined;
  readonly weight: { readonly weight?: Weight; readonly fact: Fact };
  readonly deceased: boolean;
  /** Undefined on hooks that have none. */
  readonly drafts: readonly DraftOrder[] | undefined;
  readonly readings: Readings;
  readonly settings: Settings;
  /** The day the chart is looked at. */
  readonly today: Day;
  /** Resources of the context left out because they are another patient's. */
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
  drafts: DraftContext | undefined,
  { terminology, settings }: Definitions,
  now: Date,
): Chart {
  const today = dayOf(now);
  const spread = readSpread(readings, diagnosis, terminology);
  const indicationOf = indicationReader(diagnosis.records, spread, terminology);
  const exposures = readExposures(readings, indicationOf, terminology);
  const services = readServiceRecords(readings);
  const imaging = readImaging(services, terminology);
  const age = readAge(readings, today);
  const draft = drafts === undefined ? undefined : readDraftOrders(drafts, patientId, indicationOf, terminology);
  const brain: readonly Study[] = ['mri-brain'];
  const chest: readonly Study[] = ['ct-chest', 'pet-ct'];
  return {
    patientId,
    diagnosis,
    spread,
    exposures,
    exposureTo: {
      'pd-1-pd-l1-inhibitor': exposureTo('pd-1-pd-l1-inhibitor', exposures, readings),
      'anti-angiogenic-tki': exposureTo('anti-angiogenic-tki', exposures, readings),
      anthracycline: exposureTo('anthracycline', exposures, readings),
      'other-cytotoxic': exposureTo('other-cytotoxic', exposures, readings),
    },
    progressionOnImmunotherapy: progressionOnImmunotherapy(readings, { exposures, spread, diagnosis }, terminology),
    services,
    imaging,
    brainMri: studyFacts(brain),
    chestCt: studyFacts(chest),
    neurologicalSymptoms: readNeurologicalSymptoms(readings, diagnosis),
    age,
    weight: readWeight(readings, age, terminology, today),
    deceased: isDeceased(readings),
    drafts: draft?.drafts,
    readings,
    settings,
    today,
    skipped: draft?.skipped ?? 0,
  };

  function studyFacts(studies: readonly Study[]): { readonly done: Fact; readonly ordered: Fact } {
    const drafted = (draft?.drafts ?? []).filter((order) => order.studies.some((study) => studies.includes(study)));
    return {
      done: doneSince(studies, imaging, diagnosis.date, readings),
      ordered: orderedSince(
        studies,
        imaging,
        diagnosis.date,
        drafted.map((order) => order.evidence),
        readings,
      ),
    };
  }
}

/** A new headache, seizure or focal deficit, coded since the work-up of the diagnosis began (S-162). Its absence proves nothing. */
function readNeurologicalSymptoms(readings: Readings, diagnosis: Diagnosis): Fact {
  const coded = diagnosis.records
    .filter(({ code }) => code.valueSets.includes('neurological-symptoms'))
    .map(({ condition }) => condition)
    .filter((condition) => counts(condition) && !isOnlySuspected(condition) && isActive(condition));
  if (coded.length === 0) return notFound(readings, ['conditions']);
  const recent = coded.filter((condition) => dateOf(condition) >= diagnosis.date.end - WORK_UP_DAYS);
  return recent.length > 0
    ? yes(recent.map(conditionEvidence))
    : unknown(coded.map(conditionEvidence), undefined, 'date-not-comparable');

  function dateOf(condition: JsonObject): number {
    return (onsetOf(condition) ?? readDate(condition['recordedDate']))?.start ?? -Infinity;
  }
}
