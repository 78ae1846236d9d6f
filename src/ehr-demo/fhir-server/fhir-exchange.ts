/** One request to the FHIR server. */
export interface FhirExchange {
  readonly method: string;
  /** Below the base URL, with its query, such as `Condition?patient=1`. */
  readonly path: string;
  /** `gone`: whoever asked did not wait for all of the answer. */
  readonly status: number | 'gone';
  readonly milliseconds: number;
  /** Of the answer's body, none if they were gone. */
  readonly bytes: number;
  /** The bearer token it came with. */
  readonly token: string | undefined;
}
