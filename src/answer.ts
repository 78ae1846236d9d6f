import { ServiceError } from './cds-hooks/errors.ts';
import { respond } from './cds-hooks/response.ts';
import type { CdsServiceResponse, HookRequest, ServiceDefinition } from './cds-hooks/types.ts';
import { buildChart, diagnoseFrom } from './chart/chart.ts';
import type { DraftContext } from './chart/draft-orders.ts';
import { RESOURCE_KEYS, type Reading, type Readings, type ResourceKey } from './chart/reading.ts';
import { type ChartSourceOptions, openChartSource } from './fhir/chart-source.ts';
import type { Guideline } from './guideline/guideline.ts';
import { recommend } from './guideline/recommend.ts';
import type { CallLog } from './log.ts';

export interface AnswerDependencies extends ChartSourceOptions {
  readonly guideline: Guideline;
  readonly maxCards: number;
  /** The page that explains a card. */
  readonly evidenceUrl: (cardId: string) => string;
  readonly now: () => Date;
}

const EVERYTHING_ELSE = RESOURCE_KEYS.filter((key) => key !== 'conditions');

/**
 * One hook call, each step one call: resources → diagnosis → chart → recommendations → answer. A patient without ASPS is
 * decided from the Conditions alone, before anything else is read (M-27): that is nearly every call there will ever be.
 */
export function createAnswer(
  dependencies: AnswerDependencies,
): (service: ServiceDefinition, request: HookRequest, log: CallLog) => Promise<CdsServiceResponse> {
  const { guideline, maxCards, evidenceUrl, now } = dependencies;
  const { terminology } = guideline;
  const options = { topicSystem: guideline.file.topicSystem };

  return async (_service, request, log) => {
    const { patientId, encounterId, userId } = request.context;
    const source = openChartSource(
      {
        patientId,
        prefetch: request.prefetch,
        fhirServer: request.fhirServer,
        accessToken: request.fhirAuthorization?.access_token,
      },
      dependencies,
    );
    const conditions = await source.read(['conditions']);
    const diagnosis = diagnoseFrom(conditions, terminology);
    if (diagnosis.certainty === 'absent') {
      // `cards: []` is only said when the rules really ran: on every Condition there is.
      need('conditions', conditions.get('conditions'));
      log.add({ skipped: source.skipped(), cards: [] });
      return respond([], options);
    }

    const readings = new Map([...conditions, ...(await source.read(EVERYTHING_ELSE))]);
    need('patient', readings.get('patient'));
    const instant = now();
    const chart = buildChart(patientId, diagnosis, readings, draftsOf(request), guideline, instant);
    const recommendations = recommend(guideline, chart, {
      hook: request.hook,
      today: instant.toISOString().slice(0, 10),
      maxCards,
      userId,
      ...(encounterId === undefined ? {} : { encounterId }),
    });
    log.add({
      skipped: source.skipped() + chart.skipped,
      unread: unreadKeys(readings),
      cards: recommendations.map(({ id }) => id),
    });
    return respond(
      recommendations.map((recommendation) => ({
        ...recommendation,
        links: [
          { label: 'Evidence and criteria of this card', url: evidenceUrl(recommendation.id), type: 'absolute' },
          ...recommendation.links.map((link) => ({ ...link, type: 'absolute' as const })),
        ],
      })),
      options,
    );
  };
}

/** CH-64: what the rules cannot do without, and could not be had, is a 412 that names it. */
function need(key: ResourceKey, reading: Reading | undefined): void {
  if (reading?.state === 'complete') return;
  // One bad entry fails no call: it is skipped and counted, and the facts that it may concern stay unknown.
  if (reading?.state === 'incomplete' && reading.reason === 'malformed') return;
  throw new ServiceError('data-unobtainable', [
    `Prefetch key "${key}": ${reading === undefined ? 'not read' : reading.reason}. It is needed, and could not be had from the prefetch or the FHIR server.`,
  ]);
}

function draftsOf(request: HookRequest): DraftContext | undefined {
  switch (request.hook) {
    case 'order-select':
      return { draftOrders: { ...request.context.draftOrders }, selections: request.context.selections ?? [] };
    case 'order-sign':
      return { draftOrders: { ...request.context.draftOrders } };
    case 'patient-view':
      return undefined;
    default:
      return request satisfies never;
  }
}

function unreadKeys(readings: Readings): readonly string[] {
  return [...readings].flatMap(([key, reading]) => (reading.state === 'complete' ? [] : [key]));
}
