import { expect, test } from '@jest/globals';
import { textTable } from '../../src/terminal/text-table.ts';

test('columns are as wide as they need', () => {
  expect(
    textTable(
      [
        ['a', 'bb', 'c'],
        ['aaa', 'b', 'ccc'],
      ],
      80,
    ),
  ).toEqual(['a    bb  c', 'aaa  b   ccc']);
});

test('the last cell of a row is wrapped below itself, whatever column it is in', () => {
  expect(
    textTable(
      [
        ['a', 'one two three four five six seven eight'],
        ['a', 'b', 'c'],
      ],
      33,
    ),
  ).toEqual(['a  one two three four five six', '   seven eight', 'a  b  c']);
});

test('an empty last cell leaves no blanks behind', () => {
  expect(textTable([['a', '']], 80)).toEqual(['a']);
  expect(textTable([], 80)).toEqual([]);
});
