import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What a run leaves in a folder. Whatever has another name is not ours, and is never deleted. */
interface OwnFolder {
  readonly files: RegExp;
  readonly folders?: readonly (readonly [RegExp, OwnFolder])[];
}

const PIECES: OwnFolder = { files: /^\d{6}\.json(?:\.part-\d+-\d+)?$/ };
const BUCKETS: OwnFolder = { files: /^(?:\d{4}\.ndjson|medications\.json(?:\.part-\d+-\d+)?)$/ };
const WORK: OwnFolder = {
  files: /^(?:plan|found|wanted)\.json(?:\.part-\d+-\d+)?$/,
  folders: [
    [/^find$/, PIECES],
    [/^collect$/, { files: /^$/, folders: [[/^\d{6}(?:\.part-\d+-\d+)?$/, BUCKETS]] }],
    [/^medications$/, { files: /^\d{6}\.ndjson(?:\.part-\d+-\d+)?$/ }],
    [/^evaluate-[0-9a-f]{12}$/, PIECES],
  ],
};

/** Takes away all files that runs have put into a working folder, and each folder in which nothing else is. */
export function clearWorkFolder(path: string): void {
  clear(path, WORK);
}

function clear(path: string, { files, folders = [] }: OwnFolder): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const below = join(path, entry.name);
    const own = folders.find(([name]) => name.test(entry.name))?.[1];
    if (entry.isFile() && files.test(entry.name)) rmSync(below);
    if (entry.isDirectory() && own !== undefined) clear(below, own);
  }
  if (readdirSync(path).length > 0) return;
  try {
    rmdirSync(path);
  } catch {
    // It is mounted there, or what it lies in is not ours to change. Nothing of a patient is left in it.
  }
}
