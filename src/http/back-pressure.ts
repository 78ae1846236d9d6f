import type express from 'express';
import { ServiceError } from '../cds-hooks/errors.ts';
import { onExchangeEnd } from './exchange-end.ts';

export interface InFlightLimit extends express.RequestHandler {
  /** How many requests hold a slot now. */
  readonly inFlight: () => number;
}

export interface InFlightOptions {
  readonly max: number;
  /** Whose request it is; default is nobody's. One may hold half of the slots, so that its slow calls never keep all others out. */
  readonly holderOf?: (response: express.Response) => string | undefined;
}

/**
 * Lets at most `max` requests be worked on at a time. One more is answered at once that it should come back later (503, CH-192),
 * so that memory and waiting times stay bounded (CH-193). A slot is held until the answer is sent, or its connection is gone.
 */
export function limitInFlight({ max, holderOf = () => undefined }: InFlightOptions): InFlightLimit {
  const share = Math.ceil(max / 2);
  const shares = new Map<string, number>();
  let taken = 0;

  const handler: express.RequestHandler = (request, response, next) => {
    const holder = holderOf(response);
    if (taken >= max || (holder !== undefined && heldBy(holder) >= share)) {
      next(new ServiceError('overloaded'));
      return;
    }
    count(holder, 1);
    onExchangeEnd(request, response, () => count(holder, -1));
    next();
  };
  return Object.assign(handler, { inFlight: () => taken });

  function heldBy(holder: string): number {
    return shares.get(holder) ?? 0;
  }

  function count(holder: string | undefined, more: number): void {
    taken += more;
    if (holder !== undefined) shares.set(holder, heldBy(holder) + more);
  }
}
