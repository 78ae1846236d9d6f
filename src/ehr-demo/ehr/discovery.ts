import type { CallSigner } from '../call-signer.ts';
import type { DiscoveredService } from '../hook-request.ts';
import { reasonIn, servicesIn } from '../service-client.ts';
import type { Character, CharacterId } from './character.ts';
import type { Exchange } from './exchange.ts';
import type { Send } from './service-exchange.ts';

/** What a service offers to a client; or why that is not known. */
export type Discovered = { readonly services: readonly DiscoveredService[] } | { readonly failure: string };

/** Asks for it once for each character, and again only if there was no answer. Tells of each exchange that the EHR has. */
export type Discover = (character: Character, onExchange: (exchange: Exchange) => void) => Promise<Discovered>;

export function createDiscovery(
  publicUrl: string,
  signer: (character: CharacterId) => CallSigner,
  send: Send,
): Discover {
  const known = new Map<CharacterId, Promise<Discovered>>();

  async function ask(character: Character, onExchange: (exchange: Exchange) => void): Promise<Discovered> {
    const url = `${publicUrl}/cds-services`;
    const authorization = await signer(character.id).authorization(url);
    const headers = { accept: 'application/json', authorization };
    const exchange = await send({ about: 'discovery', request: { method: 'GET', url, headers } });
    // What is copied by hand in such an EHR has to come from somewhere here; it is no call that it makes.
    if (character.readsDiscovery) onExchange(exchange);
    return discoveredFrom(exchange.response);
  }

  return async (character, onExchange) => {
    const asked = known.get(character.id) ?? ask(character, onExchange);
    known.set(character.id, asked);
    const discovered = await asked.catch((error: unknown) => {
      known.delete(character.id);
      throw error;
    });
    if ('failure' in discovered) known.delete(character.id);
    return discovered;
  };
}

function discoveredFrom(response: Exchange['response']): Discovered {
  if ('failure' in response) return response;
  const { status, body } = response;
  if (status !== 200) return { failure: `Discovery was answered with ${status}: ${reasonIn(body)}` };
  const services = servicesIn(body);
  return services === undefined ? { failure: 'What it answered on discovery is no list of services' } : { services };
}
