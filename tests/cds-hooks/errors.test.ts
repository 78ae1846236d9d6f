import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { ERRORS, type ErrorCode, operationOutcome, ServiceError, toServiceError } from '../../src/cds-hooks/errors.ts';

const codes = Object.keys(ERRORS) as ErrorCode[];

test('docs/errors.md has a paragraph on every code, with its status', async () => {
  const document = await readFile(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const headings = [...document.matchAll(/^## `([a-z-]+)` – (\d{3})\n\n\S/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ]);
  expect(headings).toEqual(codes.map((code) => [code, ERRORS[code].status]));
});

describe('an OperationOutcome', () => {
  test('has one issue for each detail', () => {
    expect(operationOutcome(new ServiceError('request-invalid', ['/a is missing', '/b is missing']))).toEqual({
      resourceType: 'OperationOutcome',
      issue: ['/a is missing', '/b is missing'].map((text) => ({
        severity: 'error',
        code: 'invalid',
        details: { text },
        diagnostics: 'request-invalid',
      })),
    });
  });

  // CH-189, CH-192.
  test.each(codes)('without details says what %s means', (code) => {
    expect(operationOutcome(new ServiceError(code)).issue).toEqual([
      { severity: 'error', code: ERRORS[code].issueType, details: { text: ERRORS[code].text }, diagnostics: code },
    ]);
  });
});

describe('the funnel', () => {
  const marked = (error: Error, members: object) => Object.assign(error, members);

  test('lets a ServiceError through', () => {
    const error = new ServiceError('data-unobtainable');
    expect(toServiceError(error)).toBe(error);
  });

  test.each([
    ['entity.parse.failed', 'malformed-json'],
    ['entity.too.large', 'body-too-large'],
    ['encoding.unsupported', 'media-type-unsupported'],
    ['charset.unsupported', 'media-type-unsupported'],
    ['request.aborted', 'request-invalid'],
    ['request.size.invalid', 'request-invalid'],
  ])('knows the body reader’s %s', (type, code) => {
    expect(toServiceError(marked(new Error('secret'), { type, status: 400 }))).toMatchObject({ code, details: [] });
  });

  test('knows a path that cannot be decoded', () => {
    expect(toServiceError(marked(new URIError('secret'), { status: 400 })).code).toBe('request-invalid');
  });

  test.each<[string, unknown]>([
    ['an Error', new Error('secret')],
    ['a URIError of our own', new URIError('secret')],
    ['a 404 of somebody else', marked(new Error('secret'), { status: 404, statusCode: 404, expose: true })],
    ['a string', 'secret'],
    ['undefined', undefined],
    ['null', null],
    ['an object that names a type', { type: 'entity.too.large' }],
  ])('takes %s for a bug, and says nothing of it', (_what, thrown) => {
    const error = toServiceError(thrown);
    expect(error).toMatchObject({ code: 'internal', details: [], message: 'internal', cause: thrown });
    expect(JSON.stringify(operationOutcome(error))).not.toContain('secret');
  });
});
