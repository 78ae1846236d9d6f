/** What a FHIR server was asked since its start, and the bytes of the bodies it answered with. */
export interface ServedTraffic {
  readonly requests: number;
  readonly bytes: number;
}

/** What was served between two looks. */
export function trafficBetween(before: ServedTraffic, after: ServedTraffic): ServedTraffic {
  return { requests: after.requests - before.requests, bytes: after.bytes - before.bytes };
}
