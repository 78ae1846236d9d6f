import { Ajv } from 'ajv';
import { isJsonObject } from '../cds-hooks/json.ts';
import { isCard } from './card-schema.ts';
import type { CdsAnswer } from './card-text.ts';
import type { DiscoveredService, HookRequest } from './hook-request.ts';

/** Why a call brought no cards: nobody answered, or the service answered that it will not. */
export class ServiceCallError extends Error {
  override readonly name = 'ServiceCallError';
  readonly kind: 'unreachable' | 'refused';
  constructor(kind: ServiceCallError['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** An answer as it came, and how long it took. */
export type TimedAnswer = { readonly raw: string; readonly answer: CdsAnswer; readonly milliseconds: number };

const PATIENCE_MS = 30_000;

const ajv = new Ajv();

const isDiscovery = ajv.compile<{ services: DiscoveredService[] }>({
  type: 'object',
  required: ['services'],
  properties: {
    services: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'hook'],
        properties: {
          id: { type: 'string' },
          hook: { type: 'string' },
          prefetch: { type: 'object', additionalProperties: { type: 'string' } },
        },
      },
    },
  },
});

const isOutcome = ajv.compile<{ issue: { diagnostics?: string; details?: { text?: string } }[] }>({
  type: 'object',
  required: ['resourceType', 'issue'],
  properties: { resourceType: { const: 'OperationOutcome' }, issue: { type: 'array', items: { type: 'object' } } },
});

/** The services offered at a base URL. */
export async function discover(baseUrl: string): Promise<readonly DiscoveredService[]> {
  const services = servicesIn(await exchange(baseUrl, '/cds-services'));
  if (services !== undefined) return services;
  throw new ServiceCallError('refused', `${baseUrl}/cds-services is not a CDS Hooks discovery endpoint`);
}

/** The services that a discovery document offers; undefined: it is none. */
export function servicesIn(text: string): readonly DiscoveredService[] | undefined {
  const discovery = jsonIn(text);
  return isDiscovery(discovery) ? discovery.services : undefined;
}

/** Posts one hook call and times the answer. */
export async function callService(baseUrl: string, serviceId: string, request: HookRequest): Promise<TimedAnswer> {
  const body = JSON.stringify(request);
  const startedAt = performance.now();
  const raw = await exchange(baseUrl, `/cds-services/${encodeURIComponent(serviceId)}`, body);
  const milliseconds = performance.now() - startedAt;
  const answer = jsonIn(raw);
  if (isAnswer(answer)) return { raw, answer, milliseconds };
  throw new ServiceCallError('refused', `${serviceId} answered with something other than cards`);
}

async function exchange(baseUrl: string, path: string, body?: string): Promise<string> {
  const request: RequestInit =
    body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(baseUrl + path, { ...request, signal }).catch((cause: unknown) => {
    throw new ServiceCallError('unreachable', `No service answers at ${baseUrl}`, { cause });
  });
  const text = await response.text();
  if (response.ok) return text;
  throw new ServiceCallError('refused', `${response.status} ${response.statusText}: ${reasonIn(text)}`);
}

/** What an OperationOutcome says, else the start of whatever the server said. */
export function reasonIn(text: string): string {
  const outcome = jsonIn(text);
  if (!isOutcome(outcome)) return text.slice(0, 200) || 'no reason given';
  return outcome.issue.map(({ diagnostics, details }) => diagnostics ?? details?.text ?? 'no diagnostics').join('; ');
}

/** The JSON value that a text is; undefined: it is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAnswer(answer: unknown): answer is CdsAnswer {
  return isJsonObject(answer) && Array.isArray(answer['cards']) && answer['cards'].every((card) => isCard(card));
}
