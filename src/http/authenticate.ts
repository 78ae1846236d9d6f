import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { ClientAuthentication } from '../cds-hooks/authentication/authentication.ts';
import { ServiceError } from '../cds-hooks/errors.ts';
import type { Client } from '../clients.ts';
import { callLog } from '../log.ts';

const clients = new WeakMap<ServerResponse, Client>();

/** Who is being answered, and stands in the log (CH-154); undefined in open mode, and where nobody had to say. */
export function clientOf(response: ServerResponse): Client | undefined {
  return clients.get(response);
}

/** Which request is judged how. */
export interface AuthenticateOptions<Params> {
  /** The canonical public URLs of the endpoint, from the path's parameters (CH-163). Never from the Host header (M-09). */
  readonly audiences: (params: Params) => readonly string[];
  /** `if-given`: who sends no `Authorization` is nobody, and goes on as that. Default is `always`. */
  readonly when?: 'always' | 'if-given';
}

/** Makes the step of each endpoint that asks who it is. */
export type Authenticate = <Params>(options: AuthenticateOptions<Params>) => RequestHandler<Params>;

/**
 * Lets a client on, and nobody else. Whatever is wrong, the caller gets the same bare 401 (CH-180, CH-191); which check it was
 * stands in the log alone. Without authentication – open mode – everybody is let on (CH-155).
 *
 * `maxPending` JWTs are judged at a time: whoever can name a client can have signatures checked, and the queue of them would
 * otherwise grow as long as there are connections. Past it the answer is 503.
 */
export function authenticateBy(
  authentication: ClientAuthentication<Client> | undefined,
  { maxPending }: { readonly maxPending: number },
): Authenticate {
  let pending = 0;
  return ({ audiences, when = 'always' }) =>
    async (request, response, next) => {
      const { authorization } = request.headers;
      if (authentication === undefined || (when === 'if-given' && authorization === undefined)) {
        next();
        return;
      }
      if (pending >= maxPending) throw new ServiceError('overloaded');
      pending += 1;
      try {
        const judged = hasOneAuthorization(request)
          ? await authentication.authenticate(authorization, audiences(request.params))
          : ({ state: 'refused', reason: 'malformed' } as const);
        if (judged.state === 'refused') {
          callLog(response).add({ refusal: judged.reason });
          throw new ServiceError('unauthenticated');
        }
        if (judged.state === 'authenticated') {
          callLog(response).add({ client: judged.client.name });
          clients.set(response, judged.client);
        }
      } finally {
        pending -= 1;
      }
      next();
    };
}

/** Node keeps the first of several, other software on the way may heed the last: then nobody knows who is meant. */
function hasOneAuthorization({ headersDistinct }: IncomingMessage): boolean {
  return (headersDistinct['authorization']?.length ?? 0) < 2;
}

/** A client that is known, and may not call this service (CH-192). */
export const checkEntitlement: RequestHandler<{ id: string }> = (request, response, next) => {
  const services = clientOf(response)?.services;
  if (services !== undefined && !services.includes(request.params.id)) throw new ServiceError('forbidden');
  next();
};
