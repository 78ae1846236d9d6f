import { writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { USAGE } from '../../src/sandbox/arguments.ts';
import { EXIT } from '../../src/sandbox/outcome.ts';
import { readSandboxes } from '../../src/sandbox/sandbox-list.ts';
import { documentAt, ROOT } from './documents.ts';
import { type Block, blockIn, unpadded, withBlock } from './generated-blocks.ts';
import { code, table } from './markdown-table.ts';

const PAGE = 'docs/sandboxes.md';

const BLOCK: Block = {
  name: 'sandboxes',
  file: PAGE,
  content: table(
    ['server', 'FHIR base URL', 'getting in', 'as documented, not as tested', 'written to', 'source'],
    readSandboxes().map(({ name, base, auth, notes, writable, source }) => [
      name,
      code(base),
      auth,
      notes,
      writable ? 'yes' : 'no',
      source,
    ]),
  ),
};

test('the table of public sandboxes is the list that the command reads (UPDATE_DOCS=1 rewrites it)', () => {
  const page = documentAt(PAGE).text;
  const current = blockIn(page, BLOCK.name);
  if (process.env['UPDATE_DOCS'] === '1' && unpadded(current ?? '') !== unpadded(BLOCK.content))
    writeFileSync(ROOT + PAGE, withBlock(page, BLOCK));
  expect(unpadded(blockIn(documentAt(PAGE).text, BLOCK.name) ?? 'no markers')).toBe(unpadded(BLOCK.content));
});

test('the page names every exit status of the command, and no option that it does not have', () => {
  const page = documentAt(PAGE).text;
  const rows = [...page.matchAll(/^\| (\d+(?:, \d+)*) +\|/gm)].map(([, status]) => status);
  expect(rows).toEqual([...Object.values(EXIT).map(String), '129, 130, 143']);

  const options = new Set(USAGE.match(/--[a-z-]+/g));
  const named = [...page.matchAll(/npm run -s sandbox --(.*)/g)].flatMap(([, rest = '']) => rest.match(/--[a-z-]+/g));
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((option) => option === null || !options.has(option))).toEqual([]);
});
