import type smart from 'fhirclient';

type Oauth2 = typeof smart.oauth2;

/** The chart's FHIR server with the token of this launch, as fhirclient has it. */
export type Client = Awaited<ReturnType<Oauth2['ready']>>;

declare global {
  // What the script of fhirclient, which runs first, leaves behind: its one global.
  var FHIR: { readonly oauth2: Oauth2 };
}

/** SMART App Launch as fhirclient does it in browsers. */
export function oauth2(): Oauth2 {
  return globalThis.FHIR.oauth2;
}
