import { asObject, asText } from '../../chart/json.ts';
import { accessIn } from './access.ts';
import { type Failure, launchFailure } from './failures.ts';
import { type Client, oauth2 } from './fhirclient.ts';
import { type Audience, audienceOf, cardIn } from './launch-context.ts';
import { forgetStored, serverOf, type TabStorage } from './stored.ts';

/** One launch that has been completed: whose chart may be read, where, for how long, and for whom. */
export interface Session {
  readonly client: Client;
  /** The FHIR base URL that the launch named. */
  readonly iss: string;
  readonly patientId: string;
  /** What the EHR has passed on as the id of a card; whether there is such a card, the guideline says. */
  readonly openedFrom: string | undefined;
  readonly audience: Audience;
  /** As granted; undefined: neither the EHR's answer nor the request says. */
  readonly scope: string | undefined;
  /** The same in words, to be read after "It may". */
  readonly access: readonly string[];
  /** Undefined: the EHR has not said. */
  readonly expiresAt: Date | undefined;
}

/** Which FHIR server the chart will come from, known before there is a token: what does not depend on the patient can be fetched. */
export function launchingServer(
  { location: { search }, storage }: Pick<Tab, 'location' | 'storage'> = thisTab(),
): string | undefined {
  try {
    return serverOf(storage(), new URLSearchParams(search).get('state') ?? '');
  } catch {
    return undefined;
  }
}

/** The browser's tab, as far as a session needs it. */
export interface Tab {
  readonly location: Pick<Location, 'pathname' | 'search'>;
  readonly history: Pick<History, 'state' | 'replaceState'>;
  readonly storage: () => TabStorage;
  /** Exchanges the code of the address for a token. */
  readonly ready: () => Promise<Client>;
}

/** Nobody waits for longer on a token. */
const PATIENCE_MS = 30_000;
/** What the history of the tab remembers of an address at which a chart was open. */
const OPENED = { opened: true };

/**
 * Completes the launch that has led to this page. A token is good for one showing of the page: an address without a code opens
 * nothing, whatever the tab still has in store, so that neither a reload nor a duplicate of the tab shows the chart to whoever
 * comes next. Leaves nothing of the launch in the address.
 */
export async function openSession(tab: Tab = thisTab()): Promise<Session | Failure> {
  const parameters = new URLSearchParams(tab.location.search);
  // Without a state fhirclient would take the launch that was begun last in this tab: a code that nobody asked for (RFC 6749, 10.12).
  const hasAnswer = parameters.has('error') || (isGiven(parameters, 'code') && isGiven(parameters, 'state'));
  const wasOpen = asObject(tab.history.state)?.['opened'] === true;
  const opened = hasAnswer ? await complete(tab, parameters) : wasOpen ? 'ended' : 'not-launched';
  if (typeof opened === 'string') forget(tab);
  // fhirclient takes away the code; what else the EHR has added is done with as well (RFC 9207's `iss`).
  const isOpened = typeof opened !== 'string' || opened === 'ended';
  tab.history.replaceState(isOpened ? OPENED : {}, '', tab.location.pathname);
  return opened;
}

function isGiven(parameters: URLSearchParams, name: string): boolean {
  return (parameters.get(name) ?? '') !== '';
}

async function complete(tab: Tab, parameters: URLSearchParams): Promise<Session | Failure> {
  try {
    return sessionOf(await soon(tab));
  } catch (error) {
    return launchFailure(error, parameters);
  }
}

function forget({ storage }: Tab): void {
  try {
    forgetStored(storage());
  } catch {
    // Where the browser refuses to be asked for it, nothing has been stored.
  }
}

/** The token leaves the tab, and the client forgets it too. */
export function endSession({ state }: Client, storage: TabStorage = sessionStorage): void {
  state.tokenResponse = {};
  forgetStored(storage);
}

/**
 * Ends the session when the page is left, be it for another, by a reload or with the tab. A page that comes back as it was left
 * is told as well: it must show that the session has ended, and nothing of the chart.
 * @returns stops listening
 */
export function onLeaving(client: Client, showEnded: () => void, page: EventTarget = window): () => void {
  const leave = (): void => {
    endSession(client);
    showEnded();
  };
  const comeBack = (event: Event): void => {
    if ('persisted' in event && event.persisted === true) leave();
  };
  // Each part of the page that is gone to has an entry of its own in the history.
  const mark = (): void => history.replaceState(OPENED, '');
  page.addEventListener('hashchange', mark);
  page.addEventListener('pagehide', leave);
  page.addEventListener('pageshow', comeBack);
  return () => {
    page.removeEventListener('hashchange', mark);
    page.removeEventListener('pagehide', leave);
    page.removeEventListener('pageshow', comeBack);
  };
}

function sessionOf(client: Client): Session | Failure {
  const token = asObject(client.state.tokenResponse);
  // A launch that was begun and not completed leaves a client without a token.
  if (asText(token?.['access_token']) === undefined) return 'not-launched';
  const patientId = asText(token?.['patient']);
  if (patientId === undefined) return 'no-patient';
  // RFC 6749, 5.1: one that is not named is the one that was asked for.
  const scope = asText(token?.['scope']) ?? asText(client.state.scope);
  return {
    client,
    iss: client.state.serverUrl,
    patientId,
    openedFrom: cardIn(token?.['appContext']),
    audience: audienceOf(token?.['id_token']),
    scope,
    access: accessIn(scope ?? ''),
    expiresAt: expiryOf(token?.['expires_in']),
  };
}

/** By the response alone: where it says nothing, fhirclient takes five minutes. */
function expiryOf(expiresIn: unknown): Date | undefined {
  const seconds = typeof expiresIn === 'string' && /^\d+$/.test(expiresIn) ? Number(expiresIn) : expiresIn;
  if (typeof seconds !== 'number') return undefined;
  const expiresAt = new Date(Date.now() + seconds * 1000);
  return Number.isNaN(expiresAt.getTime()) ? undefined : expiresAt;
}

/** A token that comes after nobody waits for it any more is not kept. */
async function soon(tab: Tab): Promise<Client> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ready = tab.ready();
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      void ready.then((client) => endSession(client, tab.storage())).catch(() => {});
      reject(new DOMException('no token in time', 'TimeoutError'));
    }, PATIENCE_MS);
  });
  return Promise.race([ready, patience]).finally(() => clearTimeout(timer));
}

function thisTab(): Tab {
  return { location, history, storage: () => sessionStorage, ready: () => oauth2().ready() };
}
