import { pino } from 'pino';
import { createAnswer } from '../../src/answer.ts';
import { createApp } from '../../src/app.ts';
import { chartQueries } from '../../src/chart/queries.ts';
import { createFhirServer } from '../../src/fhir/fhir-server.ts';
import type { Guideline } from '../../src/guideline/guideline.ts';
import { loadGuideline } from '../../src/guideline/load.ts';
import { type Catalogue, readCatalogue } from '../../src/guideline/statements.ts';
import { CARDS_FOLDER, readGuidelineFolder } from '../../src/guideline-folder.ts';
import type { Guidelines } from '../../src/guidelines.ts';
import { evidenceUrl } from '../../src/pages/evidence-url.ts';
import { guidelinePages } from '../../src/pages/pages.ts';
import { cdsServices } from '../../src/services.ts';
import { type Served, serve } from './http.ts';

/** The guideline that comes with the service. */
export const guideline: Guideline = loadGuideline(readGuidelineFolder(CARDS_FOLDER));

/** What its cards rest on, in words. */
export const catalogue: Catalogue = shippedCatalogue();

/** The day on which the synthetic patients are told. */
export const TODAY = new Date('2026-11-22T12:00:00Z');

const FOR_EVERYONE: Pick<Guidelines, 'forServer' | 'ofSite' | 'siteOf'> = {
  forServer: () => guideline,
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
  readonly guidelines?: Pick<Guidelines, 'forServer' | 'ofSite' | 'siteOf'>;
}

/** The whole service on a free loopback port, composed as in production, at a fixed time. */
export async function serveService(options: ServiceOptions = {}): Promise<Served> {
  const { now = () => TODAY, maxCards = 4, budgetMs = 1500, onLog, guidelines = FOR_EVERYONE } = options;
  const queries = chartQueries(guideline.terminology);
  const logger =
    onLog === undefined ? pino({ level: 'silent' }) : pino({ level: 'info', base: null }, { write: onLog });
  return serve(
    createApp({
      services: cdsServices(queries),
      answer: createAnswer({
        guidelineFor: guidelines.forServer,
        queries,
        server: createFhirServer(),
        policy: { mode: 'open' },
        budgetMs,
        maxCards,
        evidenceUrl: (cardId, own) => evidenceUrl('https://cds.example', cardId, guidelines.siteOf(own)),
        now,
      }),
      ready: () => true,
      logger,
      bodyLimit: '10mb',
      pages: guidelinePages(guidelines.ofSite, () => 'https://cds.example', { catalogue, now }),
    }),
  );
}

function shippedCatalogue(): Catalogue {
  const read = readCatalogue(readGuidelineFolder(CARDS_FOLDER));
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read;
}
