import type { OperationOutcome } from './resource.ts';

/** An answer that is no resource the client asked for: the HTTP status, and what FHIR has to say about it. */
export interface Refusal {
  readonly status: number;
  readonly outcome: OperationOutcome;
}

type IssueCode = OperationOutcome['issue'][number]['code'];

/** One issue, in the words of FHIR R4's issue types. */
export function refusal(status: number, code: IssueCode, diagnostics: string): Refusal {
  return { status, outcome: { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code, diagnostics }] } };
}

/** What is said of a fault, whatever it was. */
export const FAILURE: Refusal = refusal(500, 'exception', 'The server failed');

/** What Express and its body parsers throw, and what nobody foresaw: neither says more than its kind. */
export function refusalOf(error: unknown): Refusal {
  const status =
    typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number'
      ? error.status
      : 500;
  switch (status) {
    case 400:
      return refusal(400, 'structure', 'The request cannot be read');
    case 413:
      return refusal(413, 'too-long', 'The body is too long');
    case 415:
      return refusal(415, 'not-supported', 'Bodies are application/fhir+json, uncompressed or gzip');
    default:
      return FAILURE;
  }
}
