import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { describeAnswer, fhirRest, isDone } from '../../src/sandbox/fhir-rest.ts';
import { searchAll } from '../../src/sandbox/search-pages.ts';

const TOKEN = 'token-of-the-test';
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** A server on loopback, and the `authorization` of each request it got. */
async function serving(listener: (request: IncomingMessage, response: ServerResponse) => void) {
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.authorization);
    listener(request, response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  closing.push(close);
  return { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`, asked, close };
}

const send = (response: ServerResponse, body: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(JSON.stringify(body));

describe('redirects are never followed: a token or a write would go where nobody allowed it to go', () => {
  test.each([301, 302, 303, 307, 308])('%s', async (status) => {
    const elsewhere = await serving((_request, response) => send(response, {}));
    const { base } = await serving((_request, response) =>
      response.writeHead(status, { location: elsewhere.base }).end(),
    );
    const rest = fhirRest({ base, token: TOKEN });
    const answers = [await rest.get('Patient/1'), await rest.transaction({}), await rest.delete('Patient/1')];
    expect(answers.map((answer) => describeAnswer(answer))).toEqual(
      answers.map(() => `${status}, a redirect, which is not followed`),
    );
    expect(answers.some(isDone)).toBe(false);
    expect(elsewhere.asked).toEqual([]);
  });
});

describe('a search is read to its end', () => {
  test('over next links, without OperationOutcomes, and with the token on every page', async () => {
    const { base, asked } = await serving(({ url = '' }, response) => {
      const last = url.includes('page=2');
      const entry = [
        { resource: { resourceType: 'Condition', id: last ? 'two' : 'one' } },
        { resource: { resourceType: 'OperationOutcome' } },
      ];
      const next = { relation: 'next', url: `${base}?page=2` };
      send(response, { resourceType: 'Bundle', entry, ...(last ? {} : { link: [next] }) });
    });
    const found = await searchAll(fhirRest({ base, token: TOKEN }), 'Condition?patient=1');
    expect(found.kind === 'found' && found.resources.map(({ id }) => id)).toEqual(['one', 'two']);
    expect(asked).toEqual([`Bearer ${TOKEN}`, `Bearer ${TOKEN}`]);
  });

  test('but never away from the server', async () => {
    const elsewhere = await serving((_request, response) => send(response, {}));
    const { base } = await serving((_request, response) =>
      send(response, { resourceType: 'Bundle', link: [{ relation: 'next', url: `${elsewhere.base}?page=2` }] }),
    );
    const found = await searchAll(fhirRest({ base, token: TOKEN }), 'Condition?patient=1');
    expect(found).toEqual({
      kind: 'failed',
      because: 'a link that leads away from the server',
      answers: true,
    });
    expect(elsewhere.asked).toEqual([]);
  });

  test('and not for ever', async () => {
    const { base, asked } = await serving((_request, response) =>
      send(response, { resourceType: 'Bundle', link: [{ relation: 'next', url: `${base}?again` }] }),
    );
    expect(await searchAll(fhirRest({ base }), 'Condition?patient=1')).toMatchObject({ kind: 'failed' });
    expect(asked).toHaveLength(50);
  });
});

test('a search is asked with `|` encoded, since some servers refuse a bare one', async () => {
  let url: string | undefined;
  const { base } = await serving((request, response) => {
    url = request.url;
    send(response, { resourceType: 'Bundle' });
  });
  await fhirRest({ base }).get('Observation?code=http://loinc.org|1,2');
  expect(url).toBe('/fhir/Observation?code=http://loinc.org%7C1,2');
});

test('what a server says of a failure is told without the token, without control characters, and not at length', async () => {
  const diagnostics = `${TOKEN}\u001b[31m is ${'very '.repeat(100)}wrong`;
  const { base } = await serving((_request, response) =>
    send(response, { resourceType: 'OperationOutcome', issue: [{ diagnostics }] }, 422),
  );
  const told = describeAnswer(await fhirRest({ base, token: TOKEN }).transaction({}), TOKEN);
  expect(told.startsWith('422: [token] [31m is very very')).toBe(true);
  expect(told.length).toBeLessThan(220);
});

test('no server, and a run that has ended, are answers and no errors', async () => {
  const { base, close } = await serving((_request, response) => send(response, {}));
  await close();
  expect(await fhirRest({ base }).get('metadata')).toEqual({ kind: 'unreachable' });
  expect(await fhirRest({ base, signal: AbortSignal.abort() }).get('metadata')).toEqual({ kind: 'unreachable' });
});

describe('a server that asks for patience (429)', () => {
  const asking = (retryAfter: string, times = 1) => {
    let left = times;
    return serving((_request, response) => {
      left -= 1;
      if (left < 0) send(response, { resourceType: 'Bundle' });
      else response.writeHead(429, { 'retry-after': retryAfter }).end('{}');
    });
  };

  test('is asked once more after that time', async () => {
    const { base, asked } = await asking('0');
    expect(await fhirRest({ base }).transaction({})).toMatchObject({ status: 200 });
    expect(asked).toHaveLength(2);
  });

  test.each([
    ['for longer than a minute', '61', 1],
    ['for ever', '9'.repeat(400), 1],
    ['until a date', 'Fri, 31 Dec 2027 23:59:59 GMT', 1],
    ['again and again', '0', 2],
  ])('%s: that is the answer', async (_what, retryAfter, requests) => {
    const { base, asked } = await asking(retryAfter, 5);
    expect(await fhirRest({ base }).get('metadata')).toMatchObject({ status: 429 });
    expect(asked).toHaveLength(requests);
  });

  test('is not waited for by a run that is to end', async () => {
    const ending = new AbortController();
    const { base, asked } = await serving((_request, response) => {
      response.writeHead(429, { 'retry-after': '60' }).end('{}', () => ending.abort());
    });
    const answer = await fhirRest({ base, signal: ending.signal }).transaction({});
    expect(answer).toMatchObject({ status: 429 });
    expect(asked).toHaveLength(1);
  });
});

test.each([
  ['nested deeper than FHIR ever is', `{"resourceType":"Bundle","a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`],
  ['longer than anything that is asked for', `{"a":"${'x'.repeat(65 * 1024 * 1024)}"}`],
])('an answer that is %s is none', async (_what, text) => {
  const { base } = await serving((_request, response) => response.writeHead(200).end(text));
  expect(await fhirRest({ base }).get('Patient/1')).toEqual({ kind: 'answered', status: 200, body: undefined });
});
