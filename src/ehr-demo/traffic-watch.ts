import type { FhirExchange } from './fhir-server/fhir-exchange.ts';

/** Tells what one FHIR base was asked while somebody was watching. */
export interface TrafficWatch {
  /** Told of each request to it. */
  readonly record: (exchange: FhirExchange) => void;
  /**
   * Begins to collect requests with this token, or those without any: whoever comes without a token cannot be told from
   * others who do so at the same time. What is more than a call may need is left out, and long addresses are cut.
   */
  readonly watch: (token: string | undefined) => { stop(): readonly FhirExchange[] };
}

/** More than the service asks for one call. */
const MOST_EXCHANGES = 200;
/** Of an address, in characters: a search by POST may have a body of a megabyte. */
const LONGEST_PATH = 2000;

export function trafficWatch(): TrafficWatch {
  const watches = new Set<{ readonly token: string | undefined; readonly seen: FhirExchange[] }>();
  return {
    record: (exchange) => {
      const { path } = exchange;
      const kept = path.length > LONGEST_PATH ? { ...exchange, path: `${path.slice(0, LONGEST_PATH)}…` } : exchange;
      for (const { token, seen } of watches) {
        if (token === exchange.token && seen.length < MOST_EXCHANGES) seen.push(kept);
      }
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
