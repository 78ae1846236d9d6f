/** What the service may read with a call's token, as its documentation asks of whoever registers it; nothing else. */
const TYPES = [
  'CareTeam',
  'Condition',
  'DiagnosticReport',
  'Encounter',
  'ImagingStudy',
  'Medication',
  'MedicationAdministration',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Patient',
  'Procedure',
  'ServiceRequest',
] as const;

/** SMART App Launch 2.2, "Scopes for requesting FHIR Resources". */
export const SERVICE_SCOPES: readonly string[] = TYPES.map((type) => `patient/${type}.rs`);
