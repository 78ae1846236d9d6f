import type { FeedbackStoreErrorReason } from '../feedback-store.ts';

// SQLite's result codes (https://sqlite.org/rescode.html); the extended ones keep the plain one in their lowest byte.
const BUSY = 5;
const LOCKED = 6;
const READONLY = 8;
export const CORRUPT = 11;
const FULL = 13;
export const NOT_A_DATABASE = 26;
/** A process was killed while it wrote. */
export const READONLY_ROLLBACK = 776;
/** The disk did not take what was written, for another reason than that it has no room: beyond a quota, or the size a file may have. */
const IOERR_WRITE = 778;
/** The same of the file that ends in `-shm`. */
const IOERR_SHMSIZE = 4874;

/** SQLite's own code of an error; undefined if it is not one of SQLite's. It says nothing of what is in the database. */
export function sqliteCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined;
  return typeof error.errcode === 'number' ? error.errcode : undefined;
}

/** What an error of SQLite's means for whoever wanted to write. */
export function failureReason(error: unknown): FeedbackStoreErrorReason {
  const code = sqliteCode(error);
  if (code === undefined) return 'other';
  if (code === IOERR_WRITE || code === IOERR_SHMSIZE) return 'full';
  switch (code % 256) {
    case FULL:
      return 'full';
    case BUSY:
    case LOCKED:
      return 'locked';
    case READONLY:
      return 'read-only';
    case CORRUPT:
    case NOT_A_DATABASE:
      return 'damaged';
    default:
      return 'other';
  }
}
