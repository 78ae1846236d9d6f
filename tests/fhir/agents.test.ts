import type { LookupAddress } from 'node:dns';
import http from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import nock from 'nock';
import { createAgents, guardedLookup, isBlocked } from '../../src/fhir/agents.ts';
import { createFhirServer } from '../../src/fhir/fhir-server.ts';
import type { NetworkReach } from '../../src/fhir/network-reach.ts';
import { startLocalServer } from './local-server.ts';

// nock puts an agent of its own in place of ours, and this is about ours. Nothing but this file's own servers is asked.
beforeAll(() => nock.restore());

/** Not every machine that runs tests has it. */
const IPV6_LOOPBACK = Object.values(networkInterfaces())
  .flatMap((addresses = []) => addresses)
  .flatMap(({ address }) => (address === '::1' ? ['[::1]'] : []));

const inPublic: NetworkReach = { kind: 'public', besides: [] };
const anywhere: NetworkReach = { kind: 'any' };

/** A name server that answers the first question with the first of the answers, and so on; the last stays. */
function lyingDns(...answers: readonly (readonly string[])[]): {
  readonly lookup: LookupFunction;
  readonly asked: () => number;
} {
  let asked = 0;
  return {
    asked: () => asked,
    lookup: (_hostname, options, callback) => {
      const addresses = (answers[asked] ?? answers.at(-1) ?? []).map(
        (address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }),
      );
      asked += 1;
      const [first] = addresses;
      if (first === undefined) callback(Object.assign(new Error('No such name'), { code: 'ENOTFOUND' }), []);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    },
  };
}

/** What the connection is told when the name is resolved: the addresses, or the code of the error. */
function resolved(lookup: LookupFunction, options: { readonly all?: boolean } = { all: true }): Promise<unknown> {
  return new Promise((settle) => {
    lookup('fhir.example.org', options, (error, found) => settle(error === null ? found : error.code));
  });
}

describe('a name is judged by what it resolves to', () => {
  test.each([[['8.8.8.8']], [['8.8.8.8', '1.1.1.1', '2606:4700::1']]])('all public: %j', async (addresses) => {
    const found = await resolved(guardedLookup(lyingDns(addresses).lookup, inPublic));
    expect(found).toEqual(addresses.map((address) => expect.objectContaining({ address })));
  });

  test.each([
    [['127.0.0.1']],
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['::1']],
    [['::ffff:127.0.0.1']],
    [['8.8.8.8', '10.0.0.1']],
    [['2606:4700::1', '8.8.8.8', '::1']],
    [['no address']],
  ])('not all of them public: %j', async (addresses) => {
    const { lookup } = lyingDns(addresses);
    expect(await resolved(guardedLookup(lookup, inPublic))).toBe('ERR_BLOCKED_ADDRESS');
    expect(await resolved(guardedLookup(lookup, anywhere))).toHaveLength(addresses.length);
  });

  test('one address at a time as well', async () => {
    expect(await resolved(guardedLookup(lyingDns(['8.8.8.8']).lookup, inPublic), {})).toBe('8.8.8.8');
    expect(await resolved(guardedLookup(lyingDns(['10.0.0.1']).lookup, inPublic), {})).toBe('ERR_BLOCKED_ADDRESS');
  });

  test('each time anew: public at first, this machine next (DNS rebinding)', async () => {
    const guarded = guardedLookup(lyingDns(['8.8.8.8'], ['127.0.0.1']).lookup, inPublic);
    expect(await resolved(guarded)).toHaveLength(1);
    expect(await resolved(guarded)).toBe('ERR_BLOCKED_ADDRESS');
  });

  test('private ones are taken where the operator has vouched for them', async () => {
    const reach: NetworkReach = { kind: 'public', besides: ['10.20.0.0/16'] };
    expect(await resolved(guardedLookup(lyingDns(['10.20.0.5', '2606:4700::1']).lookup, reach))).toHaveLength(2);
    expect(await resolved(guardedLookup(lyingDns(['10.20.0.5', '10.21.0.5']).lookup, reach))).toBe(
      'ERR_BLOCKED_ADDRESS',
    );
  });

  test('and when there is none, that is what is said', async () => {
    expect(await resolved(guardedLookup(lyingDns([]).lookup, inPublic))).toBe('ENOTFOUND');
  });
});

