import { pino } from 'pino';
import type { ClientAuthentication } from '../../src/cds-hooks/authentication/authentication.ts';
import { chartQueries } from '../../src/chart/queries.ts';
import type { Client } from '../../src/clients.ts';
import { compose } from '../../src/compose.ts';
import type { FeedbackStore, ReceivedFeedback } from '../../src/feedback/feedback-store.ts';
import { type LocalServerMemories, rememberServers } from '../../src/fhir/server-memories.ts';
import type { FhirTraffic } from '../../src/fhir/traffic.ts';
import type { Guideline } from '../../src/guideline/guideline.ts';
import { loadGuideline } from '../../src/guideline/load.ts';
import { type Catalogue, readCatalogue } from '../../src/guideline/statements.ts';
import { CARDS_FOLDER, readGuidelineFolder } from '../../src/guideline-folder.ts';
import type { Guidelines } from '../../src/guidelines.ts';
import { createMetrics } from '../../src/metrics.ts';
import { type Served, serve } from './http.ts';

/** The guideline that comes with the service. */
export const guideline: Guideline = loadGuideline(readGuidelineFolder(CARDS_FOLDER));

/** What its cards rest on, in words. */
export const catalogue: Catalogue = shippedCatalogue();

/** The day on which the synthetic patients are told. */
export const TODAY = new Date('2026-11-22T12:00:00Z');

const FOR_EVERYONE: Pick<Guidelines, 'forClient' | 'ofSite' | 'siteOf'> = {
  forClient: () => guideline,
  ofSite: (site) => (site === undefined ? guideline : undefined),
  siteOf: () => undefined,
};

export interface ServiceOptions {
  readonly now?: () => Date;
  readonly maxCards?: number;
  readonly budgetMs?: number;
  /** Takes each log line. */
  readonly onLog?: (line: string) => void;
  /** The shipped guideline for everyone, by default. */
  readonly guidelines?: Pick<Guidelines, 'forClient' | 'ofSite' | 'siteOf'>;
  /** Who sends a call; nobody known by default, as in open mode. */
  readonly authentication?: ClientAuthentication<Client>;
  readonly discoveryAuth?: boolean;
  readonly feedback?: FeedbackStore;
  readonly maxCallsInFlight?: number;
  /** What is known of FHIR servers; nothing, by default. */
  readonly memories?: LocalServerMemories;
  /** Told of each question to a FHIR server, in place of the metrics. */
  readonly traffic?: FhirTraffic;
}

/** What `serveService` calls itself, whatever port it is on. */
export const PUBLIC_URL = 'https://cds.example';

/**
 * Takes the bearer token for a client's name. For tests of what a client gets; that nobody else gets it is shown with real
 * JWTs in tests/authentication.test.ts.
 */
export function trustingAuthentication(clients: readonly Client[]): ClientAuthentication<Client> {
  return {
    authenticate: async (authorization) => {
      const client = clients.find(({ name }) => authorization === `Bearer ${name}`);
      return client === undefined ? { state: 'refused', reason: 'issuer' } : { state: 'authenticated', client };
    },
  };
}

/** Keeps feedback in memory: for tests of everything but the store. */
export function rememberFeedback(): FeedbackStore & { readonly kept: ReceivedFeedback[] } {
  const kept: ReceivedFeedback[] = [];
  return {
    kept,
    append: async (feedback) => void kept.push(feedback),
    isReachable: async () => true,
    close: async () => {},
  };
}

/** The whole service on a free loopback port, put together as in production, at a fixed time. */
export async function serveService(options: ServiceOptions = {}): Promise<Served> {
  const { now = () => TODAY, maxCards = 4, budgetMs = 1500, onLog, guidelines = FOR_EVERYONE } = options;
  const { authentication, discoveryAuth = false, feedback = rememberFeedback(), maxCallsInFlight = 100 } = options;
  const { memories = rememberServers() } = options;
  const metrics = createMetrics({ circuits: memories.circuits, isOpen: authentication === undefined });
  return serve(
    compose({
      guidelines: { queries: chartQueries(guideline.terminology), ...guidelines },
      catalogue,
      authentication,
      isOpen: authentication === undefined,
      discoveryAuth,
      publicUrl: () => PUBLIC_URL,
      feedback,
      memories,
      metrics: { ...metrics, traffic: options.traffic ?? metrics.traffic },
      ready: () => feedback.isReachable(),
      logger: onLog === undefined ? pino({ level: 'silent' }) : pino({ level: 'info', base: null }, { write: onLog }),
      bodyLimit: '10mb',
      fhirBudgetMs: budgetMs,
      maxCards,
      maxCallsInFlight,
      onShadow: () => {},
      now,
    }),
  );
}

function shippedCatalogue(): Catalogue {
  const read = readCatalogue(readGuidelineFolder(CARDS_FOLDER));
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read;
}
