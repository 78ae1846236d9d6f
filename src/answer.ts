import { ServiceError } from './cds-hooks/errors.ts';
import { readPrefetch } from './cds-hooks/prefetch.ts';
import { type ClientProfile, clientProfile } from './cds-hooks/profile.ts';
import { respond } from './cds-hooks/response.ts';
import type { Card, CdsServiceResponse, HookRequest, ServiceDefinition } from './cds-hooks/types.ts';
import { buildChart, type Chart, diagnoseFrom } from './chart/chart.ts';
import { withConditions } from './chart/context-resources.ts';
import { type DraftOrder, draftedResources } from './chart/draft-orders.ts';
import { contextOf } from './chart/hook-context.ts';
import { namesNoDrug } from './chart/nameless-medication.ts';
import { DRAFT_MEDICATIONS } from './chart/queries.ts';
import { type JsonObject, RESOURCE_KEYS, type Reading, type Readings, type ResourceKey } from './chart/reading.ts';
import type { Terminology } from './chart/terminology.ts';
import type { Client } from './clients.ts';
import type { Recorder } from './feedback/recorder.ts';
import {
  type AskingClient,
  type ChartSource,
  type ChartSourceOptions,
  type FhirServers,
  openChartSource,
} from './fhir/chart-source.ts';
import type { Guideline } from './guideline/guideline.ts';
import { type Occasion, recommend } from './guideline/recommend.ts';
import type { CallLog, IssuedCard } from './log.ts';
import { recordAnswer } from './record-answer.ts';
import { smartLink } from './smart-link.ts';

export interface AnswerDependencies extends Pick<ChartSourceOptions, 'queries'> {
  readonly servers: FhirServers;
  /** The guideline of this client; everyone's in open mode. */
  readonly guidelineFor: (client: string | undefined) => Guideline;
  /** Told what is answered: how often, and each card, which is on record before it goes out unless the store is slow. */
  readonly recorder: Pick<Recorder, 'count' | 'showed'>;
  readonly maxCards: number;
  /** The page that explains a card. */
  readonly evidenceUrl: (cardId: string, guideline: Guideline) => string;
  /** Where EHRs launch the SMART app; without it no card has a link to it. */
  readonly launchUrl?: () => string;
  readonly now: () => Date;
}

