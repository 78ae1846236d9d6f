import type { ErrorRequestHandler } from 'express';
import { type ErrorCode, operationOutcome, toServiceError } from '../cds-hooks/errors.ts';
import { callLog, safeError } from '../log.ts';
import { FHIR_JSON, send } from './send.ts';

/** What some errors have to say besides their body: how to authenticate (RFC 9110, 15.5.2), and when to come again. */
const HEADERS: Partial<Record<ErrorCode, readonly [name: string, value: string]>> = {
  unauthenticated: ['WWW-Authenticate', 'Bearer'],
  overloaded: ['Retry-After', '1'],
  unavailable: ['Retry-After', '5'],
  'feedback-not-kept': ['Retry-After', '5'],
};

/** Nobody's mistake but this service's: the operator needs to know where. */
const FAULTS: ReadonlySet<ErrorCode> = new Set(['internal', 'feedback-not-kept']);

/** The only place where an error becomes an answer (CH-190). Four parameters are how Express knows it. */
export const answerError: ErrorRequestHandler = (thrown: unknown, _request, response, _next) => {
  const error = toServiceError(thrown);
  callLog(response).add({ code: error.code, ...(FAULTS.has(error.code) ? { failure: safeError(error.cause) } : {}) });
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const header = HEADERS[error.code];
  if (header !== undefined) response.setHeader(...header);
  send(response, error.status, FHIR_JSON, JSON.stringify(operationOutcome(error)));
};
