import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { documentAt, ROOT } from './documents.ts';
import { problemsOf, type Threat, threatsIn } from './security.ts';

const threats = threatsIn(documentAt('docs/security.md').text);
const own = threats.filter(({ id }) => id.startsWith('T')).length;

/** Argonaut's review has 17 risks, OWASP's list 10; how many are our own is ours to say. */
const LISTS = { R: 17, API: 10, T: own };

function read(path: string): string | undefined {
  return existsSync(ROOT + path) ? readFileSync(ROOT + path, 'utf8') : undefined;
}

test('every threat of both lists and of our own has a measure in a file that exists, and a test that is there', () => {
  expect(own).toBeGreaterThan(0);
  expect(problemsOf(threats, LISTS, read)).toEqual([]);
});

describe('the check fails', () => {
  const threat = (changes: Partial<Threat> = {}): Threat => ({
    id: 'R1',
    threat: 'Somebody breaks in.',
    measure: 'The door is shut: [door](../src/door.ts).',
    test: '[door](../tests/door.test.ts) “is shut”',
    remains: 'The window.',
    ...changes,
  });
  const files: Readonly<Record<string, string>> = { 'src/door.ts': '', 'tests/door.test.ts': "test('is shut', …)" };
  const problems = (given: readonly Threat[]) => problemsOf(given, { R: 1 }, (path) => files[path]);

  test('not, when all is well', () => {
    expect(problems([threat()])).toEqual([]);
    expect(problems([threat({ measure: 'None here: the landlord has to.', test: '–' })])).toEqual([]);
  });

  test.each<[string, readonly Threat[], readonly string[]]>([
    ['a threat is missing', [], ['The threats are not R1 in this order']],
    ['one is there twice', [threat(), threat()], ['The threats are not R1 in this order']],
    ['nothing is said of what remains', [threat({ remains: '–' })], ['R1: nothing is said of remains']],
    ['a measure is nowhere', [threat({ measure: 'We take care.' })], ['R1: the measure names no file']],
    ['its file is gone', [threat({ measure: '[gate](../src/gate.ts)' })], ['R1: there is no src/gate.ts']],
    ['there is no test', [threat({ test: '[door](../src/door.ts) “is shut”' })], ['R1: names no test']],
    [
      'the file of the test is gone',
      [threat({ test: '[gate](../tests/gate.test.ts) “x”' })],
      ['R1: there is no tests/gate.test.ts'],
    ],
    [
      'the test is not named',
      [threat({ test: '[door](../tests/door.test.ts)' })],
      ['R1: names no test of tests/door.test.ts'],
    ],
    [
      'the test is gone',
      [threat({ test: '[door](../tests/door.test.ts) “is shut”, “is locked”' })],
      ['R1: tests/door.test.ts has no test “is locked”'],
    ],
  ])('%s', (_what, given, expected) => {
    expect(problems(given)).toEqual(expected);
  });
});

test('of the page, rows with the id of a threat are read', () => {
  const page =
    '| id | threat |\n|---|---|\n| R1 | a | b | c | d |\n| API10 | e | f | g | h |\n| other | i | j | k | l |\n';
  expect(threatsIn(page)).toEqual([
    { id: 'R1', threat: 'a', measure: 'b', test: 'c', remains: 'd' },
    { id: 'API10', threat: 'e', measure: 'f', test: 'g', remains: 'h' },
  ]);
});
