import { describe, expect, test } from '@jest/globals';
import { parseBacktestArguments } from '../../src/backtest/arguments.ts';
import { UsageError } from '../../src/terminal/usage-error.ts';

function faultOf(args: readonly string[], env: Record<string, string> = {}): string {
  try {
    parseBacktestArguments(args, env);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'none';
}

describe('what is asked for', () => {
  test('is all of it, as of today, unless something else is said', () => {
    expect(parseBacktestArguments(['export'], {})).toMatchObject({
      inputs: ['export'],
      asOf: undefined,
      json: undefined,
      html: undefined,
      ids: false,
      work: undefined,
      keep: false,
      stage: undefined,
      shard: { index: 0, of: 1 },
      overlay: undefined,
      maxCards: 4,
    });
  });

  test('may be several days, in order and each once', () => {
    const asked = parseBacktestArguments(['a', 'b', '--as-of', '2026-01-31, 2024-02-29,2026-01-31'], {});
    expect(asked).toMatchObject({ inputs: ['a', 'b'], asOf: ['2024-02-29', '2026-01-31'] });
  });

  test.each([
    [['export', '--json'], '-'],
    [['--json', '--ids', 'export'], '-'],
    [['export', '--json', 'out.json'], 'out.json'],
    [['export', '--json=out.json'], 'out.json'],
  ])('%j writes JSON to %s', (args, json) => {
    expect(parseBacktestArguments(args, {})).toMatchObject({ inputs: ['export'], json });
  });

  test('may be a share of a stage, named by the orchestrator', () => {
    const job = ['export', '--work', 'w', '--stage', 'find', '--shard'];
    expect(parseBacktestArguments([...job, '2/5'], {})?.shard).toEqual({ index: 2, of: 5 });
    expect(parseBacktestArguments([...job, '/5'], { JOB_COMPLETION_INDEX: '4' })?.shard).toEqual({ index: 4, of: 5 });
    // What is said outweighs what stands around.
    expect(parseBacktestArguments([...job, '2/5'], { JOB_COMPLETION_INDEX: '4' })?.shard).toEqual({ index: 2, of: 5 });
  });

  test('takes the overlay of the service', () => {
    expect(parseBacktestArguments(['export'], { OVERLAY_DIR: '/site' })?.overlay).toBe('/site');
    expect(parseBacktestArguments(['export', '--overlay', 'o'], { OVERLAY_DIR: '/site' })?.overlay).toBe('o');
  });

  test('may be help', () => {
    expect(parseBacktestArguments(['--help'], {})).toBeUndefined();
  });
});

describe('what is not understood is said', () => {
  const STAGE = ['export', '--work', 'w', '--stage'];
  test.each([
    [[], /Which export/],
    [['export', '--as-of', '2026-02-30'], /--as-of takes days/],
    [['export', '--as-of', 'today'], /--as-of takes days/],
    [['export', '--max-cards', '-1'], /./],
    [['export', '--max-cards', 'four'], /--max-cards takes a whole number/],
    [['export', '--workers', '0'], /--workers takes a whole number/],
    [['export', '--stage', 'find'], /--stage needs --work/],
    [[...STAGE, 'sort'], /--stage takes one of find, collect, medications, evaluate and merge/],
    [[...STAGE, 'find', '--shard', '5/5'], /--shard takes i\/n/],
    [[...STAGE, 'find', '--shard', '/5'], /JOB_COMPLETION_INDEX/],
    [[...STAGE, 'find', '--shard', '1/0'], /--shard takes i\/n/],
    [[...STAGE, 'merge', '--shard', '0/2'], /--shard goes with --stage find/],
    [['export', '--shard', '0/2'], /--shard goes with --stage find/],
    [[...STAGE, 'find', '--html', 'r.html'], /go with --stage merge/],
    [['export', '--pdf'], /--pdf/],
  ])('%j', (args, message) => {
    expect(faultOf(args)).toMatch(message);
  });
});
