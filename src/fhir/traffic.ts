import type { FhirFailure } from './fhir-server.ts';

/** A question that was put to a server, when it was settled. Nothing in it says whom it was about. */
export interface Exchange {
  /** The FHIR base URL, without a slash at its end; `open` in open mode, where callers name the servers. */
  readonly server: string;
  readonly resourceType: string;
  readonly outcome: 'answered' | FhirFailure;
  readonly ms: number;
}

/** A question that was not put, since its answer was known. */
export interface SparedQuestion {
  readonly server: string;
  readonly resourceType: string;
  /**
   * `not-offered`: the server said of late that it does not have this type. `paused`: it asked to be left alone for a while.
   * `circuit-open`: it did not answer the last calls at all. `not-granted`: the token is not good for it (CH-78).
   */
  readonly because: 'not-offered' | 'paused' | 'circuit-open' | 'not-granted';
}

/** Told of everything that goes between the service and FHIR servers; for metrics. Must not throw. */
export interface FhirTraffic {
  exchanged(exchange: Exchange): void;
  spared(question: SparedQuestion): void;
}
