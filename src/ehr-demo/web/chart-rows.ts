import type { PatientStore, Resource } from '../patient-store.ts';
import {
  conceptCode,
  conceptText,
  dayOf,
  items,
  joined,
  medicationText,
  member,
  quantityText,
  text,
} from './fhir-text.ts';

/** One entry of the chart, in words. */
export interface ChartRow {
  readonly what: string;
  /** As written in the record; empty: it does not say. */
  readonly when: string;
  /** The state of it, and what else there is to say. */
  readonly more: string;
  /** It was entered by mistake, and says nothing of the patient. */
  readonly isError: boolean;
}

type Told = { readonly [Part in 'what' | 'when' | 'status' | 'detail']: string | undefined };

/** mCODE, "Histology-Morphology-Behavior". */
const HISTOLOGY = 'http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-histology-morphology-behavior';

/** How a resource of each type reads; the others have no place in the chart. */
const ROWS: Readonly<Record<string, (resource: Resource, chart: PatientStore) => Told>> = {
  Condition: (condition) => ({
    what: conceptText(condition['code']),
    when: dayOf(condition['onsetDateTime'] ?? condition['onsetPeriod'] ?? condition['recordedDate']),
    status: joined([conceptCode(condition['clinicalStatus']), unlessConfirmed(condition['verificationStatus'])]),
    detail: joined([
      ...items(condition['extension']).map(histologyText),
      ...items(condition['bodySite']).map(conceptText),
      ...items(condition['stage']).map((stage) => conceptText(member(stage, 'summary'))),
      prefixed('until ', dayOf(condition['abatementDateTime'])),
      ...notes(condition),
    ]),
  }),
  Procedure: (procedure) => ({
    what: conceptText(procedure['code']),
    when: dayOf(procedure['performedDateTime'] ?? procedure['performedPeriod']),
    status: text(procedure['status']),
    detail: joined([...items(procedure['bodySite']).map(conceptText), conceptText(procedure['outcome'])]),
  }),
  MedicationRequest: (order, chart) => ({
    what: prefixed(order['doNotPerform'] === true ? 'Not to be given: ' : '', medicationText(order, chart)),
    when: dayOf(order['authoredOn']),
    status: joined([text(order['status']), unless('order', text(order['intent']))]),
    detail: joined([...doses(order), conceptText(order['statusReason']), ...notes(order)]),
  }),
  MedicationAdministration: (given, chart) => ({
    what: medicationText(given, chart),
    when: dayOf(given['effectiveDateTime'] ?? given['effectivePeriod']),
    status: joined(['given', unless('completed', text(given['status']))]),
    detail: text(member(given['dosage'], 'text')) ?? quantityText(member(given['dosage'], 'dose')),
  }),
  MedicationStatement: (statement, chart) => ({
    what: medicationText(statement, chart),
    when: dayOf(statement['effectiveDateTime'] ?? statement['effectivePeriod'] ?? statement['dateAsserted']),
    status: joined(['reported', text(statement['status'])]),
    detail: joined([...items(statement['dosage']).map((dose) => text(member(dose, 'text'))), ...notes(statement)]),
  }),
  ServiceRequest: (order) => ({
    what: prefixed(order['doNotPerform'] === true ? 'Not to be done: ' : '', conceptText(order['code'])),
    when: dayOf(order['authoredOn']),
    status: joined([text(order['status']), unless('order', text(order['intent']))]),
    detail: joined([
      prefixed('planned for ', dayOf(order['occurrenceDateTime'] ?? order['occurrencePeriod'])),
      ...notes(order),
    ]),
  }),
  DiagnosticReport: (report) => ({
    what: conceptText(report['code']),
    when: dayOf(report['effectiveDateTime'] ?? report['effectivePeriod'] ?? report['issued']),
    status: text(report['status']),
    detail: text(report['conclusion']),
  }),
  ImagingStudy: (study) => ({
    what: text(study['description']) ?? joined(items(study['modality']).map((coding) => text(member(coding, 'code')))),
    when: dayOf(study['started']),
    status: text(study['status']),
    detail: undefined,
  }),
  Observation: (observation) => ({
    what: joined([conceptText(observation['code']), valueText(observation)], ': '),
    when: dayOf(observation['effectiveDateTime'] ?? observation['effectivePeriod']),
    status: text(observation['status']),
    detail: joined([
      ...items(observation['component']).map((part) =>
        joined([conceptText(member(part, 'code')), valueText(part)], ': '),
      ),
      conceptText(observation['method']),
      ...notes(observation),
    ]),
  }),
  Encounter: (encounter) => ({
    what: joined(items(encounter['type']).map(conceptText)) ?? 'Visit',
    when: dayOf(encounter['period']),
    status: text(encounter['status']),
    detail: undefined,
  }),
  Appointment: (appointment) => ({
    what:
      joined(items(appointment['serviceType']).map(conceptText)) ?? text(appointment['description']) ?? 'Appointment',
    when: dayOf(appointment['start']),
    status: text(appointment['status']),
    detail: undefined,
  }),
  CareTeam: (team) => ({
    what: prefixed('Care team: ', text(team['name'])),
    when: dayOf(team['period']),
    status: text(team['status']),
    detail: joined(items(team['participant']).flatMap((one) => items(member(one, 'role')).map(conceptText))),
  }),
};

/** The resource as a row; a member of a wrong type is as if it was not there. */
export function chartRow(resource: Resource, chart: PatientStore): ChartRow {
  const told = ROWS[resource.resourceType]?.(resource, chart);
  const isError = [text(resource['status']), conceptCode(resource['verificationStatus'])].includes('entered-in-error');
  return {
    what: told?.what ?? `${resource.resourceType} without a name`,
    when: told?.when ?? '',
    more: joined([isError ? 'entered in error' : told?.status, told?.detail], ' · ') ?? '',
    isError,
  };
}

/** The histology of a cancer whose code names its place alone. */
function histologyText(extension: unknown): string | undefined {
  return member(extension, 'url') === HISTOLOGY ? conceptText(member(extension, 'valueCodeableConcept')) : undefined;
}

function valueText(observation: unknown): string | undefined {
  const [yesNo, count] = [member(observation, 'valueBoolean'), member(observation, 'valueInteger')];
  return (
    quantityText(member(observation, 'valueQuantity')) ??
    conceptText(member(observation, 'valueCodeableConcept')) ??
    text(member(observation, 'valueString')) ??
    (typeof yesNo === 'boolean' ? (yesNo ? 'yes' : 'no') : undefined) ??
    (typeof count === 'number' ? String(count) : undefined)
  );
}

function doses(order: Resource): readonly (string | undefined)[] {
  return items(order['dosageInstruction']).map((dose) => text(member(dose, 'text')));
}

function notes(resource: Resource): readonly (string | undefined)[] {
  return items(resource['note']).map((note) => text(member(note, 'text')));
}

function prefixed(prefix: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : prefix + value;
}

function unless(usual: string, value: string | undefined): string | undefined {
  return value === usual ? undefined : value;
}

function unlessConfirmed(verification: unknown): string | undefined {
  return unless('confirmed', conceptCode(verification));
}
