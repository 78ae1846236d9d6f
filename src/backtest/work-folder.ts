import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { errorCode } from '../guideline-folder.ts';

/** The working folder cannot be used for this run; the message says why and what to do. */
export class WorkFolderError extends Error {
  override readonly name = 'WorkFolderError';
}

const ONLY_OWN_FOLDER = 0o700;
const ONLY_OWN_FILE = 0o600;
const PREFIX = 'asps-backtest-';

/** A working folder for one run, readable by nobody else: it will hold patient data. */
export function temporaryWorkFolder(): string {
  return mkdtempSync(join(tmpdir(), PREFIX));
}

export function makeFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: ONLY_OWN_FOLDER });
}

/** Beside its place, so that the rename is one step of the file system, and nobody else's. */
export function partOf(path: string): string {
  return `${path}.part-${process.pid}-${threadId}`;
}

/** The file is there in whole, on disk, or it is not there. */
export function writeWhole(path: string, content: string | Buffer): void {
  makeFolder(dirname(path));
  const part = partOf(path);
  writeSynced(part, content);
  renameSync(part, path);
}

/** As `writeWhole`, but what is there already stays: of several processes that write it at once, the first. */
export function writeOnce(path: string, content: string): void {
  makeFolder(dirname(path));
  const part = partOf(path);
  writeSynced(part, content);
  try {
    linkSync(part, path);
    rmSync(part);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') rmSync(part);
    // A shared volume without hard links.
    else renameSync(part, path);
  }
}

function writeSynced(path: string, content: string | Buffer): void {
  const descriptor = openSync(path, 'w', ONLY_OWN_FILE);
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Removes what an interrupted run may have left there. */
export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Another process may have done the same work meanwhile, with the same result. */
export function moveFolder(part: string, path: string): void {
  try {
    renameSync(part, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
    rmSync(part, { recursive: true });
  }
}

/**
 * What was written by `writeWhole`; undefined if it is not there. Whoever reads it says what it is, unchecked: the folder is its
 * owner's alone, and each file in it was written by this code under the same plan, whole or not at all.
 */
export function readWritten(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new WorkFolderError(`${path} is damaged: remove it, and run again`);
  }
}
