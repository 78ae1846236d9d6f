import { cardSettings, serviceVersion } from './card-settings.ts';
import type { ClientAuthentication } from './cds-hooks/authentication/authentication.ts';
import { createClientAuthentication } from './cds-hooks/authentication/client-authentication.ts';
import { openToStrangers } from './cds-hooks/authentication/open-authentication.ts';
import type { ReplayMemory } from './cds-hooks/authentication/replay-memory.ts';
import { smartRegistrations } from './clients/smart-registrations.ts';
import { type Client, type Clients, readClients } from './clients.ts';
import { compose } from './compose.ts';
import { type Config, readConfig } from './config.ts';
import { DEMO_OVERLAY, demoClients, demoLaunch, isDemoInstalled, serveDemo } from './demo.ts';
import { readInsights } from './feedback/insights/read-insights.ts';
import { openDatabase } from './feedback/store/open-database.ts';
import { rememberServers } from './fhir/server-memories.ts';
import { loadGuidelines } from './guidelines.ts';
import { createLogger, safeError } from './log.ts';
import { createMetrics } from './metrics.ts';
import { openStore } from './open-store.ts';
import { insightsPages } from './pages/insights-pages.ts';
import { insightsWords } from './pages/insights-words.ts';
import { bundledOnce } from './pages/smart-app-assets.ts';
import { bundleSmartApp } from './pages/smart-app-bundle.ts';
import { readReferenceTexts } from './reference-texts.ts';
import { listen } from './server.ts';
import { cdsServices } from './services.ts';
import { greeting, logGuidelines } from './start-report.ts';

/** For a client to take its answer, beyond the time that FHIR servers may need. */
const ANSWER_TIMEOUT_MS = 60_000;

/** For the last lines of the log to be taken. */
const FLUSH_MS = 1000;

/** Reads the configuration, composes, listens, and stops cleanly. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  const read = clientsOf(config);
  const hasDemo = config.demo && isDemoInstalled();
  const guidelines = loadGuidelines({
    overlayDir: config.overlayDir,
    clients: read,
    onFirstCall: hasDemo ? DEMO_OVERLAY : undefined,
  });
  const registered = read !== undefined && 'clients' in read ? read.clients : undefined;
  const database = await openDatabase(config.databaseUrl);
  const logger = createLogger(config.logLevel);
  const memories = rememberServers();
  const isOpen = registered === undefined;
  const isStoreUp = () => database.isReachable();
  const metrics = createMetrics({ circuits: memories.circuits, isOpen, isStoreUp, ofProcess: true });
  const now = () => new Date();
  const store = await openStore(database, {
    ...config,
    meter: metrics.store,
    logger,
    version: serviceVersion(),
    settings: cardSettings(guidelines, config.maxCards),
    now,
  });

  const { catalogue, ofApp } = readReferenceTexts(guidelines.files, {
    isAppRegistered: registered?.some(({ smartClientId }) => smartClientId !== undefined) ?? false,
  });

  // The port may be known only now, and with it the address that the demo EHR is registered with.
  const server = await listen((request, response) => app(request, response), {
    port: config.port,
    host: config.host,
    answerTimeoutMs: ANSWER_TIMEOUT_MS + config.fhirBudgetMs,
  });
  const publicUrl = config.publicUrl ?? server.url;
  const demo = hasDemo ? demoClients(publicUrl) : [];
  const launching = [...(registered ?? []), ...(hasDemo ? [demoLaunch(publicUrl)] : [])];
  const hasSmartApp = launching.some(({ smartClientId }) => smartClientId !== undefined);
  const files = bundledOnce(bundleSmartApp, (problems) =>
    logger.error({ problems }, 'the SMART app could not be built, and is not served'),
  );
  const onFault = (fault: unknown) => logger.error({ failure: safeError(fault) }, 'the demo EHR failed');
  const words = insightsWords([guidelines.standard, ...guidelines.ofClients.map(({ guideline }) => guideline)]);
  const insights = insightsPages({
    ...config,
    isOpen,
    publicUrl: () => publicUrl,
    now,
    read: (query) => readInsights(database, query, words, now()),
  });
  let ready = true;
  const app = compose({
    ...config,
    guidelines,
    catalogue,
    authentication: authenticationOf(registered, demo, store.replayMemory),
    isOpen,
    demo: hasDemo ? serveDemo({ publicUrl, onFault }, () => guidelines.forClient(DEMO_OVERLAY.client)) : undefined,
    smartApp: hasSmartApp
      ? {
          registrations: smartRegistrations(launching),
          files,
          evidence: () => ({ outcomes: ofApp().outcomes, sources: guidelines.standard.sources, catalogue }),
          education: () => ofApp().education,
        }
      : undefined,
    feedback: store.feedback,
    recorder: store.recorder,
    insights,
    sharedRates: store.sharedRates,
    memories,
    metrics,
    logger,
    publicUrl: () => publicUrl,
    ready: async (asked) => ready && (asked === 'cards' || (await isStoreUp())),
    now,
  });
  let exitCode = 0;
  const end = async (because: object) => {
    ready = false;
    logger.info(because, 'stopping');
    try {
      await server.stop(config.shutdownGraceMs);
      await store.stop();
      logger.info('stopped');
    } catch (error) {
      logger.fatal({ failure: safeError(error) }, 'stopped, and not cleanly');
      exitCode = 1;
    }
    // A question to a FHIR server that nobody waits for any more must not keep the process.
    logger.flush(() => process.exit(exitCode));
    // Whoever reads the log may have stalled, and the end of the process would wait for a write that never ends.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), FLUSH_MS);
  };
  let stopping: Promise<void> | undefined;
  // Once, however many ask for it.
  const stop = (because: object) => {
    stopping ??= end(because);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop({ signal }));
  process.on('unhandledRejection', (reason) => {
    logger.fatal({ failure: safeError(reason) }, 'unhandled rejection');
    exitCode = 1;
    stop({});
  });
  // Whoever started the service may have gone, and with it the other end of the pipe: calls are answered all the same.
  process.stdout.on('error', () => {});
  logger.info({ port: Number(new URL(server.url).port) }, 'listening');
  process.stdout.write(
    `${greeting(publicUrl, guidelines.standard.cards.length, registered, { ...config, hasDemo, hasInsights: insights !== undefined })}\n`,
  );
  // As in a production install (`npm install --omit=dev`).
  if (config.demo && !hasDemo) logger.info('the demo EHR is not served: its packages are not installed');
  logGuidelines(guidelines, logger);
  // Whoever launches it first need not wait.
  if (hasSmartApp) void files();
}

/** Undefined: nobody is on record. In open mode strangers are let on beside the demo EHR, which proves who it is all the same. */
function authenticationOf(
  registered: readonly Client[] | undefined,
  demo: readonly Client[],
  replayMemory: ReplayMemory,
): ClientAuthentication<Client> | undefined {
  const clients = [...(registered ?? []), ...demo];
  if (clients.length === 0) return undefined;
  const authentication = createClientAuthentication(clients, { replayMemory });
  return registered === undefined ? openToStrangers(authentication, clients) : authentication;
}

function clientsOf({ clientsFile, isProduction }: Config): Clients | undefined {
  if (clientsFile === undefined) return undefined;
  return readClients(clientsFile, { isProduction, services: cdsServices({}).map(({ id }) => id) });
}

try {
  await main();
} catch (error) {
  // It may be listening already.
  process.stderr.write(`${error instanceof Error ? error.message : 'The service could not start.'}\n`, () =>
    process.exit(1),
  );
}
