import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createUsedJtis } from '../../../src/feedback/store/used-jtis.ts';
import { eachStore } from '../../support/store.ts';

const UNTIL = new Date('2126-11-23T10:00:00.400Z');

// CH-166, CH-177.
eachStore('used JWTs', (store) => {
  const processes = async (count: number) =>
    Promise.all(Array.from({ length: count }, async () => createUsedJtis(await store.open())));

  test('are used once, wherever they come', async () => {
    const [one, other] = await processes(2);
    expect(await one?.use('x', UNTIL)).toBe('first');
    expect(await other?.use('x', UNTIL)).toBe('again');
    expect(await one?.use('x', UNTIL)).toBe('again');
    expect(await other?.use('y', UNTIL)).toBe('first');
  });

  test('are known after a restart, until a second after the JWT is too old at the latest', async () => {
    const database = await store.open();
    await createUsedJtis(database).use('x', UNTIL);
    await database.close();
    const [next] = await processes(1);
    expect(await next?.use('x', UNTIL)).toBe('again');
    expect(await store.sql('select digest, expires_at from used_jti')).toEqual([
      { digest: 'x', expires_at: Date.parse('2126-11-23T10:00:01Z') / 1000 },
    ]);
  });

  test('that come a thousand at once are each kept once', async () => {
    const [one] = await processes(1);
    const digests = Array.from({ length: 1000 }, (_, n) => String(n));
    const uses = await Promise.all(digests.map(async (digest) => one?.use(digest, UNTIL)));
    expect(new Set(uses)).toEqual(new Set(['first']));
    expect(await store.sql('select count(*) as kept from used_jti')).toEqual([{ kept: 1000 }]);
  });

  test('of any number of uses at once, at however many processes, one alone is first', async () => {
    const all = await processes(3);
    let run = 0;
    const uses = fc.array(fc.tuple(fc.nat(2), fc.constantFrom('a', 'b', 'c', 'd', 'e')), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(uses, async (drawn) => {
        run += 1;
        const verdicts = await Promise.all(
          drawn.map(async ([at, name]) => [name, await all[at]?.use(`${run} ${name}`, UNTIL)] as const),
        );
        for (const name of new Set(drawn.map(([, one]) => one))) {
          const firsts = verdicts.filter(([of, verdict]) => of === name && verdict === 'first');
          expect([name, firsts.length]).toEqual([name, 1]);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('do not make processes wait for each other, in whatever order they come', async () => {
    const [one, other] = await processes(2);
    const rounds = Array.from({ length: 20 }, (_, round) => Array.from({ length: 250 }, (_each, n) => `${round} ${n}`));
    for (const digests of rounds) {
      const forth = digests.map(async (digest) => one?.use(digest, UNTIL));
      const back = digests.toReversed().map(async (digest) => other?.use(digest, UNTIL));
      // oxlint-disable-next-line no-await-in-loop -- each round is one statement of each, at the same moment
      const verdicts = await Promise.all([...forth, ...back]);
      expect(verdicts.filter((verdict) => verdict === 'first')).toHaveLength(250);
    }
  });

  test('that the database cannot take are not called first', async () => {
    const database = await store.open();
    const jtis = createUsedJtis(database);
    await database.close();
    await expect(jtis.use('x', UNTIL)).rejects.toMatchObject({ name: 'FeedbackStoreError', reason: 'closed' });
  });
});
