import type { Resource } from '../ehr-demo/patient-store.ts';

// FHIR R4, 2.24.0.1. Dots alone would be an id too, and a path to somewhere else in a URL.
const FHIR_ID = /^(?!\.+$)[A-Za-z0-9.-]{1,64}$/;
const RESOURCE_TYPE = /^[A-Z][A-Za-z]{1,63}$/;

/** Is it an id of FHIR that leads nowhere else in a URL? */
export function isFhirId(text: string): boolean {
  return FHIR_ID.test(text);
}

/** `Type/id`. */
export function referenceOf({ resourceType, id }: Resource): string {
  return `${resourceType}/${id}`;
}

/** Can the resource be asked for by its reference, and its reference be shown on a terminal? */
export function hasPlainReference({ resourceType, id }: Resource): boolean {
  return RESOURCE_TYPE.test(resourceType) && isFhirId(id);
}
