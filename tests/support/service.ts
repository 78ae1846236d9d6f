import type { Router } from 'express';
import { pino } from 'pino';
import type { ClientAuthentication } from '../../src/cds-hooks/authentication/authentication.ts';
import { chartQueries } from '../../src/chart/queries.ts';
import type { Client } from '../../src/clients.ts';
import { compose } from '../../src/compose.ts';
import type { FeedbackStore, ReceivedFeedback } from '../../src/feedback/feedback-store.ts';
import type { Recorder } from '../../src/feedback/recorder.ts';
import type { ShownCards } from '../../src/feedback/showing.ts';
import type { Tally } from '../../src/feedback/tally.ts';
import { createTallyCounter } from '../../src/feedback/tally-counter.ts';
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
  /** Comments are dropped by default. */
  readonly commentRetentionDays?: number;
  /** Told of what is answered; forgets it by default. */
  readonly recorder?: Pick<Recorder, 'count' | 'showed'>;
  readonly insights?: Router;
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

/** Keeps in memory what is answered. */
export function rememberRecord(now: () => Date = () => TODAY): Pick<Recorder, 'count' | 'showed'> & {
  readonly shown: ShownCards[];
  /** What was counted since it was last asked. */
  readonly tallies: () => readonly Tally[];
} {
  const shown: ShownCards[] = [];
  const counter = createTallyCounter(now);
  return {
    shown,
    showed: async (cards) => void shown.push(cards),
    count: (counted, times) => counter.count(counted, times),
    tallies: () => counter.take(),
  };
}

/** The whole service on a free loopback port, put together as in production, at a fixed time. */
export async function serveService(options: ServiceOptions = {}): Promise<Served> {
  const { now = () => TODAY, maxCards = 4, budgetMs = 1500, onLog, guidelines = FOR_EVERYONE } = options;
  const { authentication, discoveryAuth = false, feedback = rememberFeedback(), maxCallsInFlight = 100 } = options;
  const { memories = rememberServers(), recorder = rememberRecord(), commentRetentionDays = 0 } = options;
  const metrics = createMetrics({
    circuits: memories.circuits,
    isOpen: authentication === undefined,
    isStoreUp: () => feedback.isReachable(),
  });
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
      ready: async (asked) => asked === 'cards' || feedback.isReachable(),
      logger: onLog === undefined ? pino({ level: 'silent' }) : pino({ level: 'info', base: null }, { write: onLog }),
      bodyLimit: '10mb',
      fhirBudgetMs: budgetMs,
      maxCards,
      maxCallsInFlight,
      commentRetentionDays,
      recorder,
      insights: options.insights,
      now,
    }),
  );
}

function shippedCatalogue(): Catalogue {
  const read = readCatalogue(readGuidelineFolder(CARDS_FOLDER));
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read;
}
