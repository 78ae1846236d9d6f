import { asObject } from '../../chart/json.ts';

/** What the app reads of the chart of one patient, and nothing else: without one of them its facts are unknown. */
export const READ_TYPES = [
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

export interface ScopeRequest {
  /** Launched from a chart, or by itself, so that the EHR has to ask whose chart it is. */
  readonly isEhrLaunch: boolean;
  /** Of the scopes for resources: `patient/X.rs` since SMART App Launch 2.0, `patient/X.read` before. */
  readonly version: 1 | 2;
}

/** What the app asks for: whose chart it is, who opened it, and to read it. */
export function scopeFor({ isEhrLaunch, version }: ScopeRequest): string {
  const read = version === 2 ? 'rs' : 'read';
  const context = [isEhrLaunch ? 'launch' : 'launch/patient', 'openid', 'fhirUser'];
  return [...context, ...READ_TYPES.map((type) => `patient/${type}.${read}`)].join(' ');
}

/**
 * Of which version scopes a server takes (SMART App Launch 2.2, "Capabilities": `permission-v2`).
 * @param configuration what `.well-known/smart-configuration` answers; whatever it is, version 1 is what all servers began with
 */
export function scopeVersion(configuration: unknown): 1 | 2 {
  const capabilities = asObject(configuration)?.['capabilities'];
  return Array.isArray(capabilities) && capabilities.includes('permission-v2') ? 2 : 1;
}
