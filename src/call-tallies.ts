import type { Recorder } from './feedback/recorder.ts';
import type { FhirTraffic } from './fhir/traffic.ts';
import { type CallMeter, SECONDS } from './metrics.ts';

/** Counts calls for the insights: how they ended, and how long they took. */
export function talliedCalls(recorder: Pick<Recorder, 'count'>): CallMeter {
  return {
    ended({ service, client, status, ms }) {
      recorder.count({ measure: 'call', service, client, subject: String(status) });
      if (ms !== undefined) recorder.count({ measure: 'duration', service, client, subject: bucketOf(ms / 1000) });
    },
  };
}

/** The same of requests to FHIR servers, by what came of them alone: in open mode callers name the servers. */
export function talliedTraffic(recorder: Pick<Recorder, 'count'>): FhirTraffic {
  return {
    exchanged: ({ outcome }) => recorder.count({ measure: 'fhir', subject: outcome }),
    spared: ({ because }) => recorder.count({ measure: 'fhir', subject: `spared:${because}` }),
  };
}

/** The smallest upper bound that holds it. */
function bucketOf(seconds: number): string {
  return String(SECONDS.find((bound) => seconds <= bound) ?? '+Inf');
}

/** Tells both of calls. */
export function bothMeters(one: CallMeter, other: CallMeter): CallMeter {
  return {
    ended(call) {
      one.ended(call);
      other.ended(call);
    },
  };
}

/** Tells both of what goes between the service and FHIR servers. */
export function bothTraffics(one: FhirTraffic, other: FhirTraffic): FhirTraffic {
  return {
    exchanged(exchange) {
      one.exchanged(exchange);
      other.exchanged(exchange);
    },
    spared(question) {
      one.spared(question);
      other.spared(question);
    },
  };
}
