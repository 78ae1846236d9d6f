import { afterEach, describe, expect, jest, test } from '@jest/globals';
import * as fc from 'fast-check';
import { SENTENCES } from '../../../src/smart-app/session/failures.ts';
import {
  endSession,
  launchingServer,
  onLeaving,
  openSession,
  type Session,
} from '../../../src/smart-app/session/session.ts';
import { clientWith, FakeStorage, type FakeTab, fakeTab, ISS, store, TOKEN, TOKEN_RESPONSE } from './fake-tab.ts';

const ANSWER = '?code=a-code&state=a-state&iss=https%3A%2F%2Fehr.example';
const NOW = new Date('2026-11-22T12:00:00Z');

afterEach(() => {
  jest.useRealTimers();
  Reflect.deleteProperty(globalThis, 'sessionStorage');
});

function launched(changes: object = {}): FakeTab {
  return fakeTab(ANSWER, async () => clientWith({ ...TOKEN_RESPONSE, ...changes }));
}

async function sessionIn(tab: FakeTab): Promise<Session> {
  const opened = await openSession(tab);
  if (typeof opened === 'string') throw new Error(`not opened: ${opened}`);
  return opened;
}

describe('a launch that was completed', () => {
  test('opens a session: which chart, where, from which card, for whom, what is granted and for how long', async () => {
    jest.useFakeTimers({ now: NOW });
    const fhirUser = `a.${Buffer.from('{"fhirUser":"Patient/p1"}').toString('base64url')}.c`;
    const { client, ...session } = await sessionIn(launched({ appContext: '{"card":"a-card"}', id_token: fhirUser }));
    expect(session).toEqual({
      iss: ISS,
      patientId: 'p1',
      openedFrom: 'a-card',
      audience: 'family',
      scope: 'launch patient/Patient.rs',
      access: ['know in which chart it was opened', 'read and search personal details of this patient'],
      expiresAt: new Date('2026-11-22T12:05:00Z'),
    });
    expect(client.getAuthorizationHeader()).toBe(`Bearer ${TOKEN}`);
  });

  test('leaves nothing in the address, and the token where fhirclient keeps it', async () => {
    const tab = launched();
    await sessionIn(tab);
    expect(tab.shown()[0]).toBe('/smart/');
    expect(tab.stored.getItem('a-state')).toContain(TOKEN);
  });

  test('takes what was asked for as granted where the answer names no scope', async () => {
    expect(await sessionIn(launched({ scope: undefined }))).toMatchObject({ scope: 'launch openid' });
  });

  test.each([
    [300, '2026-11-22T12:05:00.000Z'],
    ['300', '2026-11-22T12:05:00.000Z'],
    [0, '2026-11-22T12:00:00.000Z'],
    [undefined, undefined],
    ['soon', undefined],
    [Number.MAX_VALUE, undefined],
    [{}, undefined],
  ])('ends when the answer says: expires_in %j', async (expires_in, expected) => {
    jest.useFakeTimers({ now: NOW });
    const { expiresAt } = await sessionIn(launched({ expires_in }));
    expect(expiresAt?.toISOString()).toBe(expected);
  });
});

describe('nothing is opened, and nothing stays in store,', () => {
  test.each<readonly [string, FakeTab, string]>([
    ['without an answer of the EHR', fakeTab('', async () => clientWith(TOKEN_RESPONSE)), 'not-launched'],
    ['by a code that nobody has asked for', fakeTab('?code=x', async () => clientWith(TOKEN_RESPONSE)), 'not-launched'],
    [
      'by a code under an empty state',
      fakeTab('?code=x&state=', async () => clientWith(TOKEN_RESPONSE)),
      'not-launched',
    ],
    ['by a state alone', fakeTab('?state=a-state', async () => clientWith(TOKEN_RESPONSE)), 'not-launched'],
    ['when the page is loaded again', fakeTab('', async () => clientWith(TOKEN_RESPONSE), { opened: true }), 'ended'],
    ['without a token', launched({ access_token: undefined }), 'not-launched'],
    ['with a token that is no text', launched({ access_token: ['x'] }), 'not-launched'],
    ['without a patient', launched({ patient: undefined }), 'no-patient'],
    ['with a patient that is no text', launched({ patient: { id: 'p1' } }), 'no-patient'],
    ['when access is denied', fakeTab('?error=access_denied', () => Promise.reject(new Error('denied'))), 'denied'],
    [
      'under a state that nobody has asked with',
      fakeTab('?code=x&state=y', () => Promise.reject(new Error('No state found'))),
      'not-launched',
    ],
    [
      'when the token endpoint fails',
      fakeTab(ANSWER, () => Promise.reject(Object.assign(new Error('x'), { status: 500 }))),
      'server-error',
    ],
  ])('%s', async (_claim, tab, failure) => {
    expect(await openSession(tab)).toBe(failure);
    expect([...tab.stored.entries]).toEqual([]);
    expect(tab.shown()[0]).toBe('/smart/');
  });

  test('when the token does not come in time, nor when it comes later', async () => {
    jest.useFakeTimers();
    let come: (client: ReturnType<typeof clientWith>) => void = () => {};
    const tab = fakeTab(ANSWER, () => new Promise((resolve) => (come = resolve)));
    const opened = openSession(tab);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(await opened).toBe('unreachable');
    store(tab.stored);
    const late = clientWith(TOKEN_RESPONSE);
    come(late);
    await jest.advanceTimersByTimeAsync(0);
    expect([...tab.stored.entries]).toEqual([]);
    expect(late.getAuthorizationHeader()).toBeNull();
  });

  test('where the browser lets the app store nothing', async () => {
    const refuse = () => {
      throw new DOMException('Access is denied for this document.', 'SecurityError');
    };
    const tab = { ...launched(), storage: refuse, ready: async () => refuse() };
    expect(await openSession(tab)).toBe('no-storage');
  });
});