/** Who is answered, and the line that will be logged of it. */
export interface CallContext {
  /** Undefined in open mode. */
  readonly client: Client | undefined;
  readonly log: CallLog;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** One call, answered. */
export type Answer = (
  service: ServiceDefinition,
  request: HookRequest,
  context: CallContext,
) => Promise<CdsServiceResponse>;

/** Without clients, the lowest that the current specification allows. */
const ANYBODY = clientProfile('default');
const EVERYTHING_ELSE = RESOURCE_KEYS.filter((key) => key !== 'conditions');

/**
 * One hook call, each step one call: resources → diagnosis → chart → recommendations → answer. A patient without ASPS is
 * decided from the Conditions alone, before anything else is read (M-27): that is nearly every call there will ever be.
 * Nothing of the patient is kept from one call to the next (CH-40).
 */
export function createAnswer(dependencies: AnswerDependencies): Answer {
  const { queries, servers, guidelineFor, recorder, maxCards, evidenceUrl, launchUrl, now } = dependencies;

  return async (service, request, { client, log, signal }) => {
    const { patientId } = request.context;
    const profile = client?.profile ?? ANYBODY;
    const sent = draftMedications(request, profile);
    const context = contextOf(request.hook, { ...request.context }, sent);
    const guideline = guidelineFor(client?.name);
    const options = { topicSystem: guideline.file.topicSystem, profile };
    const source = openChartSource(
      {
        patientId,
        prefetch: request.prefetch,
        fhirServer: request.fhirServer,
        accessToken: request.fhirAuthorization?.access_token,
        scope: request.fhirAuthorization?.scope,
      },
      { queries, servers: { ...servers, ...asking(client) }, signal },
    );
    if (source.server === 'not-allowed') log.add({ fhirServer: 'not-allowed' });
    const onFile = await source.read(['conditions']);
    logTraffic(source, log);
    const conditions = withConditions(onFile, context.conditions, patientId);
    const diagnosis = diagnoseFrom(conditions.readings, guideline.terminology);
    if (diagnosis.certainty === 'absent') {
      // `cards: []` is only said when the rules really ran (CH-195): on every Condition there is.
      need('conditions', onFile.get('conditions'));
      log.add({ skipped: source.skipped() + conditions.skipped, cards: [] });
      if (!signal.aborted)
        recorder.count({ client: client?.name, service: service.id, measure: 'answered', subject: 'not-asps' });
      return respond([], options);
    }

    const [others, medications] = await Promise.all([
      source.read(EVERYTHING_ELSE),
      source.readMedications(context.drafts === undefined ? [] : draftedResources(context.drafts)),
    ]);
    logTraffic(source, log);
    const readings = new Map([...conditions.readings, ...others]);
    need('patient', readings.get('patient'));
    const instant = now();
    // What drafts only refer to stands beside them now, as if the client had sent it (CH-57).
    const complete = contextOf(request.hook, { ...request.context }, [...sent, ...medications]);
    const chart = buildChart(patientId, diagnosis, readings, complete, guideline, instant);
    const recommendations = recommend(guideline, chart, {
      hook: request.hook,
      today: instant.toISOString().slice(0, 10),
      maxCards,
      detail: profile.detail,
      ...sessionOf(request),
    });
    const { shown, shadow } = recommendations;
    const unread = [
      ...unreadKeys(readings),
      ...unreadMedications(readings),
      ...unreadDrafts(chart, guideline.terminology),
    ];
    log.add({
      skipped: source.skipped() + conditions.skipped + chart.skipped,
      unread,
      cards: shown.map(({ id }) => id),
      ...(shadow.length === 0 ? {} : { shadow: shadow.map(({ id }) => id) }),
    });
    const response = respond(
      shown.map((recommendation) => ({
        ...recommendation,
        links: [
          {
            label: 'Evidence and criteria of this card',
            url: evidenceUrl(recommendation.id, guideline),
            type: 'absolute',
          },
          ...(client?.smartClientId === undefined || launchUrl === undefined
            ? []
            : [smartLink(launchUrl(), recommendation.id)]),
          ...recommendation.links.map((link) => ({ ...link, type: 'absolute' as const })),
        ],
      })),
      options,
    );
    const issued = response.cards.flatMap(issuedCard);
    if (issued.length > 0) log.add({ issued });
    // Nobody sees the cards of a call that nobody waits for, and so nothing of it is counted.
    if (signal.aborted) return response;
    await recordAnswer(recorder, {
      of: { client: client?.name, service: service.id, hookInstance: request.hookInstance, shownAt: instant },
      certainty: diagnosis.certainty,
      unread,
      recommendations,
      response,
    });
    return response;
  };
}

/** What feedback on a card will name, for clients that get uuids at all. */
function issuedCard({ uuid, suggestions = [] }: Card): readonly IssuedCard[] {
  return uuid === undefined ? [] : [{ card: uuid, suggestions: suggestions.map((suggestion) => suggestion.uuid) }];
}

/** What passed between this call and its FHIR server so far, if anything did. */
function logTraffic(source: ChartSource, log: CallLog): void {
  const traffic = source.traffic();
  if (traffic === undefined || traffic.requests + traffic.spared === 0) return;
  log.add({ fhir: { ...traffic, ms: Math.round(traffic.ms) } });
}

/** Only servers that somebody vouches for are asked: the operator for a client's, and in open mode this machine's own (CH-87). */
function asking(client: Client | undefined): AskingClient {
  if (client === undefined) return { client: undefined, policy: { mode: 'open' }, reach: { kind: 'any' } };
  return { client: client.name, policy: { mode: 'listed', servers: client.fhirServers }, reach: client.reach };
}

/** What draft orders refer to, from clients that were asked for it (CH-57); others' keys of this name are ignored (CH-72). */
function draftMedications({ prefetch }: HookRequest, { supports }: ClientProfile): readonly JsonObject[] {
  if (!supports.has('prefetch-fhirpath')) return [];
  const sent = readPrefetch(prefetch, DRAFT_MEDICATIONS);
  return sent.kind === 'bundle' ? sent.entries : [];
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

/** Who is at work, and in which encounter: order-dispatch says neither. */
function sessionOf(request: HookRequest): Pick<Occasion, 'userId' | 'encounterId'> {
  if (request.hook === 'order-dispatch') return {};
  const { userId, encounterId } = request.context;
  return { userId, ...(encounterId === undefined ? {} : { encounterId }) };
}

/** A draft order for a drug that nothing names: whether it contradicts the guideline cannot be said. */
function unreadDrafts({ drafts = [] }: Chart, terminology: Terminology): readonly string[] {
  const isNameless = ({ resource, concept }: DraftOrder) =>
    resource['resourceType'] === 'MedicationRequest' && namesNoDrug(concept, terminology);
  return drafts.some(isNameless) ? [DRAFT_MEDICATIONS] : [];
}

/** They have no prefetch key: some are known by their display alone, or by nothing. */
function unreadMedications(readings: Readings): readonly string[] {
  const isUnresolved = (reading: Reading) => reading.state !== 'unread' && reading.unresolved !== undefined;
  return [...readings.values()].some(isUnresolved) ? ['medications'] : [];
}

function unreadKeys(readings: Readings): readonly string[] {
  return [...readings].flatMap(([key, reading]) => (reading.state === 'complete' ? [] : [key]));
}
