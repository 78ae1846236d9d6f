/**
 * Every answer that is not 2xx (CH-188, CH-189, CH-192): its status, its FHIR issue type, and what it says when nothing more
 * precise is known. `docs/errors.md` has a paragraph on each.
 */
export const ERRORS = {
  'malformed-json': { status: 400, issueType: 'structure', text: 'The body is not well-formed JSON.' },
  'request-invalid': { status: 400, issueType: 'invalid', text: 'The request is not a valid CDS Hooks request.' },
  'hook-mismatch': { status: 400, issueType: 'value', text: 'The hook is not the one this service is for.' },
  // One text for whatever is wrong with a JWT: a caller learns nothing from it (CH-180, CH-191).
  unauthenticated: { status: 401, issueType: 'login', text: 'Authentication is required.' },
  forbidden: { status: 403, issueType: 'forbidden', text: 'This client may not call this service.' },
  'not-found': { status: 404, issueType: 'not-found', text: 'There is nothing at this address.' },
  'method-not-allowed': { status: 405, issueType: 'not-supported', text: 'This address does not support the method.' },
  'data-unobtainable': {
    status: 412,
    issueType: 'incomplete',
    text: 'FHIR data that is needed could not be obtained.',
  },
  'body-too-large': { status: 413, issueType: 'too-long', text: 'The body is larger than this service accepts.' },
  'media-type-unsupported': {
    status: 415,
    issueType: 'not-supported',
    text: 'The body has to be JSON in UTF-8, sent as application/json.',
  },
  'rate-limited': { status: 429, issueType: 'throttled', text: 'This client has sent too many requests.' },
  internal: { status: 500, issueType: 'exception', text: 'Internal error.' },
  overloaded: { status: 503, issueType: 'transient', text: 'The service is answering as many calls as it can.' },
  'feedback-not-kept': {
    status: 503,
    issueType: 'transient',
    text: 'The feedback could not be kept. Please send it again.',
  },
  unavailable: { status: 503, issueType: 'transient', text: 'The service is not ready to answer.' },
} as const satisfies Record<string, { status: number; issueType: string; text: string }>;

export type ErrorCode = keyof typeof ERRORS;

/**
 * An expected failure, to be answered as it stands. Its details are shown to the caller's support staff, so they never
 * quote what was sent. Anything else that is thrown is a bug, and is answered with a bare 500.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: ErrorCode;
  /** One sentence for each problem. */
  readonly details: readonly string[];

  constructor(code: ErrorCode, details: readonly string[] = [], options?: ErrorOptions) {
    super(code, options);
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

// The body reader's own names for what can go wrong with a body (body-parser, "Errors").
const BODY_ERRORS: ReadonlyMap<unknown, ErrorCode> = new Map<unknown, ErrorCode>([
  ['entity.parse.failed', 'malformed-json'],
  ['entity.too.large', 'body-too-large'],
  ['encoding.unsupported', 'media-type-unsupported'],
  ['charset.unsupported', 'media-type-unsupported'],
  ['request.aborted', 'request-invalid'],
  ['request.size.invalid', 'request-invalid'],
]);

/**
 * The one way from whatever was thrown to an answer. A status on the thrown value decides nothing: a FHIR client's 404 is
 * not the caller's. What is not recognised is `internal`, and carries nothing of the original but its cause, for the log.
 */
export function toServiceError(thrown: unknown): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  if (!(thrown instanceof Error)) return new ServiceError('internal', [], { cause: thrown });

  const code = BODY_ERRORS.get('type' in thrown ? thrown.type : undefined);
  if (code !== undefined) return new ServiceError(code);
  if (isUndecodablePath(thrown)) return new ServiceError('request-invalid', ['The address cannot be decoded.']);
  return new ServiceError('internal', [], { cause: thrown });
}

// Express' router marks its own: a URIError without the status comes from our code and is a bug.
function isUndecodablePath(error: Error): boolean {
  return error instanceof URIError && 'status' in error && error.status === 400;
}

/** What may be in a body that is not 2xx: nothing but our own words (CH-190). */
export interface OperationOutcome {
  readonly resourceType: 'OperationOutcome';
  readonly issue: readonly {
    readonly severity: 'error' | 'warning';
    readonly code: string;
    readonly details: { readonly text: string };
    /** The error code, by which `docs/errors.md` explains it. */
    readonly diagnostics: string;
  }[];
}

/** The error as a FHIR R4 OperationOutcome: one issue for each detail (CH-190). A `warning` goes with an answer that is 2xx. */
export function operationOutcome(
  { code, details }: ServiceError,
  severity: 'error' | 'warning' = 'error',
): OperationOutcome {
  const { issueType, text } = ERRORS[code];
  const texts = details.length === 0 ? [text] : details;
  return {
    resourceType: 'OperationOutcome',
    issue: texts.map((problem) => ({
      severity,
      code: issueType,
      details: { text: problem },
      diagnostics: code,
    })),
  };
}
