import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { isPassing, postgresFailureReason, withoutValues } from '../../../src/feedback/store/postgres-failure.ts';

const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('what an error of PostgreSQL’s means', () => {
  test.each([
    ['53100', 'full'],
    ['25006', 'read-only'],
    ['40001', 'locked'],
    ['40P01', 'locked'],
    ['55P03', 'locked'],
    ['57014', 'locked'],
    ['57P01', 'unreachable'],
    ['57P03', 'unreachable'],
    ['53300', 'unreachable'],
    ['08006', 'unreachable'],
    ['28P01', 'unreachable'],
    ['3D000', 'unreachable'],
    ['ECONNREFUSED', 'unreachable'],
    ['EPIPE', 'unreachable'],
    ['ENOTFOUND', 'unreachable'],
    ['XX001', 'damaged'],
    ['23505', 'other'],
    ['42P01', 'other'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'other'],
  ])('%s: %s', (code, reason) => {
    expect(postgresFailureReason(coded(code))).toBe(reason);
  });

  test.each([
    ['Connection terminated unexpectedly', 'unreachable'],
    ['Connection terminated due to connection timeout', 'unreachable'],
    ['timeout exceeded when trying to connect', 'locked'],
    ['Query read timeout', 'unreachable'],
    ['The server does not support SSL connections', 'other'],
    ['Cannot read properties of undefined', 'other'],
  ])('without a code, “%s”: %s', (message, reason) => {
    expect(postgresFailureReason(new Error(message))).toBe(reason);
  });

  test.each([
    ['ECONNREFUSED', true],
    ['57P03', true],
    ['EAI_AGAIN', true],
    ['ENOTFOUND', false],
    ['28P01', false],
    ['3D000', false],
    ['42501', false],
  ])('%s may pass within seconds: %s', (code, expected) => {
    expect(isPassing(coded(code))).toBe(expected);
  });
});

describe('what is passed on of it', () => {
  test('names tables and users, and no value', () => {
    expect(withoutValues(coded('42P01', 'relation "feedback" does not exist')).message).toBe(
      '42P01: relation "feedback" does not exist',
    );
    expect(withoutValues(coded('22P02', 'invalid input syntax for type bigint: "Mrs Someone"')).message).toBe('22P02');
    expect(withoutValues(coded('23514', 'Failing row contains (Mrs Someone)')).message).toBe('23514');
  });

  test('names each address that was tried', () => {
    const error = new AggregateError(
      [coded('ECONNREFUSED', 'connect ::1'), coded('ECONNREFUSED', 'connect 127.0.0.1')],
      '',
    );
    expect(withoutValues(Object.assign(error, { code: 'ECONNREFUSED' })).message).toBe(
      'connect ::1, connect 127.0.0.1',
    );
  });

  test('is an error, whatever was thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(withoutValues(thrown)).toBeInstanceOf(Error);
        expect(['other', 'unreachable']).toContain(postgresFailureReason(thrown));
      }),
    );
  });
});
