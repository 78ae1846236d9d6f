import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GuidelineFiles } from './guideline/source-file.ts';

/** The guideline that comes with the service. */
export const CARDS_FOLDER = fileURLToPath(new URL('../cards/', import.meta.url));

/** Folders in folders in folders: nothing of a guideline is deeper, and a link that leads back ends here. */
const DEEPEST = 3;

/**
 * Reads a cards folder or an overlay, once, at start: what ends in .yaml, .yml or .json. Links are followed, since Kubernetes mounts a
 * ConfigMap as links; what begins with a dot is not. Throws what the file system throws.
 */
export function readGuidelineFolder(folder: string): GuidelineFiles {
  return new Map(filesIn(folder, '', DEEPEST));
}

function filesIn(folder: string, below: string, deeper: number): readonly (readonly [string, string])[] {
  return readdirSync(join(folder, below)).flatMap((name) => {
    if (name.startsWith('.')) return [];
    const path = below + name;
    const place = join(folder, path);
    if (statSync(place).isDirectory()) return deeper === 0 ? [] : filesIn(folder, `${path}/`, deeper - 1);
    return /\.(?:ya?ml|json)$/i.test(name) ? [[path, readFileSync(place, 'utf8')] as const] : [];
  });
}

/** What the file system calls what went wrong. */
export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';
}
