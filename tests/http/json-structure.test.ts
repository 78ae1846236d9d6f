import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type JsonStructure, structureOf } from '../../src/http/json-structure.ts';

const of = (text: string) => structureOf(new TextEncoder().encode(text));

/** The same, from the value. */
function structure(value: unknown): JsonStructure {
  if (typeof value !== 'object' || value === null) return { depth: 0, containers: 0, members: 0, widest: 0 };
  const below = Object.values(value).map(structure);
  return {
    depth: 1 + Math.max(0, ...below.map(({ depth }) => depth)),
    containers: 1 + below.reduce((sum, { containers }) => sum + containers, 0),
    members: (Array.isArray(value) ? 0 : below.length) + below.reduce((sum, { members }) => sum + members, 0),
    widest: Math.max(Array.isArray(value) ? 0 : below.length, ...below.map(({ widest }) => widest)),
  };
}

describe('the structure of a text', () => {
  test.each([
    ['1', 0, 0, 0, 0],
    ['[]', 1, 1, 0, 0],
    ['{"a":[{}]}', 3, 3, 1, 1],
    ['["[[[[", "\\"[[", "\\\\", []]', 2, 2, 0, 0],
    ['{"\\u005b":1,"€{[:":[]}', 2, 2, 2, 2],
    ['{"a":{"b":1,"c":2,"d":3},"e":{"f":":"}}', 2, 3, 6, 3],
  ])('%s: %i deep, %i in all, %i members, %i in one', (text, depth, containers, members, widest) => {
    expect(of(text)).toEqual({ depth, containers, members, widest });
  });

  test('is that of its value, for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(4), (value, indent) => {
        expect(of(JSON.stringify(value, null, indent))).toEqual(structure(value));
      }),
    );
  });

  test('is some number for anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { depth, containers } = structureOf(bytes);
        expect(depth).toBeLessThanOrEqual(containers);
        expect(containers).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
