import type { FhirFailure } from './fhir-answer.ts';

/** What a server says of a question, and not of a patient or a token: it does not have this, or takes the query in no way. */
export type LastingFailure = Extract<FhirFailure, 'not-offered' | 'invalid'>;

/**
 * What is remembered of one FHIR server, for a while and in this process: how it wants to be asked, and when it is better left
 * alone. No patient, token or answer is in it.
 */
export interface ServerMemory {
  /** The index of the way in which this question is put first: 0, unless the server has refused earlier ways of late. */
  firstWay(question: string): number;
  /** The server refused the ways before this one, and answered this one. */
  preferWay(question: string, way: number): void;
  /** Why this question brings nothing at present, whoever it is about; undefined: it may bring something. */
  knownFailure(question: string): LastingFailure | undefined;
  /** The server said so, in a call in which it had something of the same patient. */
  rememberFailure(question: string, reason: LastingFailure): void;
  /** Is it to be left alone, as it asked (429 or 503 with Retry-After)? */
  isPaused(): boolean;
  /** It asked to be left alone for so long; longer than a minute is taken as a minute. */
  pause(ms: number): void;
  /**
   * Runs one round of questions, unless the server did not answer the last rounds at all: then `circuit-open`, at once. `isDown`
   * judges what a round came to.
   */
  round<Result>(
    ask: () => Promise<Result>,
    isDown: (result: Result) => boolean | 'unknown',
  ): Promise<Result | 'circuit-open'>;
}

/**
 * The memories of all servers, by FHIR base URL and by the client on whose behalf they are asked: what one client's tokens and
 * patients bring on must not be held against another's.
 */
export interface ServerMemories {
  of(base: string, client: string | undefined): ServerMemory;
}
