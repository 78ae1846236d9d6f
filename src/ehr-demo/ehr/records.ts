import type { PatientStore, Resource } from '../patient-store.ts';

/** What the EHR has on file, in the same store that its FHIR server shows to others. */
export interface Records {
  /**
   * The patient, all that refers to them, and what that refers to in turn (practitioners, medications, organizations);
   * undefined: there is no such patient. Read anew each time.
   */
  chartOf(patientId: string): Promise<PatientStore | undefined>;
  read(reference: string): Promise<Resource | undefined>;
  /** Makes all these changes in order, or none. */
  change(changes: readonly Change[]): Promise<Changed>;
  /** Everything as it was at the start. */
  reset(): Promise<void>;
}

/** One change of what is on file. */
export type Change =
  /** Under a new id of the store's. */
  | { readonly kind: 'create'; readonly resource: Omit<Resource, 'id'> }
  /** The whole resource, under its own id. */
  | { readonly kind: 'update'; readonly resource: Resource }
  /** What has this name, `Type/id`; that there is nothing is no mistake. */
  | { readonly kind: 'delete'; readonly reference: string };

/** What became of changes that belong together. */
export type Changed =
  /** What was created and updated, in order. */
  | { readonly kind: 'done'; readonly resources: readonly Resource[] }
  /** The store would not, and nothing was changed: why, in a sentence of its own. */
  | { readonly kind: 'refused'; readonly because: string };

/** The store cannot be what it should; the message says why. */
export class RecordsError extends Error {
  override readonly name = 'RecordsError';
}
