/**
 * What is counted, and of what (`subject`):
 *
 * - `call`: calls of a service, by the HTTP status of the answer, or `gone`.
 * - `answered`: answers with the rules run, by `asps`, `suspected` or `not-asps`.
 * - `judged`: answers for which a card's criteria were judged, by `<card id>@<version>`; not those in shadow.
 * - `judged-in-shadow`: the same of cards in shadow.
 * - `cut`: answers in which a card applied and was left out by MAX_CARDS, by `<card id>@<version>`.
 * - `duration`: calls by how long they took, by the upper bound in seconds of the bucket (`0.005` … `10`, `+Inf`).
 * - `fhir`: requests to FHIR servers, by their outcome; `spared:<why>` for those that were not sent.
 * - `unread`: answers for patients with ASPS in which a part of the chart was not read, by its prefetch key.
 */
export type Measure = 'call' | 'answered' | 'judged' | 'judged-in-shadow' | 'cut' | 'duration' | 'fhir' | 'unread';

/** So many of one thing on one UTC day. Of a closed set of words, ids of cards and names of the operator's: no patient. */
export interface Tally {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  /** Undefined in open mode. */
  readonly client: string | undefined;
  /** The service's id; '' for what is not counted by service. */
  readonly service: string;
  readonly measure: Measure;
  readonly subject: string;
  readonly count: number;
}
