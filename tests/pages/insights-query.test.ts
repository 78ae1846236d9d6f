import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { queryString, readInsightsQuery } from '../../src/pages/insights-query.ts';

const TODAY = '2026-11-22';

function asked(search: string) {
  return readInsightsQuery(new URLSearchParams(search), TODAY);
}

test.each([
  ['', '2026-08-25', TODAY, 90],
  ['from=&to=&client=&service=', '2026-08-25', TODAY, 90],
  ['days=7', '2026-11-16', TODAY, 7],
  ['days=365', '2025-11-23', TODAY, 365],
  ['from=2026-11-01', '2026-11-01', TODAY, 22],
  ['to=2024-02-29', '2023-12-02', '2024-02-29', 90],
  ['from=2026-11-22&to=2026-11-22', '2026-11-22', '2026-11-22', 1],
  ['from=2024-11-22', '2024-11-22', TODAY, 731],
])('“%s” asks for %s to %s', (search, from, to, days) => {
  expect(asked(search)).toEqual({ query: { from, to, client: undefined, service: undefined }, days });
});

test('a client and a service are asked for by their names', () => {
  expect(asked('client=A%20%26%20B&service=asps-order-sign')).toMatchObject({
    query: { client: 'A & B', service: 'asps-order-sign' },
  });
});

test.each([
  ['days=8', '“days” must be one of 7, 30, 90, 365.'],
  ['days=7&from=2026-11-01', 'There can be “days”, or “from” and “to”, and not both.'],
  ['from=2026-02-30', '“from” must be a day, such as 2026-11-22.'],
  ['to=tomorrow', '“to” must be a day, such as 2026-11-22.'],
  ['from=1999-12-31', '“from” must be a day, such as 2026-11-22.'],
  ['from=2026-11-10&to=2026-11-09', 'The last day must not be before the first; without a last day it is today.'],
  ['from=2024-11-21', 'There can be at most 731 days, which is two years.'],
  ['client=a&client=b', '“client” was given twice.'],
  [`service=${'x'.repeat(201)}`, '“service” is longer than any name.'],
  ['client=a%00b', '“client” has a control character in it.'],
  ['dyas=7', 'There are no other parameters than days, from, to, client, service.'],
])('of “%s” it is said: %s', (search, problem) => {
  expect(asked(search)).toEqual({ problems: [problem] });
});

test('whatever is asked is either said to be wrong, or comes back from its own address', () => {
  const day = fc
    .date({ min: new Date('2022-01-01'), max: new Date('2026-11-22'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
  const parameters = fc.record({ from: day, to: day, client: fc.string(), service: fc.string() }, { requiredKeys: [] });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        parameters.map((given) => new URLSearchParams(given).toString()),
      ),
      (search) => {
        const once = asked(search);
        const again = 'problems' in once ? once : asked(queryString(once.query));
        expect(again).toEqual(once);
      },
    ),
  );
});
