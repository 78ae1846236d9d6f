import { describe, expect, test } from '@jest/globals';
import type { Unread } from '../../../src/chart/fact.ts';
import { gapInWords, gapOf, unreadInWords, whyUnknown } from '../../../src/smart-app/parts/gap.ts';

const REFUSED: Unread = { key: 'encounters', reason: 'refused' };
const SLOW: Unread = { key: 'careTeams', reason: 'not-sent' };

describe('What was not looked at', () => {
  test('a part that is still being read is not called unreadable', () => {
    const gap = gapOf({ unread: [REFUSED, SLOW] }, new Set(['careTeams']));
    expect(gap).toEqual({ reading: ['careTeams'], unread: [REFUSED] });
    expect(gapInWords(gap)).toBe('still reading: CareTeam; could not be read: Encounter (access refused)');
  });

  test('parts with one reason are named together', () => {
    expect(
      unreadInWords([REFUSED, { key: 'patient', reason: 'refused' }, { key: 'careTeams', reason: 'failed' }]),
    ).toBe('Encounter, Patient (access refused); CareTeam (query failed)');
  });

  test('“not recorded” is said only where everything was read', () => {
    expect(whyUnknown({ unread: [], doubt: 'not-recorded' }, new Set())).toBe('not recorded');
    expect(whyUnknown({ unread: [] }, new Set())).toBe('not recorded');
    expect(whyUnknown({ unread: [REFUSED], doubt: 'not-recorded' }, new Set())).not.toContain('not recorded');
    expect(whyUnknown({ unread: [REFUSED] }, new Set(['encounters']))).toBe('still reading: Encounter');
  });

  test('a doubt stands beside what was not read', () => {
    expect(whyUnknown({ unread: [REFUSED], doubt: 'on-hold' }, new Set())).toBe(
      'an order is on hold; could not be read: Encounter (access refused)',
    );
  });
});
