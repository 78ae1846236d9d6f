import type { FeedbackStoreErrorReason } from '../feedback-store.ts';

// PostgreSQL's codes (https://www.postgresql.org/docs/current/errcodes-appendix.html): five characters, the first two the class.
const NAME_UNKNOWN = 'ENOTFOUND';
const DISK_FULL = '53100';
const READ_ONLY = '25006';
const DAMAGED: ReadonlySet<string> = new Set([
  'XX001', // data_corrupted
  'XX002', // index_corrupted
]);
const LOCKED: ReadonlySet<string> = new Set([
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available
  '57014', // query_canceled: by the timeout of statements, and what they wait for is locks
]);
const GONE: ReadonlySet<string> = new Set([
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: it is starting, or stopping
  '57P05', // idle_session_timeout
  '25P03', // idle_in_transaction_session_timeout
  '53300', // too_many_connections
]);
/** Classes whose messages name tables, users and settings, never values: connection, authorisation, resources, operator, system. */
const HARMLESS_CLASSES: ReadonlySet<string> = new Set([
  '08',
  '25',
  '28',
  '3D',
  '40',
  '42',
  '53',
  '55',
  '57',
  '58',
  'XX',
]);
const POSTGRES_CODE = /^[0-9A-Z]{5}$/;
/** What pg says of a busy pool, of which no connection became free in time; it says nothing of the server. */
const ALL_IN_USE = 'timeout exceeded when trying to connect';

/** The code of an error of PostgreSQL's, or of Node's network; undefined if it is neither. */
export function postgresCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What an error means for whoever wanted to read or write. */
export function postgresFailureReason(error: unknown): FeedbackStoreErrorReason {
  const code = postgresCode(error);
  if (code === undefined) return reasonInWords(messageOf(error));
  if (isNetworkCode(code) || code.startsWith('08') || GONE.has(code)) return 'unreachable';
  if (code === DISK_FULL) return 'full';
  if (code === READ_ONLY) return 'read-only';
  if (LOCKED.has(code)) return 'locked';
  if (DAMAGED.has(code)) return 'damaged';
  // The password was changed, or the database dropped: nobody gets through until the operator has mended it.
  if (code.startsWith('28') || code.startsWith('3D')) return 'unreachable';
  return 'other';
}

/** Is it likely to pass within seconds? A name that nobody knows, a wrong password or a database that is not there do not. */
export function isPassing(error: unknown): boolean {
  const code = postgresCode(error) ?? '';
  return postgresFailureReason(error) === 'unreachable' && code !== NAME_UNKNOWN && !/^(?:28|3D)/.test(code);
}

/** The error for the operator, without what it says of values: those could be what a clinician wrote. */
export function withoutValues(error: unknown): Error {
  const code = postgresCode(error);
  const message = messageOf(error);
  if (code === undefined || !POSTGRES_CODE.test(code) || isNetworkCode(code)) return new Error(message);
  return new Error(HARMLESS_CLASSES.has(code.slice(0, 2)) ? `${code}: ${message}` : code);
}

function messageOf(error: unknown): string {
  // Of several addresses that were tried, each has failed: an AggregateError has no message of its own.
  if (typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors)) {
    return error.errors.map(messageOf).join(', ');
  }
  if (typeof error !== 'object' || error === null || !('message' in error)) return 'not an error';
  return String(error.message);
}

/** Such as ECONNREFUSED, ETIMEDOUT and EPIPE, which is as long as one of PostgreSQL's. */
function isNetworkCode(code: string): boolean {
  return /^E[A-Z_]{3,}$/.test(code);
}

/** Of pg's own errors, which have no code: of connections that were not made in time, that ended, or that were all in use. */
function reasonInWords(message: string): FeedbackStoreErrorReason {
  if (message === ALL_IN_USE) return 'locked';
  return /timeout|terminated|not queryable|discarded/i.test(message) ? 'unreachable' : 'other';
}
