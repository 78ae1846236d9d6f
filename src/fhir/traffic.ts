import type { FhirFailure } from './fhir-answer.ts';
import type { LastingFailure } from './server-memory.ts';

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
   * `not-offered`, `invalid`: the server said so of late, and it holds for every patient. `paused`: it asked to be left alone
   * for a while. `circuit-open`: it did not answer the last calls at all. `not-granted`: the token is not good for it (CH-78).
   * `off-server`: the link to the next page leads away from the server (CH-87).
   */
  readonly because: LastingFailure | 'paused' | 'circuit-open' | 'not-granted' | 'off-server';
}

/** Told of everything that goes between the service and FHIR servers; for metrics. Must not throw. */
export interface FhirTraffic {
  exchanged(exchange: Exchange): void;
  spared(question: SparedQuestion): void;
}