test('a page that has shown a chart says so when it is loaded again, however often', async () => {
  const first = launched();
  await sessionIn(first);
  const again = fakeTab('', first.ready, first.shown()[1]);
  expect(await openSession(again)).toBe('ended');
  expect(await openSession(fakeTab('', first.ready, again.shown()[1]))).toBe('ended');
});

test('whatever a token response has, there is a session with a patient, or a failure with a sentence', async () => {
  const names = ['access_token', 'patient', 'scope', 'expires_in', 'appContext', 'id_token'];
  const responses = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.anything(), fc.string(), fc.integer()));
  await fc.assert(
    fc.asyncProperty(responses, async (response) => {
      const opened = await openSession(fakeTab(ANSWER, async () => clientWith(response)));
      expect(typeof opened === 'string' ? SENTENCES[opened] : opened.patientId).toMatch(/\S/);
    }),
  );
});

describe('the server of a launch that is being completed', () => {
  test('is known while nobody has a token yet', () => {
    expect(launchingServer(launched())).toBe(ISS);
  });

  test.each(['', '?state=another', '?state=SMART_KEY', '?state=__proto__'])('is unknown under %j', (search) => {
    expect(launchingServer(fakeTab(search, async () => clientWith({})))).toBeUndefined();
  });

  test('is unknown where the browser stores nothing', () => {
    const refuse = () => {
      throw new DOMException('Access is denied for this document.', 'SecurityError');
    };
    expect(launchingServer({ ...launched(), storage: refuse })).toBeUndefined();
  });
});

describe('the end of a session', () => {
  test('takes all that fhirclient has stored, of earlier launches too, and leaves what is another’s', () => {
    const storage = new FakeStorage();
    store(storage);
    storage.entries.set('earlier', JSON.stringify({ key: 'earlier', codeVerifier: 'x' }));
    for (const other of ['theme', 'null', '{"key":"another name"}']) storage.entries.set(`of ${other}`, other);
    const client = clientWith(TOKEN_RESPONSE);
    endSession(client, storage);
    expect([...storage.entries.keys()]).toEqual(['of theme', 'of null', 'of {"key":"another name"}']);
    expect(client.getAuthorizationHeader()).toBeNull();
  });

  test.each([
    ['when the page is left', new Event('pagehide')],
    ['when the page comes back as it was left', Object.assign(new Event('pageshow'), { persisted: true })],
  ])('comes %s, and is shown', (_claim, event) => {
    const storage = new FakeStorage();
    store(storage);
    Object.assign(globalThis, { sessionStorage: storage });
    const page = new EventTarget();
    const client = clientWith(TOKEN_RESPONSE);
    const showEnded = jest.fn();
    const stop = onLeaving(client, showEnded, page);
    // The page is shown for the first time.
    page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
    expect(showEnded).not.toHaveBeenCalled();
    page.dispatchEvent(event);
    expect(showEnded).toHaveBeenCalledTimes(1);
    expect([...storage.entries]).toEqual([]);
    expect(client.getAuthorizationHeader()).toBeNull();
    stop();
    page.dispatchEvent(event);
    expect(showEnded).toHaveBeenCalledTimes(1);
  });
});
