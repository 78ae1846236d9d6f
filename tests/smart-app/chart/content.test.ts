import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { browserContent } from '../../../src/guideline/browser-content.ts';
import { fetchEducation, fetchEvidence, fetchGuideline } from '../../../src/smart-app/chart/content.ts';
import { guideline } from '../../support/service.ts';

const asked: string[] = [];
let answer: () => Response | Promise<Response>;

beforeEach(() => {
  asked.length = 0;
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (address) => {
    if (typeof address === 'string') asked.push(address);
    return answer();
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

const json =
  (body: unknown, status = 200) =>
  () =>
    Response.json(body, { status });
let count = 0;
/** Another FHIR server each time: what was fetched is kept. */
const newIss = () => `https://ehr-${(count += 1)}.example/r4?x=1&y`;

describe('the guideline', () => {
  const body = { site: 'north', content: browserContent(guideline.content) };

  test('is that of the site of this FHIR server, and compiles to what the service has', async () => {
    answer = json(JSON.parse(JSON.stringify(body)));
    const iss = newIss();
    const fetched = await fetchGuideline(iss);
    expect(asked).toEqual([`guideline.json?iss=${encodeURIComponent(iss)}`]);
    if (!('content' in fetched)) throw new Error('failed');
    expect(fetched.content.site).toBe('north');
    expect(fetched.content.guideline.cards.map(({ file }) => file)).toEqual(guideline.cards.map(({ file }) => file));
  });

  test('is asked for once', async () => {
    answer = json(body);
    const iss = newIss();
    await Promise.all([fetchGuideline(iss), fetchGuideline(iss)]);
    await fetchGuideline(iss);
    expect(asked).toHaveLength(1);
  });

  test.each<[string, () => Response | Promise<Response>]>([
    ['an EHR that is not known', json({ resourceType: 'OperationOutcome' }, 404)],
    ['a service that fails', json({}, 500)],
    ['a service that cannot be reached', () => Promise.reject(new TypeError('Failed to fetch'))],
    ['a proxy that answers with a page', () => new Response('<html>', { headers: { 'content-type': 'text/html' } })],
    ['a proxy that answers with other JSON', json({ site: null, content: { cards: [] } })],
    ['null', json(null)],
    ['a guideline that does not compile', json({ site: null, content: { ...body.content, texts: {} } })],
  ])('is a failure and no exception for %s, and is asked for again', async (_what, fails) => {
    answer = fails;
    const iss = newIss();
    expect(await fetchGuideline(iss)).toEqual({ failed: true });
    answer = json(body);
    expect(await fetchGuideline(iss)).toHaveProperty('content.guideline');
    expect(asked).toHaveLength(2);
  });
});

test('evidence and education are fetched when they are asked for, each from its own address', async () => {
  answer = json({});
  expect(await fetchEvidence()).toEqual({ failed: true });
  expect(await fetchEducation()).toEqual({ failed: true });
  expect(asked).toEqual(['evidence.json', 'education.json']);
  const evidence = { outcomes: {}, sources: [], catalogue: {} };
  answer = json(evidence);
  expect(await fetchEvidence()).toEqual({ content: evidence });
});
