import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { hasUniqueMembers } from '../../../src/cds-hooks/authentication/unique-members.ts';

const unique = (text: string) => hasUniqueMembers(text, JSON.parse(text));

describe('the members of a JSON text', () => {
  test.each([
    '{}',
    '{"a":1}',
    '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
    '{"a":"\\"a\\":","b":"\\\\"}',
    '{"a":"b","b":"a"}',
    '{ "a" : 1 ,\n"b"\t: [ "a" , "a" ] }',
    '{"__proto__":1,"constructor":2}',
    '{"":1}',
    '"a"',
  ])('are unique in %s', (text) => {
    expect(unique(text)).toBe(true);
  });

  test.each([
    '{"a":1,"a":1}',
    '{"a":1,"b":2,"a":3}',
    '{"a":1,"\\u0061":1}',
    '{"a":{"b":1,"b":2}}',
    '{"a":[{"b":1 , "b" : 2}]}',
    '{"a":{"x":1,"y":2},"a":3}',
    '{"__proto__":1,"__proto__":2}',
    '{"":1,"":2}',
    '{"\\"":1,"\\"":2}',
  ])('are not unique in %s', (text) => {
    expect(unique(text)).toBe(false);
  });

  test('are unique in whatever was written from a value, and not when one is put in again', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat({ max: 4 }), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(unique(text)).toBe(true);
        const [first = ''] = Object.keys(value);
        expect(unique(`{${JSON.stringify(first)}:0,${text.slice(1)}`)).toBe(false);
      }),
    );
  });
});
