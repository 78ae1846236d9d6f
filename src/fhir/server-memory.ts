/**
 * What is remembered of one FHIR server, for a while and in this process: how it wants to be asked, and when it is better left
 * alone. No patient, token or answer is in it.
 */
export interface ServerMemory {
  /** The index of the way in which this question is put first: 0, unless the server has refused earlier ways of late. */
  firstWay(question: string): number;
  /** The server refused the ways before this one, and answered this one. */
  preferWay(question: string, way: number): void;
  /** False while the server is known not to have this resource type. */
  offers(resourceType: string): boolean;
  /** The server said that it does not have this type, in a call in which it answered other searches for the same patient. */
  doesNotOffer(resourceType: string): void;
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

/** The memories of all servers, by FHIR base URL. */
export interface ServerMemories {
  of(base: string): ServerMemory;
}
