import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { escapeMarkdown } from '../../src/guideline/escape.ts';
import { blocksOf, type Span } from '../../src/markdown/blocks.ts';

const plain = (text: string): Span => ({ kind: 'plain', text, url: '' });

test('paragraphs, lists, strong, emphasis and links are told apart', () => {
  const detail =
    'Consider **an MRI** first.\n\n**Based on**\n- one\n- *two*\n\nSee [the page](https://example.org/a?b=c).\r\n\r\nEnd';
  expect(blocksOf(detail)).toEqual([
    {
      kind: 'paragraph',
      spans: [plain('Consider '), { kind: 'strong', text: 'an MRI', url: '' }, plain(' first.')],
    },
    { kind: 'paragraph', spans: [{ kind: 'strong', text: 'Based on', url: '' }] },
    { kind: 'list', items: [[plain('one')], [{ kind: 'emphasis', text: 'two', url: '' }]] },
    {
      kind: 'paragraph',
      spans: [plain('See '), { kind: 'link', text: 'the page', url: 'https://example.org/a?b=c' }, plain('.')],
    },
    { kind: 'paragraph', spans: [plain('End')] },
  ]);
});

test.each([
  ['[x](javascript:alert(1))'],
  ['[x](data:text/html,y)'],
  ['[x](/relative)'],
  ['<b>bold</b>'],
  ['5 * 3 * 2'],
  ['a ** b'],
  ['<script>alert(1)</script>'],
])('%s stays as it was written', (detail) => {
  expect(blocksOf(detail)).toEqual([{ kind: 'paragraph', spans: [plain(detail)] }]);
});

test('what the service has escaped reads as it stood in the chart', () => {
  const texts = fc.string({
    minLength: 1,
    maxLength: 60,
    unit: fc.constantFrom(...'ab <>&*_[]()!\\`#|{}-1'.split('')),
  });
  fc.assert(
    fc.property(texts, (text) => {
      const told = `x${text.replaceAll(/\s+/g, ' ').trim()}`;
      const [block] = blocksOf(escapeMarkdown(told));
      expect(block).toEqual({ kind: 'paragraph', spans: [plain(told)] });
    }),
    { numRuns: 500 },
  );
});

test('any text is told without a loss of time, and no link leaves the web', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'*[]()\\ \n-ahtps:/'.split('')), maxLength: 400 }), (text) => {
      const spans = blocksOf(text).flatMap((block) => (block.kind === 'list' ? block.items.flat() : block.spans));
      for (const { kind, url } of spans) expect(kind === 'link' ? url : '').toMatch(/^(?:https?:\/\/.+)?$/);
    }),
  );
});
