import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ROOT } from './documents.ts';
import { BLOCKS, type Block, blockIn, unpadded, withBlock } from './generated-blocks.ts';

describe('what a document takes from the code is what the code says now (UPDATE_DOCS=1 rewrites it)', () => {
  test.each(BLOCKS)('$name in $file', (block) => {
    if (process.env['UPDATE_DOCS'] === '1') rewrite(block);
    const document = readFileSync(ROOT + block.file, 'utf8');
    expect(unpadded(blockIn(document, block.name) ?? 'no markers')).toBe(unpadded(block.content));
  });
});

test('a block that is rewritten leaves the rest of its document alone', () => {
  const block = { name: 'x', file: 'y', content: 'new' };
  const document = 'before\n<!-- generated: x -->\nold\n<!-- end of generated: x -->\nafter\n';
  const rewritten = withBlock(document, block);
  expect(rewritten).toBe('before\n<!-- generated: x -->\n\nnew\n\n<!-- end of generated: x -->\nafter\n');
  expect(blockIn(rewritten, 'x')).toBe('new');
  expect(blockIn(document.replace('end of ', ''), 'x')).toBeUndefined();
});

function rewrite(block: Block): void {
  const document = readFileSync(ROOT + block.file, 'utf8');
  const current = blockIn(document, block.name);
  if (current === undefined) throw new Error(`${block.file} has no markers for ${block.name}`);
  if (unpadded(current) !== unpadded(block.content)) writeFileSync(ROOT + block.file, withBlock(document, block));
}
