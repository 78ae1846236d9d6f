import { randomUUID } from 'node:crypto';
import type { CdsServiceResponse } from '../../src/cds-hooks/types.ts';
import { chartQueries } from '../../src/chart/queries.ts';
import { post, type Served } from './http.ts';
import { type Asked, type Instead, type RecordedServer, type Replay, replay } from './recorded-fhir-server.ts';
import { registeredClient } from './registered-client.ts';
import { guideline, serveService, trustingAuthentication } from './service.ts';

/** What the EHR lends the service for its calls to a recorded server. */
export const TOKEN = 'token-of-the-recorded-call';

/** The prefetch templates of the service. */
export const queries = chartQueries(guideline.terminology);

export type Hook = 'patient-view' | 'order-sign';
export const HOOKS: readonly Hook[] = ['patient-view', 'order-sign'];

/** One hook call about the patient of a recorded server, answered. */
export interface Outcome {
  readonly status: number;
  readonly answer: CdsServiceResponse;
  /** Card ids with their indicators, in their order. */
  readonly cards: readonly string[];
  /** The line that was logged of the call. */
  readonly line: Readonly<Record<string, unknown>>;
  /** What the server was asked in this call. */
  readonly asked: readonly Asked[];
}

export interface Playing {
  call(hook: Hook, prefetch?: Readonly<Record<string, unknown>>): Promise<Outcome>;
  readonly replay: Replay;
  readonly log: readonly string[];
}

const services: Served[] = [];
const replays: Replay[] = [];

/** The service, new and without a memory of servers, for one client of this EHR, and the recorded server at work. */
export async function play(server: RecordedServer, instead?: Instead): Promise<Playing> {
  const log: string[] = [];
  const service = await serveService({
    authentication: trustingAuthentication([registeredClient({ name: server.name, fhirServers: [server.base] })]),
    // How fast this machine is decides nothing here.
    budgetMs: 30_000,
    maxCards: 0,
    onLog: (line) => log.push(line),
  });
  services.push(service);
  const running = replay(server, { queries, accessToken: TOKEN, ...(instead && { instead }) });
  replays.push(running);
  return {
    replay: running,
    log,
    async call(hook, prefetch) {
      const before = running.asked.length;
      const lines = log.length;
      const body = requestOf(server, hook, prefetch);
      const reply = await post(`${service.url}/cds-services/asps-${hook}`, body, {
        authorization: `Bearer ${server.name}`,
      });
      const answer = reply.body as CdsServiceResponse;
      return {
        status: reply.status,
        answer,
        cards: (answer.cards ?? []).map(({ source, indicator }) => `${source.topic?.code}: ${indicator}`),
        line: JSON.parse(log[lines] ?? '{}') as Record<string, unknown>,
        asked: running.asked.slice(before),
      };
    },
  };
}

/**
 * Closes what was played; for after each test.
 *
 * @throws {Error} if anything was asked that is not recorded.
 */
export async function endPlaying(): Promise<void> {
  await Promise.all(services.splice(0).map((service) => service.close()));
  const problems = replays.splice(0).flatMap((running) => running.problems);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

function requestOf(
  server: RecordedServer,
  hook: Hook,
  prefetch: Readonly<Record<string, unknown>> | undefined,
): unknown {
  const { patient: patientId, base: fhirServer, draftOrders } = server;
  return {
    hook,
    hookInstance: randomUUID(),
    fhirServer,
    ...(server.token && {
      fhirAuthorization: {
        access_token: TOKEN,
        token_type: 'Bearer',
        expires_in: 300,
        scope: 'patient/*.rs',
        subject: 'cds',
      },
    }),
    context: { userId: 'Practitioner/htest', patientId, ...(hook === 'order-sign' && { draftOrders }) },
    ...(prefetch && { prefetch }),
  };
}

/** All that the cards say below their summaries. */
export function detailsOf(outcomes: readonly Outcome[]): string {
  return outcomes.flatMap(({ answer }) => answer.cards.map(({ detail = '' }) => detail)).join('\n');
}

/** The last line of a first card: what no other line of the cards names. */
export const ELSEWHERE = /^\*\*Not looked at in this call:\*\* (.+)\.$/gm;

/** What the cards say that they could not look at, part by part with its reason, sorted. */
export function notLookedAt(outcomes: readonly Outcome[]): readonly string[] {
  const details = detailsOf(outcomes);
  const parts = [...details.matchAll(/(?:not looked at|could not be read): (.+)/g)].flatMap(([, list = '']) =>
    list.split(', '),
  );
  const elsewhere = [...details.matchAll(ELSEWHERE)].flatMap(([, groups = '']) => groups.split('; ').flatMap(partsOf));
  const nameless = [...details.matchAll(/a medication on file has no name/g)].map(([words]) => words);
  return [...new Set([...parts, ...elsewhere, ...nameless])].toSorted();
}

/** `A, B (one, other) (reason)`: each part with the reason. */
function partsOf(group: string): readonly string[] {
  const [, list = '', reason = ''] = /^(.+) (\([^()]+\))$/.exec(group) ?? [];
  return [...list.matchAll(/(\w+)(?: \(([^)]+)\))?/g)].flatMap(([, type = '', which]) =>
    which === undefined ? [`${type} ${reason}`] : which.split(', ').map((part) => `${type} (${part}) ${reason}`),
  );
}
