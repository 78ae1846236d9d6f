import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createLineCutter } from '../../src/backtest/line-cutter.ts';
import { feed, keepingLines } from './export-lines.ts';

describe('lines', () => {
  test('are the same wherever the chunks are cut', () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'ü', '𝄞', ' ', '\t', '"'), maxLength: 20 });
    fc.assert(
      fc.property(
        fc.array(line),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.integer({ min: 1, max: 50 }),
        (all, end, ends, chunk) => {
          const sink = keepingLines();
          feed(sink, all.join(end) + (ends ? end : ''), chunk);
          expect(sink.kept.map((one) => one.trimEnd())).toEqual(
            all.filter((one) => one.trim() !== '').map((one) => one.trimEnd()),
          );
        },
      ),
    );
  });

  test('have no byte order mark', () => {
    const sink = keepingLines();
    feed(sink, '\ufeff{"a":1}\n\ufeff\n');
    expect(sink.kept).toEqual(['{"a":1}']);
  });

  test.each([1, 7, 64])('over the limit are counted once and not held, in chunks of %i', (chunk) => {
    const sink = keepingLines();
    const cutter = createLineCutter(sink, 10);
    const bytes = Buffer.from(`short\n${'x'.repeat(1000)}\n0123456789\n01234567890\nend`);
    for (let at = 0; at < bytes.length; at += chunk) cutter.push(bytes.subarray(at, at + chunk));
    cutter.end();
    const long = sink.kept.filter((line) => line === 'too long' || line.length > 10);
    expect(long).toHaveLength(2);
    expect(sink.kept.filter((line) => !long.includes(line))).toEqual(['short', '0123456789', 'end']);
  });
});
