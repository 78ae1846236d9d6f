import type { ClientAuthentication } from './cds-hooks/authentication/authentication.ts';
import { createClientAuthentication } from './cds-hooks/authentication/client-authentication.ts';
import { openToStrangers } from './cds-hooks/authentication/open-authentication.ts';
import { smartRegistrations } from './clients/smart-registrations.ts';
import { type Client, type Clients, readClients } from './clients.ts';
import { compose } from './compose.ts';
import { type Config, readConfig } from './config.ts';
import { DEMO_OVERLAY, demoClients, demoLaunch, isDemoInstalled, serveDemo } from './demo.ts';
import { openSqliteFeedbackStore } from './feedback/sqlite-feedback-store.ts';
import { rememberServers } from './fhir/server-memories.ts';
import type { Guideline } from './guideline/guideline.ts';
import { type Guidelines, loadGuidelines } from './guidelines.ts';
import { createLogger, type Logger, safeError } from './log.ts';
import { createMetrics } from './metrics.ts';
import { bundledOnce } from './pages/smart-app-assets.ts';
import { bundleSmartApp } from './pages/smart-app-bundle.ts';
import { readReferenceTexts } from './reference-texts.ts';
import { listen } from './server.ts';
import { cdsServices } from './services.ts';
import { shadowCounts } from './shadow-counts.ts';

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
  const feedback = openSqliteFeedbackStore(config.databaseFile);
  const logger = createLogger(config.logLevel);
  const shadow = shadowCounts();
  const memories = rememberServers();

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
  const isOpen = registered === undefined;
  const demo = hasDemo ? demoClients(publicUrl) : [];
  const launching = [...(registered ?? []), ...(hasDemo ? [demoLaunch(publicUrl)] : [])];
  const hasSmartApp = launching.some(({ smartClientId }) => smartClientId !== undefined);
  const files = bundledOnce(bundleSmartApp, (problems) =>
    logger.error({ problems }, 'the SMART app could not be built, and is not served'),
  );
  const onFault = (fault: unknown) => logger.error({ failure: safeError(fault) }, 'the demo EHR failed');
  let ready = true;
  const app = compose({
    ...config,
    guidelines,
    catalogue,
    authentication: authenticationOf(registered, demo),
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
    feedback,
    memories,
    metrics: createMetrics({ circuits: memories.circuits, isOpen, ofProcess: true }),
    logger,
    onShadow: shadow.add,
    publicUrl: () => publicUrl,
    ready: async () => ready && (await feedback.isReachable()),
    now: () => new Date(),
  });
  const stop = async (because: object, exitCode: number) => {
    ready = false;
    logger.info({ ...because, shadow: shadow.total() }, 'stopping');
    await server.stop(config.shutdownGraceMs);
    await feedback.close();
    logger.info('stopped');
    // A question to a FHIR server that nobody waits for any more must not keep the process.
    logger.flush(() => process.exit(exitCode));
    // Whoever reads the log may have stalled, and the end of the process would wait for a write that never ends.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), FLUSH_MS);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop({ signal }, 0));
  process.on('unhandledRejection', (reason) => {
    logger.fatal({ failure: safeError(reason) }, 'unhandled rejection');
    void stop({}, 1);
  });
  // Whoever started the service may have gone, and with it the other end of the pipe: calls are answered all the same.
  process.stdout.on('error', () => {});
  logger.info({ port: Number(new URL(server.url).port) }, 'listening');
  process.stdout.write(
    `${greeting(publicUrl, guidelines.standard.cards.length, registered, { ...config, hasDemo })}\n`,
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
): ClientAuthentication<Client> | undefined {
  const clients = [...(registered ?? []), ...demo];
  if (clients.length === 0) return undefined;
  const authentication = createClientAuthentication(clients);
  return registered === undefined ? openToStrangers(authentication, clients) : authentication;
}

function clientsOf({ clientsFile, isProduction }: Config): Clients | undefined {
  if (clientsFile === undefined) return undefined;
  return readClients(clientsFile, { isProduction, services: cdsServices({}).map(({ id }) => id) });
}

/** What an operator has to know of the guideline in use: what a site changes, and what is past its review. */
function logGuidelines({ standard, ofClients }: Guidelines, logger: Logger): void {
  const today = new Date().toISOString().slice(0, 10);
  const say = ({ overlays, cards, off }: Guideline, client: { readonly client?: string }) => {
    logger.info(
      {
        ...client,
        overlays: overlays.map(({ name, version }) => `${name} ${version}`),
        changed: [...cards, ...off].filter(({ because }) => because.length > 0).map(({ file }) => file.id),
        shadow: cards.filter(({ state }) => state === 'shadow').map(({ file }) => file.id),
        off: off.map(({ file }) => file.id),
      },
      'guideline',
    );
    for (const { file } of cards) {
      if (today > file.reviewDue)
        logger.warn({ ...client, card: file.id, reviewDue: file.reviewDue }, 'card is past its review date');
    }
  };
  say(standard, {});
  for (const { client, guideline } of ofClients) say(guideline, { client });
}

function greeting(
  url: string,
  cards: number,
  clients: readonly Client[] | undefined,
  { isProduction, hasDemo }: Pick<Config, 'isProduction'> & { readonly hasDemo: boolean },
): string {
  return [
    `ASPS guideline cards: ${cards} cards, ready at ${url}`,
    `  ${url}/               what this is`,
    ...(hasDemo ? [`  ${url}/demo           a small EHR with synthetic patients: see the cards`] : []),
    `  ${url}/cds-services   discovery, for an EHR or the CDS Hooks Sandbox`,
    ...(clients === undefined
      ? [
          '  npm run try            play the EHR from another terminal',
          'OPEN MODE: callers are not authenticated. It listens on loopback only and asks FHIR servers on loopback only. Not for real patients.',
        ]
      : [
          `${clients.length} client(s): every call has to bring a JWT of one of them.`,
          ...(isProduction
            ? []
            : [
                'NOT PRODUCTION: without NODE_ENV=production, addresses without encryption are taken. Not for real patients.',
              ]),
        ]),
  ].join('\n');
}

try {
  await main();
} catch (error) {
  // It may be listening already.
  process.stderr.write(`${error instanceof Error ? error.message : 'The service could not start.'}\n`, () =>
    process.exit(1),
  );
}
