import * as fc from 'fast-check';
import { addressRequests } from './address-requests.ts';
import { encodedCalls } from './encoding-requests.ts';
import { feedbackCalls } from './feedback-requests.ts';
import { changedCalls, damagedCalls, type FhirOrigin, realCall } from './hook-requests.ts';
import type { RealRequest } from './real-requests.ts';
import { socketRequests } from './socket-requests.ts';
import type { WireRequest } from './wire.ts';

/** What requests are made from. */
export type Material = {
  readonly real: readonly RealRequest[];
  readonly serviceIds: readonly string[];
  readonly cardIds: readonly string[];
  readonly fhirOrigin: FhirOrigin;
};

/** Everything the fuzzer sends: mostly what gets past the door, since what is behind it is larger. */
export function everyRequest({ real, serviceIds, cardIds, fhirOrigin }: Material): fc.Arbitrary<WireRequest> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(...real).map(realCall) },
    { weight: 56, arbitrary: changedCalls(real, fhirOrigin) },
    { weight: 16, arbitrary: damagedCalls(real) },
    { weight: 6, arbitrary: encodedCalls(real) },
    { weight: 8, arbitrary: feedbackCalls(serviceIds) },
    { weight: 8, arbitrary: addressRequests(serviceIds, cardIds) },
    { weight: 4, arbitrary: socketRequests(real) },
  );
}
