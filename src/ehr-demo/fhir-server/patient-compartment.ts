import { evalFhirPath, getSearchParameter } from '@medplum/core';
import type { Definitions } from './definitions.ts';
import { patientsIn } from './patient-shelves.ts';
import type { Resource } from './resource.ts';

/** In nobody's compartment, and needed to read what is in one: who did it, where, with what. */
export const SHARED_TYPES: ReadonlySet<Resource['resourceType']> = new Set([
  'ActivityDefinition',
  'CodeSystem',
  // Some belong to one patient: those are told from the others by whom they refer to.
  'Device',
  'HealthcareService',
  'Library',
  'Location',
  'Medication',
  'MedicationKnowledge',
  'Organization',
  'OrganizationAffiliation',
  'PlanDefinition',
  'Practitioner',
  'PractitionerRole',
  'Questionnaire',
  'Substance',
  'ValueSet',
]);

/** These would tell of the other patients that they name. */
const TELLS_OF_OTHERS: ReadonlySet<string> = new Set(['Group', 'Person']);

/** What one patient's records are: what may be read with a `patient/` scope, and what may be changed. */
export interface PatientCompartment {
  /** Is it the patient, one of their records, or of no patient at all? */
  readonly shows: (resource: Resource) => boolean;
  /** Is it the patient, or one of their records? */
  readonly contains: (resource: Resource) => boolean;
}

export function patientCompartment(patientId: string, definitions: Definitions): PatientCompartment {
  const patient = `Patient/${patientId}`;
  const contains = (resource: Resource): boolean => {
    const { resourceType, id } = resource;
    // R4 counts those in that link to the patient. Here each patient has one record.
    if (resourceType === 'Patient') return id === patientId;
    if (TELLS_OF_OTHERS.has(resourceType)) return false;
    const parameters = definitions.patientCompartment.get(resourceType) ?? [];
    return parameters.some((code) => referredTo(resource, code).includes(patient));
  };
  return {
    contains,
    shows: (resource) =>
      contains(resource) ||
      (SHARED_TYPES.has(resource.resourceType) && [...patientsIn(resource)].every((name) => name === patient)),
  };
}

/** To what a resource refers by this parameter. */
function referredTo(resource: Resource, code: string): readonly unknown[] {
  const expression = getSearchParameter(resource.resourceType, code)?.expression;
  if (expression === undefined) return [];
  return evalFhirPath(expression, resource).map((value: unknown) =>
    typeof value === 'object' && value !== null && 'reference' in value ? value.reference : undefined,
  );
}
