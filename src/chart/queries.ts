import type { ResourceKey } from './reading.ts';
import type { Terminology } from './terminology.ts';

/** The prefetch key of the Medications that draft orders refer to, for clients that can resolve such a template. */
export const DRAFT_MEDICATIONS = 'draftMedications';

/**
 * The FHIR query of each part of the chart, as a prefetch template. Plain patient-scoped searches, filtered here:
 * Oracle Health has no `code` search on Condition or Procedure, Epic ignores parameters it does not know, and
 * Observation is refused without a category or codes (CH-38, CH-42 to CH-45, CH-49, CH-51 to CH-54).
 */
export function chartQueries(terminology: Pick<Terminology, 'tokens'>): Readonly<Record<ResourceKey, string>> {
  const ofPatient = (type: string) => `${type}?patient={{context.patientId}}`;
  const observations = (...valueSets: readonly string[]) =>
    `${ofPatient('Observation')}&code=${valueSets.flatMap((valueSet) => terminology.tokens(valueSet)).join(',')}`;
  return {
    patient: 'Patient/{{context.patientId}}',
    conditions: ofPatient('Condition'),
    procedures: ofPatient('Procedure'),
    medicationRequests: ofPatient('MedicationRequest'),
    medicationAdministrations: ofPatient('MedicationAdministration'),
    medicationStatements: ofPatient('MedicationStatement'),
    serviceRequests: ofPatient('ServiceRequest'),
    diagnosticReports: ofPatient('DiagnosticReport'),
    imagingStudies: ofPatient('ImagingStudy'),
    encounters: ofPatient('Encounter'),
    careTeams: ofPatient('CareTeam'),
    observationsStaging: observations('tnm-stage-group', 'tnm-m-category', 'metastatic-history', 'surgical-margin'),
    observationsDiseaseStatus: observations('disease-status'),
    observationsBodyWeight: observations('body-weight'),
    observationsPerformanceStatus: observations('performance-status'),
    observationsBiomarkers: observations('biomarker'),
    observationsLaboratory: observations('laboratory-test'),
  };
}
