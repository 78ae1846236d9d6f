import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Showing, ShownCards } from '../../../src/feedback/showing.ts';
import { recordShowings } from '../../../src/feedback/store/record-showings.ts';
import { eachStore } from '../../support/store.ts';
import { refusal, stoppedClock } from './refusal.ts';

const showing = (members: Partial<Showing> = {}): Showing => ({
  card: randomUUID(),
  cardId: 'baseline-brain-mri',
  version: '1.0.0',
  state: 'shown',
  indicator: 'info',
  suggestions: [],
  ...members,
});
const shown = (cards: readonly Showing[], members: Partial<ShownCards> = {}): ShownCards => ({
  client: 'General Hospital',
  service: 'asps-patient-view',
  hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
  shownAt: new Date('2026-11-22T10:00:01.5Z'),
  cards,
  ...members,
});

eachStore('showings', (store) => {
  test('are on record with what was offered, in its order', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const card = showing({ indicator: 'warning', suggestions: [first, second] });
    const shadow = showing({ state: 'shadow', cardId: 'chest-ct' });
    await recordShowings(await store.open(), [shown([card]), shown([shadow], { client: undefined })]);

    expect(await store.sql('select * from showing order by state desc')).toEqual([
      {
        card: card.card,
        card_id: 'baseline-brain-mri',
        card_version: '1.0.0',
        state: 'shown',
        indicator: 'warning',
        client: 'General Hospital',
        service: 'asps-patient-view',
        hook_instance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea',
        shown_at: '2026-11-22T10:00:01.500Z',
      },
      expect.objectContaining({ card: shadow.card, card_id: 'chest-ct', state: 'shadow', client: null }),
    ]);
    expect(await store.sql('select * from offered_suggestion order by position')).toEqual([
      { suggestion: first, card: card.card, position: 0 },
      { suggestion: second, card: card.card, position: 1 },
    ]);
  });

  test('that are on record already stay as they are', async () => {
    const database = await store.open();
    const card = showing({ suggestions: [randomUUID()] });
    await recordShowings(database, [shown([card])]);
    await recordShowings(database, [shown([{ ...card, version: '2.0.0' }, showing()]), shown([card])]);
    expect(await store.sql('select card_version from showing order by card_version')).toEqual([
      { card_version: '1.0.0' },
      { card_version: '1.0.0' },
    ]);
    expect(await store.sql('select * from offered_suggestion')).toHaveLength(1);
  });

  test('are recorded all or none', async () => {
    const { clock } = stoppedClock();
    const database = await store.open({ clock });
    const bad = showing({ indicator: 'urgent' as 'critical' });
    expect(await refusal(recordShowings(database, [shown([showing()]), shown([bad])]))).toBe('other');
    expect(await store.sql('select * from showing')).toEqual([]);
  });

  test('of none nothing is written', async () => {
    const database = await store.open();
    await database.close();
    await recordShowings(database, []);
    await recordShowings(database, [shown([])]);
    expect(await refusal(recordShowings(database, [shown([showing()])]))).toBe('closed');
  });

  test('that have piled up while the database was away are recorded at once, however many', async () => {
    const all = Array.from({ length: 2500 }, () => shown([showing({ suggestions: [randomUUID()] })]));
    await recordShowings(await store.open(), all);
    expect(await store.sql('select count(*) as n from showing')).toEqual([{ n: 2500 }]);
    expect(await store.sql('select count(*) as n from offered_suggestion')).toEqual([{ n: 2500 }]);
  });
});
