import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the repository, with a trailing slash. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A document, by its path below the root. */
export interface Document {
  readonly path: string;
  readonly text: string;
}

/** README.md and everything below docs/ that is Markdown. */
export function documents(): readonly Document[] {
  const docs = readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`);
  return ['README.md', ...docs.toSorted()].map(documentAt);
}

export function documentAt(path: string): Document {
  return { path, text: readFileSync(ROOT + path, 'utf8') };
}

/** What package.json says that documents repeat. */
export interface Package {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export function packageJson(): Package {
  return JSON.parse(documentAt('package.json').text) as Package;
}
