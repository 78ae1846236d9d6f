import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../chart/reading.ts';
import { createLineCutter, eachLine } from './line-cutter.ts';
import { parseLine } from './line-json.ts';

/** Lines sorted into files, in the order in which they come. */
export interface BucketFiles {
  readonly write: (bucket: number, line: string) => void;
  /** Everything is on disk, and the files are closed. */
  readonly close: () => void;
}

const FLUSH_BYTES = 1024 * 1024;
const ONLY_OWN = 0o600;

/** Keeps little in memory and one file open at a time, however many buckets there are. */
export function openBucketFiles(folder: string): BucketFiles {
  const waiting = new Map<number, Buffer[]>();
  const begun = new Set<number>();
  let held = 0;

  function flush(): void {
    for (const [bucket, lines] of waiting) append(bucket, Buffer.concat(lines));
    waiting.clear();
    held = 0;
  }

  function append(bucket: number, bytes: Buffer): void {
    begun.add(bucket);
    withFile(bucketPath(folder, bucket), 'a', (descriptor) => {
      for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    });
  }

  return {
    write(bucket, line) {
      const lines = waiting.get(bucket) ?? [];
      waiting.set(bucket, lines);
      const bytes = lineBytes(line);
      lines.push(bytes);
      held += bytes.length;
      if (held >= FLUSH_BYTES) flush();
    },
    close() {
      flush();
      for (const bucket of begun) withFile(bucketPath(folder, bucket), 'r+', fsyncSync);
    },
  };
}

/** A line with its end, as it stands in the export. A copy: a text would keep the whole chunk in memory that it was cut from. */
export function lineBytes(line: string): Buffer {
  return Buffer.from(`${line.trimEnd()}\n`, 'latin1');
}

/** The resources of one bucket in such a folder, in order. */
export function readBucket(folder: string, bucket: number, onResource: (resource: JsonObject) => void): void {
  const path = bucketPath(folder, bucket);
  if (!existsSync(path)) return;
  const cutter = createLineCutter({
    lines: (text) =>
      eachLine(text, (line) => {
        const resource = parseLine(line);
        if (resource !== undefined) onResource(resource);
      }),
    tooLong() {},
  });
  cutter.push(readFileSync(path));
  cutter.end();
}

function bucketPath(folder: string, bucket: number): string {
  return join(folder, `${String(bucket).padStart(4, '0')}.ndjson`);
}

function withFile(path: string, flags: string, use: (descriptor: number) => void): void {
  const descriptor = openSync(path, flags, ONLY_OWN);
  try {
    use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
