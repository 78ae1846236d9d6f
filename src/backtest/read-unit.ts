import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { createLineCutter, type LineSink } from './line-cutter.ts';
import type { Unit } from './units.ts';

/** How the reading of a unit ended. */
export interface UnitReading {
  /** Of the lines, uncompressed. */
  readonly bytes: number;
  /** The gzip file ended before its end, or is damaged: what came before was read. */
  readonly isBroken: boolean;
}

/** Texts of this size stay in V8's ordinary pages; larger ones are given pages of their own, which costs more than reading them. */
const CHUNK_BYTES = 96 * 1024;
const NEW_LINE = 0x0a;

/**
 * Reads a unit's lines in order, in memory for a few chunks, whatever its size.
 *
 * @param onBytes told of the bytes of the file as they are read, compressed ones if it is compressed
 * @throws what the file system throws
 */
export function readUnit(unit: Unit, sink: LineSink, onBytes: (bytes: number) => void): Promise<UnitReading> {
  return unit.file.isGzip ? readGzip(unit, sink, onBytes) : Promise.resolve(readRange(unit, sink, onBytes));
}

function readRange({ file, from, to }: Unit, sink: LineSink, onBytes: (bytes: number) => void): UnitReading {
  const descriptor = openSync(file.path, 'r');
  try {
    const cutter = createLineCutter(sink);
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    const read = (position: number) => buffer.subarray(0, readSync(descriptor, buffer, 0, CHUNK_BYTES, position));
    const start = from === 0 ? 0 : nextLine(from - 1, read);
    let at = start;
    while (at < to) {
      const chunk = read(at);
      if (chunk.length === 0) break;
      const within = chunk.subarray(0, to - at);
      cutter.push(within);
      at += within.length;
      onBytes(within.length);
    }
    // The last line began here and goes on into the next unit; one that ends with this unit is whole already.
    const end = at > start && at >= to ? nextLine(to - 1, read) : at;
    while (at < end) {
      const rest = read(at).subarray(0, end - at);
      if (rest.length === 0) break;
      cutter.push(rest);
      at += rest.length;
    }
    cutter.end();
    return { bytes: Math.max(0, end - start), isBroken: false };
  } finally {
    closeSync(descriptor);
  }
}

/** Where the first line begins whose line end before it stands at `position` or after it; the end of the file if there is none. */
function nextLine(position: number, read: (position: number) => Buffer): number {
  for (let at = position; ; ) {
    const chunk = read(at);
    const end = chunk.indexOf(NEW_LINE);
    if (end >= 0) return at + end + 1;
    at += chunk.length;
    if (chunk.length === 0) return at;
  }
}

function readGzip({ file }: Unit, sink: LineSink, onBytes: (bytes: number) => void): Promise<UnitReading> {
  return new Promise((resolve, reject) => {
    const cutter = createLineCutter(sink);
    let bytes = 0;
    const input = createReadStream(file.path, { highWaterMark: CHUNK_BYTES });
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
    const end = (isBroken: boolean) => {
      input.destroy();
      try {
        cutter.end();
        resolve({ bytes, isBroken });
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    input.on('error', reject);
    input.on('data', (chunk) => onBytes(chunk.length));
    // Listened to, not iterated over: an iterator drops what was read before an error.
    gunzip.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      try {
        cutter.push(chunk);
      } catch (error) {
        gunzip.removeAllListeners();
        input.destroy();
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    gunzip.on('end', () => end(false));
    gunzip.on('error', () => end(true));
    input.pipe(gunzip);
  });
}
