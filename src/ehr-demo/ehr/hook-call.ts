import { buildHookRequest, type DiscoveredService, type HookEvent, serviceForHook } from '../hook-request.ts';
import { reasonIn } from '../service-client.ts';
import { type AnsweredCards, answeredCards } from './answered-cards.ts';
import type { Character } from './character.ts';
import type { Discover } from './discovery.ts';
import type { Exchange } from './exchange.ts';
import type { EhrOptions } from './operations.ts';
import type { Send } from './service-exchange.ts';
import { SERVICE_SCOPES } from './service-scopes.ts';
import { workOn } from './work.ts';

/** What an EHR knows after it has called, or has not. */
export type Advice =
  | ({ readonly kind: 'cards' } & AnsweredCards)
  /** The hook is none that this EHR fires, or that the service offers: why nobody was asked, in words. */
  | { readonly kind: 'not-asked'; readonly because: string }
  /** No cards came that could be read: why, in words. */
  | { readonly kind: 'failed'; readonly because: string };

/** What happens in a chart, for the service to comment on. */
export type ChartEvent = Pick<HookEvent, 'patient' | 'hook' | 'draft' | 'selections' | 'problems'>;

export type HookCallOptions = Pick<
  EhrOptions,
  'publicUrl' | 'fhirBaseUrl' | 'openFhirBaseUrl' | 'signer' | 'issueToken' | 'watchTraffic'
> & { readonly discover: Discover; readonly send: Send };

/** What the service is called in `subject`, and as the client of the token (CDS Hooks 2.0, "Passing the access token"). */
const SERVICE_CLIENT_ID = 'asps-cds-service';
/** How long the token lives, in seconds: as long as a call needs, and a little more. */
const TOKEN_SECONDS = 300;

/** Fires a hook as this character does. Tells of each exchange as it ends. */
export async function fireHook(
  options: HookCallOptions,
  character: Character,
  event: ChartEvent,
  onExchange: (exchange: Exchange) => void,
): Promise<Advice> {
  const { hook } = event;
  if (!character.hooks.has(hook)) {
    return {
      kind: 'not-asked',
      because: `This EHR (${character.name}) does not call on ${hook}: nobody was asked.`,
    };
  }
  const discovered = await options.discover(character, onExchange);
  if ('failure' in discovered) return { kind: 'failed', because: discovered.failure };
  const service = serviceForHook(discovered.services, hook);
  if (service === undefined) return { kind: 'not-asked', because: `The service offers nothing for ${hook}.` };

  const exchange = await callFor(options, character, event, service);
  onExchange(exchange);
  return adviceIn(exchange.response);
}

async function callFor(
  { publicUrl, fhirBaseUrl, openFhirBaseUrl, signer, issueToken, watchTraffic, send }: HookCallOptions,
  character: Character,
  event: ChartEvent,
  service: DiscoveredService,
): Promise<Exchange> {
  const { id, hook } = service;
  const url = `${publicUrl}/cds-services/${encodeURIComponent(id)}`;
  const { patientId } = event.patient;
  const token =
    character.fhirServer === 'secured'
      ? await issueToken({
          scopes: SERVICE_SCOPES,
          patient: patientId,
          client: SERVICE_CLIENT_ID,
          seconds: TOKEN_SECONDS,
        })
      : undefined;

  const work = workOn(event.patient, character);
  const built = buildHookRequest({ ...event, work, fhirBaseUrl }, character.sendsPrefetch ? service : { id, hook });
  const body = {
    hook,
    hookInstance: built.hookInstance,
    fhirServer: token === undefined ? openFhirBaseUrl : fhirBaseUrl,
    ...(token !== undefined && {
      fhirAuthorization: {
        access_token: token,
        token_type: 'Bearer',
        expires_in: TOKEN_SECONDS,
        scope: SERVICE_SCOPES.join(' '),
        subject: SERVICE_CLIENT_ID,
        patient: patientId,
      },
    }),
    context: built.context,
    ...(built.prefetch && { prefetch: built.prefetch }),
    ...(character.extension && { extension: character.extension(hook) }),
  };
  const headers = {
    accept: 'application/json',
    'content-type': 'application/json',
    authorization: await signer(character.id).authorization(url),
  };
  return send({
    about: hook,
    request: { method: 'POST', url, headers, body: JSON.stringify(body) },
    watchTraffic: () => watchTraffic(token),
  });
}

function adviceIn(response: Exchange['response']): Advice {
  if ('failure' in response) return { kind: 'failed', because: response.failure };
  const { status, body } = response;
  if (status !== 200) return { kind: 'failed', because: `It answered with ${status}: ${reasonIn(body).slice(0, 300)}` };
  const answered = answeredCards(body);
  return answered === undefined
    ? { kind: 'failed', because: 'What it answered are no cards' }
    : { kind: 'cards', ...answered };
}
