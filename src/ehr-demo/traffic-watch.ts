import type { FhirExchange } from './fhir-server/fhir-exchange.ts';

/** Tells what the FHIR server was asked while somebody was watching. */
export interface TrafficWatch {
  /** Told of each request that the FHIR server has answered. */
  readonly record: (exchange: FhirExchange) => void;
  /**
   * Begins to collect requests with this token, or those without any: whoever comes without a token cannot be told from
   * others who do so at the same time.
   */
  readonly watch: (token: string | undefined) => { stop(): readonly FhirExchange[] };
}

export function trafficWatch(): TrafficWatch {
  const watches = new Set<{ readonly token: string | undefined; readonly seen: FhirExchange[] }>();
  return {
    record: (exchange) => {
      for (const { token, seen } of watches) if (token === exchange.token) seen.push(exchange);
    },
    watch: (token) => {
      const watch = { token, seen: [] as FhirExchange[] };
      watches.add(watch);
      return {
        stop: () => {
          watches.delete(watch);
          return watch.seen;
        },
      };
    },
  };
}
