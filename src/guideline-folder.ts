import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GuidelineFiles } from './guideline/load.ts';

/** The guideline that comes with the service. */
export const CARDS_FOLDER = fileURLToPath(new URL('../cards/', import.meta.url));

/** Reads a cards folder, once, at start. Throws what the file system throws. */
export function readGuidelineFolder(folder: string): GuidelineFiles {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && /\.(?:yaml|json)$/.test(entry.name),
  );
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(folder, path).split(sep).join('/'), readFileSync(path, 'utf8')];
    }),
  );
}
