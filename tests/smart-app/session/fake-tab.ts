import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import smart from 'fhirclient';
import type { Client } from '../../../src/smart-app/session/fhirclient.ts';
import type { Tab } from '../../../src/smart-app/session/session.ts';
import type { TabStorage } from '../../../src/smart-app/session/stored.ts';

export const ISS = 'https://ehr.example/fhir';
export const TOKEN = 'a-token-that-nobody-else-has';
export const TOKEN_RESPONSE = {
  access_token: TOKEN,
  token_type: 'Bearer',
  expires_in: 300,
  scope: 'launch patient/Patient.rs',
  patient: 'p1',
};

/** As `sessionStorage` is, in a tab of its own. */
export class FakeStorage implements TabStorage {
  readonly entries = new Map<string, string>();
  get length(): number {
    return this.entries.size;
  }
  key(at: number): string | null {
    return [...this.entries.keys()][at] ?? null;
  }
  getItem(name: string): string | null {
    return this.entries.get(name) ?? null;
  }
  removeItem(name: string): void {
    this.entries.delete(name);
  }
}

// On Node, fhirclient's entry takes the request and response of a launch; nothing reads these.
const request = new IncomingMessage(new Socket());
const api = smart(request, new ServerResponse(request));

/** A client of the real library, as it is after a code was exchanged for this. */
export function clientWith(tokenResponse: object, members: object = {}): Client {
  return api.client({ serverUrl: ISS, key: 'a-state', scope: 'launch openid', tokenResponse, ...members });
}

/** What fhirclient has in store once it has a token. */
export function store(storage: FakeStorage, tokenResponse: object = TOKEN_RESPONSE): void {
  storage.entries.set('SMART_KEY', '"a-state"');
  storage.entries.set('a-state', JSON.stringify({ key: 'a-state', serverUrl: ISS, tokenResponse }));
}

export interface FakeTab extends Tab {
  readonly stored: FakeStorage;
  /** The address and the state that the history has in the end. */
  readonly shown: () => readonly [address: string, state: unknown];
}

/** A tab at this address, where a launch ends like this. */
export function fakeTab(search: string, ready: () => Promise<Client>, state: unknown = null): FakeTab {
  const stored = new FakeStorage();
  store(stored);
  let now: readonly [string, unknown] = [`/smart/${search}`, state];
  return {
    stored,
    storage: () => stored,
    shown: () => now,
    location: { pathname: '/smart/', search },
    history: {
      get state(): unknown {
        return now[1];
      },
      replaceState: (next, _title, address) => {
        now = [String(address), next];
      },
    },
    ready,
  };
}
