import type { CdsClient } from '../client.ts';
import type { ClientAuthentication } from './authentication.ts';
import { readJwt } from './jwt.ts';

/**
 * For open mode with clients on record: whoever says to be one of them has to prove it, and everybody else is let on as nobody
 * in particular, whatever JWT they send or do not send (CH-155).
 */
export function openToStrangers<Client extends CdsClient>(
  authentication: ClientAuthentication<Client>,
  clients: readonly Client[],
): ClientAuthentication<Client> {
  const issuers = new Set(clients.map(({ iss }) => iss));
  return {
    authenticate: async (authorization, audiences) => {
      const issuer = claimedIssuer(authorization);
      if (issuer === undefined || !issuers.has(issuer)) return { state: 'stranger' };
      return authentication.authenticate(authorization, audiences);
    },
  };
}

/** What a JWT says of itself; nothing is known of its signature yet. */
function claimedIssuer(authorization: string | undefined): string | undefined {
  const token = /^Bearer +(?<token>\S+)$/i.exec(authorization ?? '')?.groups?.['token'];
  return token === undefined ? undefined : readJwt(token)?.claims.iss;
}
