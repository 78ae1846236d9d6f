/** SMART App Launch as fhirclient does it. Its script runs first, and leaves one global. */
export const { oauth2 } = /** @type {{ readonly FHIR: typeof import('fhirclient') }} */ (
  /** @type {unknown} */ (globalThis)
).FHIR;

/** @typedef {Awaited<ReturnType<typeof oauth2.ready>>} Client */
