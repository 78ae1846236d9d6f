/** Where the parts of the demo EHR are, below the address of the service that it shares. */
export interface DemoAddresses {
  /** The FHIR base that asks for a token. */
  readonly fhirBaseUrl: string;
  /** The same records, to be read by anybody. */
  readonly openFhirBaseUrl: string;
  /** Of access tokens for the former. */
  readonly authorizationServer: string;
  /** Where somebody chooses the patient for an app that was not launched from a chart. */
  readonly choosePatient: string;
  /** Where the EHR's public key is. */
  readonly jwksUrl: string;
  /** Where the SMART app wants to be sent back to. */
  readonly smartRedirectUri: string;
}

export function demoAddresses(publicUrl: string): DemoAddresses {
  return {
    fhirBaseUrl: `${publicUrl}/demo/fhir`,
    openFhirBaseUrl: `${publicUrl}/demo/open/fhir`,
    authorizationServer: `${publicUrl}/demo/auth`,
    choosePatient: `${publicUrl}/demo/choose-patient`,
    jwksUrl: `${publicUrl}/demo/jwks.json`,
    smartRedirectUri: `${publicUrl}/smart/`,
  };
}
