import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { FeedbackStoreErrorReason } from './feedback/feedback-store.ts';
import type { Circuit } from './fhir/server-memories.ts';
import type { FhirTraffic } from './fhir/traffic.ts';

/** A call of a service, over. */
export interface EndedCall {
  /** The id of one of our services, never what a caller wrote. */
  readonly service: string;
  /** The name that the operator gave the client; undefined in open mode, and of one that did not prove who it is. */
  readonly client: string | undefined;
  /** The HTTP status that was sent; `gone` if the client hung up before. */
  readonly status: number | 'gone';
  /** From when the call was let in; undefined if it was not. */
  readonly ms: number | undefined;
}

/** Told of calls. Must not throw. */
export interface CallMeter {
  ended(call: EndedCall): void;
}

/** Told of what goes wrong between the service and its store. Must not throw. */
export interface StoreMeter {
  /** @param operation what was to be done, one of our own words */
  readonly failed: (operation: string, reason: FeedbackStoreErrorReason) => void;
  /** So many calls with cards will never be on record. */
  readonly showingsDropped: (count: number) => void;
  /** Whether a JWT was here before was settled by what this process alone remembers. */
  readonly replayFellBack: () => void;
  /** A request was counted by this process alone. */
  readonly rateLimitFellBack: () => void;
}

/** What the process counts of itself, for a monitoring system. No patient, no user, no token, and no address that a caller named. */
export interface Metrics {
  readonly traffic: FhirTraffic;
  readonly calls: CallMeter;
  readonly store: StoreMeter;
  /** All figures as they are now, in the text format of Prometheus. */
  exposition(): Promise<{ readonly contentType: string; readonly text: string }>;
}

export interface MetricsOptions {
  /** The circuit breakers of the FHIR servers, as they are now. */
  readonly circuits: () => readonly Circuit[];
  /** In open mode callers name the FHIR servers, and figures do not tell them apart. */
  readonly isOpen: boolean;
  /** Can the store be read now? */
  readonly isStoreUp: () => Promise<boolean>;
  /** Those of the process and of Node as well; default is false. They watch the process until it ends. */
  readonly ofProcess?: boolean;
}

/** What the service asks for. A name from elsewhere would be one more series for every one that it ever brings. */
const RESOURCE_TYPES: ReadonlySet<string> = new Set([
  'CareTeam',
  'Condition',
  'DiagnosticReport',
  'Encounter',
  'ImagingStudy',
  'Medication',
  'MedicationAdministration',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Patient',
  'Procedure',
  'ServiceRequest',
]);

/** 1.5 is the time budget of a call unless it is set otherwise. */
export const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 5, 10];

/** Creates the figures of one process, all at zero. Nothing is shared with others: there is no global registry. */
export function createMetrics({ circuits, isOpen, isStoreUp, ofProcess = false }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (ofProcess) collectDefaultMetrics({ register: registry });

  const requests = new Counter({
    name: 'asps_fhir_requests_total',
    help: 'Requests sent to FHIR servers, by what came of them.',
    labelNames: ['server', 'resource_type', 'outcome'],
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'asps_fhir_request_duration_seconds',
    help: 'Time from sending a request to a FHIR server until its answer was read, or given up.',
    labelNames: ['server'],
    buckets: SECONDS,
    registers,
  });
  const spared = new Counter({
    name: 'asps_fhir_spared_total',
    help: 'Requests to FHIR servers that were not sent, by the reason.',
    labelNames: ['server', 'resource_type', 'because'],
    registers,
  });
  const circuitOpen = new Gauge({
    name: 'asps_fhir_circuit_open',
    help: '1 while a FHIR server is left alone because it did not answer, until it answers again; else 0.',
    labelNames: ['server'],
    registers: [],
    collect() {
      this.reset();
      for (const { server, state } of circuits()) {
        const label = { server: isOpen ? 'open' : server };
        // In open mode there is one line for all of them: is any left alone?
        this.inc(label, 0);
        if (state !== 'closed') this.set(label, 1);
      }
    },
  });
  registry.registerMetric(circuitOpen);
  const calls = new Counter({
    name: 'asps_cds_calls_total',
    help: 'Calls of CDS services, by the HTTP status of the answer; gone: the client hung up before it.',
    labelNames: ['service', 'status'],
    registers,
  });
  const callSeconds = new Histogram({
    name: 'asps_cds_call_duration_seconds',
    help: 'Time from letting a call in until its answer was sent, or the client was gone.',
    labelNames: ['service'],
    buckets: SECONDS,
    registers,
  });
  registry.registerMetric(
    new Gauge({
      name: 'asps_store_up',
      help: '1 if the store of feedback and of shown cards can be read, else 0.',
      registers: [],
      async collect() {
        this.set((await isStoreUp()) ? 1 : 0);
      },
    }),
  );
  const storeErrors = new Counter({
    name: 'asps_store_errors_total',
    help: 'What could not be done with the store, by the reason.',
    labelNames: ['operation', 'reason'],
    registers,
  });
  const showingsDropped = new Counter({
    name: 'asps_showings_dropped_total',
    help: 'Calls whose cards went out and will never be on record, since the store was away for too long.',
    registers,
  });
  const replayFallback = new Counter({
    name: 'asps_replay_fallback_total',
    help: 'JWTs of which this process alone judged whether they were here before, since the store did not say in time.',
    registers,
  });
  const rateLimitFallback = new Counter({
    name: 'asps_rate_limit_fallback_total',
    help: 'Requests that were counted by this process alone, since the store did not count them in time.',
    registers,
  });

  return {
    traffic: {
      exchanged({ server, resourceType, outcome, ms }) {
        requests.inc({ server, resource_type: known(resourceType), outcome });
        requestSeconds.observe({ server }, ms / 1000);
      },
      spared({ server, resourceType, because }) {
        spared.inc({ server, resource_type: known(resourceType), because });
      },
    },
    calls: {
      ended({ service, status, ms }) {
        calls.inc({ service, status });
        if (ms !== undefined) callSeconds.observe({ service }, ms / 1000);
      },
    },
    store: {
      failed: (operation, reason) => storeErrors.inc({ operation, reason }),
      showingsDropped: (count) => showingsDropped.inc(count),
      replayFellBack: () => replayFallback.inc(),
      rateLimitFellBack: () => rateLimitFallback.inc(),
    },
    exposition: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

function known(resourceType: string): string {
  return RESOURCE_TYPES.has(resourceType) ? resourceType : 'other';
}
