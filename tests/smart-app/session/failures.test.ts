import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { launchFailure, SENTENCES } from '../../../src/smart-app/session/failures.ts';

const answered = (status: number) => Object.assign(new Error('as fhirclient says it'), { status });
const TIMEOUT = new DOMException('too late', 'TimeoutError');
const REFUSED_STORAGE = new DOMException('Access is denied for this document.', 'SecurityError');

describe('a launch that was not completed', () => {
  test.each([
    ['error=access_denied', new Error('access_denied'), 'denied'],
    ['error=invalid_request', new Error('invalid_request'), 'refused'],
    ['error=x&code=y', answered(400), 'refused'],
    ['code=y', answered(400), 'launch-over'],
    ['code=y', answered(401), 'launch-over'],
    ['code=y', answered(503), 'server-error'],
    ['code=y', new TypeError('Failed to fetch'), 'unreachable'],
    ['code=y', TIMEOUT, 'unreachable'],
    ['code=y', REFUSED_STORAGE, 'no-storage'],
    ['code=y', new Error('No state found'), 'not-launched'],
    ['', undefined, 'not-launched'],
  ])('with %j and %p is told as %s', (parameters, error, failure) => {
    expect(launchFailure(error, new URLSearchParams(parameters))).toBe(failure);
  });
});

test('whatever is thrown and whatever the address says, there is a sentence that repeats none of it', () => {
  const thrown = fc.oneof(
    fc.anything(),
    fc.record({ status: fc.anything() }),
    fc.constantFrom(TIMEOUT, REFUSED_STORAGE),
  );
  const sentences: ReadonlySet<string> = new Set(Object.keys(SENTENCES));
  fc.assert(
    fc.property(thrown, fc.webQueryParameters(), (error, query) => {
      expect(sentences).toContain(launchFailure(error, new URLSearchParams(`${query}&error=${query}`)));
      expect(sentences).toContain(launchFailure(error, new URLSearchParams(query)));
    }),
  );
});

test('each sentence says what a clinician can know or do, and none stands for two failures', () => {
  const sentences = Object.values(SENTENCES);
  expect(new Set(sentences).size).toBe(sentences.length);
  for (const sentence of sentences) expect(sentence).toMatch(/^(The|This) .+\.$/);
});
