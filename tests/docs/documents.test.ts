import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type Document, documentAt, documents, packageJson, ROOT } from './documents.ts';

const LINK = /\]\(([^)\s]+)\)/g;
const ABSOLUTE = /^[a-z][a-z0-9+.-]*:/i;

describe.each(documents())('$path', (document) => {
  test('links to files and headings that exist', () => {
    expect(linksOf(document).filter((link) => !leadsSomewhere(document, link))).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const named = [...document.text.matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => !(script in packageJson().scripts))).toEqual([]);
  });
});

test('docs/decisions/README.md lists every decision, and each has its three parts', () => {
  const files = readdirSync(`${ROOT}docs/decisions`).filter((file) => file !== 'README.md');
  const list = documentAt('docs/decisions/README.md');
  expect(linksOf(list).toSorted()).toEqual(files.toSorted());
  for (const file of files) {
    expect(file).toMatch(/^\d{4}-[a-z0-9-]+\.md$/);
    const headings = headingsOf(documentAt(`docs/decisions/${file}`).text);
    expect(headings.slice(1)).toEqual(['Context', 'Decision', 'Consequences']);
  }
});

test('docs/dependencies.md has a line on every dependency and on nothing else', () => {
  const { dependencies, devDependencies } = packageJson();
  const lines = documentAt('docs/dependencies.md').text.split('\n');
  const named = lines.flatMap((line) => /^\| `([^`]+)`/.exec(line)?.[1] ?? []);
  expect(named.toSorted()).toEqual([...Object.keys(dependencies), ...Object.keys(devDependencies)].toSorted());
});

/** Links within the repository. */
function linksOf({ text }: Document): readonly string[] {
  return [...withoutCode(text).matchAll(LINK)].flatMap(([, link = '']) => (ABSOLUTE.test(link) ? [] : [link]));
}

function leadsSomewhere({ path, text }: Document, link: string): boolean {
  const [file = '', heading] = link.split('#');
  const target = join(dirname(path), file);
  if (file !== '' && !existsSync(ROOT + target)) return false;
  if (heading === undefined) return true;
  return headingsOf(file === '' ? text : documentAt(target).text).some((one) => slug(one) === heading);
}

function headingsOf(markdown: string): readonly string[] {
  return [...withoutFences(markdown).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => heading);
}

/** As GitHub makes the anchor of a heading. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

function withoutFences(markdown: string): string {
  return markdown.replaceAll(/^(`{3,}).*?^\1$/gms, '');
}

function withoutCode(markdown: string): string {
  return withoutFences(markdown).replaceAll(/`[^`\n]+`/g, '');
}
