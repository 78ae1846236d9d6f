import { createAnswer } from './answer.ts';
import { createApp } from './app.ts';
import { chartQueries } from './chart/queries.ts';
import { readConfig } from './config.ts';
import { createFhirServer } from './fhir/fhir-server.ts';
import { loadGuideline } from './guideline/load.ts';
import { CARDS_FOLDER, readGuidelineFolder } from './guideline-folder.ts';
import { createLogger, safeError } from './log.ts';
import { guidelinePages } from './pages/pages.ts';
import { listen } from './server.ts';
import { cdsServices } from './services.ts';

/** Reads the configuration, composes, listens, and stops cleanly. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const guideline = loadGuideline(readGuidelineFolder(CARDS_FOLDER));
  const logger = createLogger(config.logLevel);
  const queries = chartQueries(guideline.terminology);

  let publicUrl = config.publicUrl ?? '';
  let ready = true;
  const app = createApp({
    services: cdsServices(queries),
    answer: createAnswer({
      guideline,
      queries,
      server: createFhirServer(),
      policy: { mode: 'open' },
      budgetMs: config.fhirBudgetMs,
      maxCards: config.maxCards,
      evidenceUrl: (cardId) => `${publicUrl}/evidence/${cardId}`,
      now: () => new Date(),
    }),
    ready: () => ready,
    logger,
    bodyLimit: config.bodyLimit,
    pages: guidelinePages(guideline, () => publicUrl),
  });
  const server = await listen(app, config);
  publicUrl = config.publicUrl ?? server.url;
  const stop = async (signal: string) => {
    ready = false;
    logger.info({ signal }, 'stopping');
    await server.stop(config.shutdownGraceMs);
    logger.info('stopped');
    // A question to a FHIR server that nobody waits for any more must not keep the process.
    logger.flush(() => process.exit());
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
  process.on('unhandledRejection', (reason) => {
    logger.fatal({ failure: safeError(reason) }, 'unhandled rejection');
    process.exitCode = 1;
    void server.stop(config.shutdownGraceMs);
  });
  process.stdout.write(`${greeting(publicUrl, guideline.cards.length)}\n`);
  const today = new Date().toISOString().slice(0, 10);
  for (const { file } of guideline.cards) {
    if (today > file.reviewDue)
      logger.warn({ card: file.id, reviewDue: file.reviewDue }, 'card is past its review date');
  }
}

function greeting(url: string, cards: number): string {
  return [
    `ASPS guideline cards: ${cards} cards, ready at ${url}`,
    `  ${url}/               what this is`,
    `  ${url}/cds-services   discovery, for an EHR or the CDS Hooks Sandbox`,
    '  npm run try            play the EHR from another terminal',
    'OPEN MODE: callers are not authenticated. It listens on loopback only and asks FHIR servers on loopback only. Not for real patients.',
  ].join('\n');
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'The service could not start.'}\n`);
  process.exitCode = 1;
}
