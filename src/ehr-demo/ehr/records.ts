import type { PatientStore, Resource } from '../patient-store.ts';

/** What the EHR has on file, in the same store that its FHIR server shows to others. */
export interface Records {
  /**
   * The patient, all that refers to them, and what that refers to in turn (practitioners, medications, organizations);
   * undefined: there is no such patient. Read anew each time.
   */
  chartOf(patientId: string): Promise<PatientStore | undefined>;
  read(reference: string): Promise<Resource | undefined>;
  /** Under a new id of the store's. */
  create(resource: Omit<Resource, 'id'>): Promise<Resource>;
  /** The whole resource, under its own id. */
  update(resource: Resource): Promise<Resource>;
  delete(reference: string): Promise<void>;
  /** Everything as it was at the start. */
  reset(): Promise<void>;
}

/** The store would not keep a resource; the message is its reason, in words. */
export class RecordsError extends Error {
  override readonly name = 'RecordsError';
}