describe('an agent', () => {
  const target = (hostname: string, protocol = 'https:') => ({ protocol, hostname });

  test.each(['127.0.0.1', '10.0.0.1', '::1', '::ffff:10.0.0.1'])('is not given for the address %s', (address) => {
    const agents = createAgents();
    let thrown: unknown;
    try {
      agents.agentFor(target(address), inPublic, 'kept');
    } catch (error) {
      thrown = error;
    }
    expect(isBlocked(thrown as object)).toBe(true);
    expect(JSON.stringify(thrown) + String(thrown)).not.toContain(address);
    expect(agents.agentFor(target(address), anywhere, 'kept')).toBeDefined();
  });

  test('is one for each reach, protocol and manner: a connection of a client with more reach serves no other', () => {
    const agents = createAgents();
    const reaches: readonly NetworkReach[] = [anywhere, inPublic, { kind: 'public', besides: ['10.0.0.0/8'] }];
    const all = () =>
      reaches.flatMap((reach) =>
        ['http:', 'https:'].flatMap((protocol) =>
          (['kept', 'fresh'] as const).map((manner) =>
            agents.agentFor(target('fhir.example.org', protocol), reach, manner),
          ),
        ),
      );
    expect(new Set([...all(), ...all()]).size).toBe(12);
  });

  test('bounds the connections to one server', () => {
    expect(createAgents().agentFor(target('fhir.example.org'), inPublic, 'kept')).toMatchObject({
      maxSockets: 64,
      keepAlive: true,
    });
  });

  test('closes a kept connection that nobody uses, after 15 seconds if nothing else is said', async () => {
    const closed = Promise.withResolvers<void>();
    // This server keeps a connection for ever.
    const server = http.createServer({ keepAliveTimeout: 0 }, (_request, response) => response.end());
    // Should the connection stay open, the test fails, and nothing waits for it.
    server.unref().on('connection', (socket) => socket.unref().once('close', () => closed.resolve()));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const agent = createAgents(undefined, 50).agentFor(target('127.0.0.1', 'http:'), anywhere, 'kept');
    const isKept = await new Promise<boolean>((resolve) => {
      // By its name: an import of its own would be what nock had put there.
      http.get({ host: '127.0.0.1', port, agent }, (response) => {
        response.resume();
        agent.once('free', () => resolve(true));
      });
    });
    expect(isKept).toBe(true);
    await closed.promise;
    server.close();

    for (const protocol of ['http:', 'https:'])
      expect(createAgents().agentFor(target('fhir.example.org', protocol), inPublic, 'kept')).toMatchObject({
        options: { timeout: 15_000 },
      });
  });
});

describe('in production, over real sockets', () => {
  let canary: Server;
  let connections = 0;
  let port = 0;

  beforeAll(async () => {
    canary = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => {
      canary.listen(0, resolve);
    });
    ({ port } = canary.address() as AddressInfo);
  });
  beforeEach(() => {
    connections = 0;
  });
  afterEach(() => {
    if (connections > 0) throw new Error('The server on this machine was visited');
  });
  afterAll(async () => {
    await new Promise((resolve) => {
      canary.close(resolve);
    });
  });

  const ask = (host: string, protocol = 'https', lookup?: LookupFunction, reach = inPublic) => {
    const base = `${protocol}://${host}:${port}/r4`;
    const server = createFhirServer(lookup === undefined ? {} : { lookup });
    return server.get({
      base,
      url: `${base}/Patient/p1`,
      accessToken: 'secret',
      signal: AbortSignal.timeout(5000),
      reach,
    });
  };

  test.each([
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '[2002:7f00:1::]',
    '10.0.0.1',
    '100.64.0.1',
    '169.254.169.254',
    '224.0.0.1',
    '198.18.0.1',
    '[fe80::1]',
    '[fd00::1]',
    'localhost',
  ])('no connection is made to %s', async (host) => {
    expect(await ask(host)).toEqual({ kind: 'failed', reason: 'blocked' });
    expect(await ask(host, 'http')).toEqual({ kind: 'failed', reason: 'blocked' });
  });

  test.each([
    ['this machine', ['127.0.0.1']],
    ['this machine by IPv6', ['::1']],
    ['this machine, dressed up', ['::ffff:127.0.0.1']],
    ['a private network', ['10.0.0.1']],
    ['the metadata of a cloud', ['169.254.169.254']],
    ['several addresses, one of them this machine', ['8.8.8.8', '127.0.0.1']],
    ['several addresses, this machine first', ['127.0.0.1', '8.8.8.8']],
  ])('no connection is made to a name that resolves to %s', async (_what, addresses) => {
    const dns = lyingDns(addresses);
    expect(await ask('fhir.example.org', 'https', dns.lookup)).toEqual({ kind: 'failed', reason: 'blocked' });
    expect(await ask('fhir.example.org', 'http', dns.lookup)).toEqual({ kind: 'failed', reason: 'blocked' });
    expect(dns.asked()).toBe(2);
  });

  test('nor to this machine when the operator has vouched for everything', async () => {
    const reach: NetworkReach = { kind: 'public', besides: ['0.0.0.0/0', '::/0'] };
    const dns = lyingDns(['127.0.0.1']);
    expect(await ask('127.0.0.1', 'http', undefined, reach)).toEqual({ kind: 'failed', reason: 'blocked' });
    expect(await ask('fhir.example.org', 'http', dns.lookup, reach)).toEqual({ kind: 'failed', reason: 'blocked' });
  });

  test.each(['http', 'https'])(
    'a name that resolves to nothing is unreachable, and not blocked: %s',
    async (scheme) => {
      const answer = await ask('fhir.example.org', scheme, lyingDns([]).lookup);
      expect(answer).toEqual({ kind: 'failed', reason: 'unreachable' });
    },
  );
});

test.each(['127.0.0.1', ...IPV6_LOOPBACK, 'localhost', 'fhir.example.org'])(
  'outside production %s is asked, whatever it resolves to',
  async (host) => {
    const local = await startLocalServer(
      (_request, response) => response.writeHead(200, { 'content-type': 'application/fhir+json' }).end('{}'),
      host === '[::1]' ? '::1' : '127.0.0.1',
    );
    const base = local.base.replace(/\/\/.*:/, `//${host}:`);
    const answer = await createFhirServer({ lookup: lyingDns(['127.0.0.1']).lookup }).get({
      base,
      url: `${base}/Patient/p1`,
      accessToken: undefined,
      signal: AbortSignal.timeout(5000),
      reach: anywhere,
    });
    await local.close();
    expect(answer).toEqual({ kind: 'answered', body: {} });
  },
);
