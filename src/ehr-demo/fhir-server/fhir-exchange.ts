/** One request that the FHIR server has answered. */
export interface FhirExchange {
  readonly method: string;
  /** Below the base URL, with its query, such as `Condition?patient=1`. */
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
  /** Of the answer's body. */
  readonly bytes: number;
  /** The bearer token it came with. */
  readonly token: string | undefined;
}
