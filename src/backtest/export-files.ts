import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { errorCode } from '../guideline-folder.ts';

/** A file of an export, as it was when the run began. */
export interface ExportFile {
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970; a file that was written to since is another one. */
  readonly modified: number;
  /** By its first two bytes, whatever its name. */
  readonly isGzip: boolean;
}

/** What was named cannot be read as an export; the message says which and why. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}

/** What a folder is searched for; a bulk export's manifest names files as it likes, so that any file can be named by itself. */
const NDJSON_NAME = /\.(?:ndjson|jsonl)(?:\.gz)?$/i;

/**
 * The files of an export: those that are named, and of folders, to any depth, what is called `.ndjson` or `.jsonl`, with `.gz` or
 * without. In one order on every machine; a file that is met twice counts once.
 *
 * @throws {ExportError} when one does not exist or cannot be read, and when there is nothing at all
 */
export function exportFiles(named: readonly string[]): readonly ExportFile[] {
  const paths = [...new Set(named.flatMap((path) => pathsAt(resolve(path), 'named')))];
  if (paths.length === 0)
    throw new ExportError(
      `No .ndjson, .jsonl, .ndjson.gz or .jsonl.gz in ${named.join(', ')}: name the files themselves`,
    );
  return paths.map(fileAt);
}

function pathsAt(path: string, as: 'named' | 'found'): readonly string[] {
  return orExportError(path, () => {
    if (!statSync(path).isDirectory()) return as === 'named' || NDJSON_NAME.test(path) ? [path] : [];
    // By code units: what an order depends on must not depend on the language of the machine.
    const entries = readdirSync(path, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return entries.flatMap((entry) => {
      if (entry.name.startsWith('.')) return [];
      const below = join(path, entry.name);
      // A link to a folder may lead back; one to a file is the file, as Kubernetes mounts it.
      if (entry.isSymbolicLink()) return NDJSON_NAME.test(below) && statSync(below).isFile() ? [below] : [];
      return entry.isDirectory() || entry.isFile() ? pathsAt(below, 'found') : [];
    });
  });
}

function fileAt(path: string): ExportFile {
  return orExportError(path, () => {
    const { size, mtimeMs } = statSync(path);
    return { path, bytes: size, modified: Math.round(mtimeMs), isGzip: beginsAsGzip(path) };
  });
}

function beginsAsGzip(path: string): boolean {
  const descriptor = openSync(path, 'r');
  try {
    const magic = Buffer.alloc(2);
    return readSync(descriptor, magic, 0, 2, 0) === 2 && magic[0] === 0x1f && magic[1] === 0x8b;
  } finally {
    closeSync(descriptor);
  }
}

function orExportError<Result>(path: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof ExportError) throw error;
    throw new ExportError(`${path} cannot be read (${errorCode(error)})`);
  }
}
