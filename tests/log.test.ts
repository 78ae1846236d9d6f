import { describe, expect, test } from '@jest/globals';
import { createLogger, safeError } from '../src/log.ts';

describe('the logger', () => {
  test('drops members that may hold a patient’s data, should one be given to it', () => {
    const lines: string[] = [];
    const logger = createLogger('info', { write: (line) => void lines.push(line) });
    logger.info({ body: 'secret', authorization: 'secret', url: 'secret', err: new Error('secret'), kept: 1 }, 'x');
    expect(lines.map((line) => JSON.parse(line))).toEqual([{ level: 30, time: expect.any(Number), kept: 1, msg: 'x' }]);
  });

  test('writes nothing below its level', () => {
    const lines: string[] = [];
    createLogger('warn', { write: (line) => void lines.push(line) }).info({ kept: 1 });
    expect(lines).toEqual([]);
  });
});

describe('what is logged of a failure', () => {
  test('is its kind, its status and where it happened', () => {
    const failure = safeError(Object.assign(new RangeError('secret'), { status: 404 }));
    expect(failure).toMatchObject({ name: 'RangeError', status: 404 });
    expect(failure.frames[0]).toMatch(/log\.test\.ts:\d+$/);
    expect(failure.frames.length).toBeLessThanOrEqual(5);
  });

  test.each([
    ['a message of several lines', 'secret\n    at secret (/secret.ts:1:1)\n    at /secret:2:2'],
    ['a URL', 'https://fhir.example.org/Patient?name=secret'],
    ['a message that is in the stack twice', 'at'],
  ])('is never the message: %s', (_what, message) => {
    expect(JSON.stringify(safeError(new Error(message)))).not.toContain('secret');
  });

  test('is nothing of the stack when the message was changed afterwards', () => {
    const error = new Error('another');
    Object.assign(error, { stack: 'Error: secret\n    at secret (/secret.ts:1:1)\n    at f (/a.ts:1:1)' });
    expect(safeError(error)).toEqual({ name: 'Error', frames: [] });
  });

  test('is not a name that is no name', () => {
    const error = new Error('x');
    error.name = 'secret of Jane Doe';
    expect(safeError(error).name).toBe('Error');
  });

  test.each<[unknown, string]>([
    ['secret', 'string'],
    [undefined, 'undefined'],
    [null, 'object'],
    [{ message: 'secret' }, 'object'],
  ])('is the type alone of %j', (thrown, name) => {
    expect(safeError(thrown)).toEqual({ name, frames: [] });
  });

  test('is there when there is no stack', () => {
    const error = new Error('secret');
    Object.assign(error, { stack: undefined });
    expect(safeError(error)).toEqual({ name: 'Error', frames: [] });
  });
});
