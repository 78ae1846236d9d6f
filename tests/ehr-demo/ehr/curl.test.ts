import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { curlOf } from '../../../src/ehr-demo/ehr/curl.ts';
import type { Exchange } from '../../../src/ehr-demo/ehr/exchange.ts';
import { type Served, serve } from '../../support/http.ts';

const run = promisify(execFile);

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

let served: Served;
let received: Received[] = [];
beforeAll(async () => {
  served = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      received.push({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') });
      response.end('answered');
    });
  });
});
afterAll(() => served.close());
beforeEach(() => {
  received = [];
});

function exchange(request: Partial<Exchange['request']>): Exchange {
  return {
    id: 'exchange-1',
    at: new Date(0),
    about: 'patient-view',
    request: { method: 'POST', url: `${served.url}/cds-services/a`, headers: {}, ...request },
    response: { failure: 'It cannot be reached' },
    milliseconds: 1,
    fhirTraffic: [],
  };
}

/** The shell reads the command as it reads what somebody pastes: an argument of its own could not be as long. */
async function inShell(command: string): Promise<string> {
  // curl is to reach this machine whatever proxy there is.
  const running = run('/bin/sh', [], { env: { PATH: process.env['PATH'] ?? '', NO_PROXY: '*' } });
  running.child.stdin?.end(`${command}\n`);
  return (await running).stdout;
}

describe('run by a shell, the command sends the request again', () => {
  const headers = {
    accept: 'application/json',
    'content-type': 'application/json',
    authorization: 'Bearer eyJ.eyJ.sig',
  };
  test.each([
    ['as JSON', '{"hook":"patient-view"}'],
    ['with quotes', `{"text":"it's \\"quoted\\" 'twice' ''"}`],
    ['with what a shell would run', '{"text":"$(touch x) `id` ${HOME} \\\\ ! # ; && | > < * ~ %s \\n"}'],
    ['with line breaks', '{\n  "a": 1\r\n}\n'],
    ['that begins as a file name would', '@/etc/hosts'],
    ['in all of Unicode', '{"text":"ä 🩺 \u2028 ‮ é"}'],
    ['that is empty', ''],
    ['of 99 kB', JSON.stringify({ text: 'x'.repeat(99_000) })],
    ['of 101 kB', JSON.stringify({ text: 'x'.repeat(101_000) })],
    ['of a megabyte, full of quotes', JSON.stringify({ text: "it's %d \\ ".repeat(100_000) })],
    ['of a megabyte with a line break at its end', `${'ä'.repeat(500_000)}\n`],
  ])('with a body %s', async (_what, body) => {
    expect(await inShell(curlOf(exchange({ headers, body }), { authorization: true }))).toBe('answered');
    expect(received).toHaveLength(1);
    expect(received[0]?.body === body).toBe(true);
    expect(received[0]).toMatchObject({ method: 'POST', url: '/cds-services/a', headers });
  });

  test('without a body', async () => {
    const discovery = exchange({ method: 'GET', url: `${served.url}/cds-services`, headers: { accept: 'a/b' } });
    await inShell(curlOf(discovery, { authorization: true }));
    expect(received).toMatchObject([{ method: 'GET', url: '/cds-services', body: '', headers: { accept: 'a/b' } }]);
  });

  test('to an address that curl would expand', async () => {
    const odd = exchange({ method: 'GET', url: `${served.url}/a{b,c}[1-3]?d='e'&f=g h`.replace(' ', '%20') });
    await inShell(curlOf(odd, { authorization: true }));
    expect(received.map(({ url }) => url)).toEqual(["/a{b,c}[1-3]?d='e'&f=g%20h"]);
  });
});

test('without the header it says nothing of the JWT', async () => {
  const headers = { accept: 'application/json', Authorization: 'Bearer secret' };
  const command = curlOf(exchange({ headers, body: '{}' }), { authorization: false });
  expect(command).not.toContain('secret');
  await inShell(command);
  expect(received[0]?.headers).not.toHaveProperty('authorization');
  expect(received[0]?.headers).toMatchObject({ accept: 'application/json' });
});
