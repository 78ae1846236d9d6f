import type { ServerAnswer } from '../situation.ts';

/** Why something could not be read, for clinicians: what the server answered, or our own words where it did not. */
export function answerInWords({ status, says }: ServerAnswer): string {
  return status === undefined ? says : `the server answered ${status}: ${says}`;
}
