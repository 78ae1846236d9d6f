import type { RequestListener } from 'node:http';
import { createAnswer } from './answer.ts';
import { type AppDependencies, createApp } from './app.ts';
import { bothMeters, bothTraffics, talliedCalls, talliedTraffic } from './call-tallies.ts';
import type { SmartRegistrations, SmartSite } from './clients/smart-registrations.ts';
import type { Client } from './clients.ts';
import type { Config } from './config.ts';
import type { Recorder } from './feedback/recorder.ts';
import { createFhirServer } from './fhir/fhir-server.ts';
import type { ServerMemories } from './fhir/server-memory.ts';
import type { Catalogue } from './guideline/statements.ts';
import type { Guidelines } from './guidelines.ts';
import type { Metrics } from './metrics.ts';
import { evidenceUrl } from './pages/evidence-url.ts';
import { guidelinePages } from './pages/pages.ts';
import type { SmartAppFiles } from './pages/smart-app-assets.ts';
import type { SmartAppContent } from './pages/smart-app-content.ts';
import { smartAppPages } from './pages/smart-app-pages.ts';
import { cdsServices } from './services.ts';

/** What the service is made of: settings, and what reaches outside. */
export interface Parts
  extends Pick<
      Config,
      'bodyLimit' | 'commentRetentionDays' | 'discoveryAuth' | 'fhirBudgetMs' | 'maxCallsInFlight' | 'maxCards'
    >,
    Pick<
      AppDependencies,
      'authentication' | 'demo' | 'feedback' | 'insights' | 'logger' | 'now' | 'publicUrl' | 'ready' | 'sharedRates'
    > {
  readonly guidelines: Pick<Guidelines, 'forClient' | 'ofSite' | 'queries' | 'siteOf'>;
  readonly catalogue: Catalogue;
  /** May everybody call, those who are on record apart? */
  readonly isOpen: boolean;
  /** Without it there is no SMART app. */
  readonly smartApp?: SmartAppParts | undefined;
  readonly metrics: Pick<Metrics, 'calls' | 'exposition' | 'traffic'>;
  /** What is known of FHIR servers from earlier calls. */
  readonly memories: ServerMemories;
  /** Told of calls, and of each card that goes out. */
  readonly recorder: Pick<Recorder, 'count' | 'showed'>;
}

/** What the SMART app is made of, besides the guideline. */
export interface SmartAppParts extends Pick<SmartAppContent, 'evidence' | 'education'> {
  /** Where it is registered. */
  readonly registrations: SmartRegistrations;
  readonly files: SmartAppFiles;
}

/** Puts the parts together, for the process and for tests alike. */
export function compose({
  guidelines,
  catalogue,
  isOpen,
  memories,
  recorder,
  smartApp,
  ...parts
}: Parts): RequestListener {
  const { fhirBudgetMs, maxCards, now, publicUrl } = parts;
  const metrics = { ...parts.metrics, calls: bothMeters(parts.metrics.calls, talliedCalls(recorder)) };
  const traffic = bothTraffics(metrics.traffic, talliedTraffic(recorder));
  return createApp({
    ...parts,
    metrics,
    servicesFor: (client) => cdsServices(guidelines.queries, client && offerFor(client)),
    answer: createAnswer({
      guidelineFor: guidelines.forClient,
      recorder,
      queries: guidelines.queries,
      servers: { port: createFhirServer(), memories, traffic, budgetMs: fhirBudgetMs },
      maxCards,
      ...(smartApp === undefined ? {} : { launchUrl: () => `${publicUrl()}/smart/launch` }),
      evidenceUrl: (cardId, guideline) => evidenceUrl(publicUrl(), cardId, guidelines.siteOf(guideline)),
      now,
    }),
    pages: guidelinePages(guidelines.ofSite, publicUrl, {
      catalogue,
      now,
      isOpen,
      hasDemo: parts.demo !== undefined,
      hasInsights: parts.insights !== undefined,
    }),
    ...(smartApp === undefined
      ? {}
      : {
          smartApp: smartAppPages({
            ...smartApp,
            publicUrl,
            content: { ...smartApp, guidelineFor: (iss) => guidelineAt(smartApp.registrations.siteFor(iss)) },
          }),
        }),
  });

  function guidelineAt(site: SmartSite | undefined) {
    if (site === undefined) return undefined;
    const guideline = guidelines.forClient(site.client);
    return { guideline, site: guidelines.siteOf(guideline) };
  }
}

function offerFor({ prefetch, profile, services }: Client) {
  return { prefetch, supports: profile.supports, services };
}
