import type { FhirResponse } from '@medplum/fhir-router';

/** A FHIR R4 resource as the library types it; its package of types is none of ours. */
export type Resource = NonNullable<FhirResponse[1]>;

export type Bundle = Extract<Resource, { readonly resourceType: 'Bundle' }>;

/** What FHIR says about a request that went well or did not. */
export type OperationOutcome = FhirResponse[0];

/** FHIR R4, 2.24.0.1. */
const ID = /^[A-Za-z0-9\-.]{1,64}$/;

export function isResourceId(text: string): boolean {
  return ID.test(text);
}
