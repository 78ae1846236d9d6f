import { ERRORS } from '../src/cds-hooks/errors.ts';
import { type UnreadableReason } from '../src/http/unreadable-request.ts';
import { discoveryProblems } from '../tests/support/schemas/cds-hooks-discovery.ts';
import { responseProblems } from '../tests/support/schemas/cds-hooks-response.ts';
import { problemsAgainst } from '../tests/support/schemas/problems.ts';
import { CANARY, EVALUATED } from './canary.ts';
import type { Answer, Outcome, WireRequest } from './wire.ts';

/** What is asked of every answer. */
export type Oracle =
  | 'time'
  | 'answered'
  | 'status'
  | 'media-type'
  | 'json'
  | 'schema'
  | 'canary'
  | 'evaluated'
  | 'markup'
  | 'same-again'
  | 'same-after'
  | 'alive'
  | 'standard-error'
  | 'memory';

/** A rule that was broken; `says` names no more of the request than its kind, so that the same fault reads the same. */
export type Violation = { readonly oracle: Oracle; readonly says: string };

/** What is said of bytes that never become a request. */
const UNREADABLE = {
  'not-http': { status: 400, issueType: 'structure' },
  'request-timeout': { status: 408, issueType: 'timeout' },
  'headers-too-large': { status: 431, issueType: 'too-long' },
} as const satisfies Record<UnreadableReason, { readonly status: number; readonly issueType: string }>;

const KNOWN: readonly (readonly [code: string, { readonly status: number; readonly issueType: string }])[] = [
  ...Object.entries(ERRORS),
  ...Object.entries(UNREADABLE),
];

/** What a caller can be told in open mode by a service with room for the calls of the fuzzer. */
const EXPECTED: ReadonlySet<number> = new Set(
  KNOWN.flatMap(([, { status }]) => (status < 500 && ![401, 403, 429].includes(status) ? [status] : [])),
);

const PLANTED_LINK = /(?<!\\)\]\(http:\/\/planted/;

const SEVERITY = { error: 'error', warning: 'warning' } as const;

/** The OperationOutcome of one status: nothing in it but the service's own words (CH-190). */
function outcomeSchema(status: number, severity: keyof typeof SEVERITY): object {
  const codes = KNOWN.filter(([, error]) => error.status === status);
  return {
    type: 'object',
    additionalProperties: false,
    required: ['resourceType', 'issue'],
    properties: {
      resourceType: { const: 'OperationOutcome' },
      issue: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['severity', 'code', 'details', 'diagnostics'],
          properties: {
            severity: { const: SEVERITY[severity] },
            code: { enum: codes.map(([, { issueType }]) => issueType) },
            diagnostics: { enum: codes.map(([code]) => code) },
            details: {
              type: 'object',
              additionalProperties: false,
              required: ['text'],
              properties: { text: { type: 'string', pattern: '\\S' } },
            },
          },
        },
      },
    },
  };
}

const outcomeProblems: ReadonlyMap<number, (value: unknown) => readonly string[]> = new Map(
  [...new Set(KNOWN.map(([, { status }]) => status))].map((status) => [
    status,
    problemsAgainst(outcomeSchema(status, 'error')),
  ]),
);
/** Entries of feedback that could not be read, in an answer that is 200 (CH-150). */
const unreadProblems = problemsAgainst(outcomeSchema(400, 'warning'));

/** What is wrong with the way the service answered a request. */
export function judge(request: WireRequest, outcome: Outcome): readonly Violation[] {
  switch (outcome.kind) {
    case 'timed-out':
      return [{ oracle: 'time', says: 'no answer in time' }];
    case 'silent':
      return [{ oracle: 'answered', says: `the connection closed without an answer: ${outcome.reason}` }];
    case 'answered':
      return outcome.answers.flatMap((answer) => judgeAnswer(request, answer));
    default:
      return outcome satisfies never;
  }
}

/** The same request twice: but for fresh uuids, the same answer. */
export function judgeAgain(first: Outcome, second: Outcome): readonly Violation[] {
  return lasting(first) === lasting(second) ? [] : [{ oracle: 'same-again', says: 'the same request, another answer' }];
}

/** What of an answer does not change from call to call. */
export function lasting(outcome: Outcome): string {
  if (outcome.kind !== 'answered') return outcome.kind;
  const said = outcome.answers.map(({ status, text }) => `${status} ${text}`).join('\n');
  return said.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid');
}

function judgeAnswer(request: WireRequest, answer: Answer): readonly Violation[] {
  const { status, text, headers } = answer;
  const evaluated: Violation[] = text.includes(EVALUATED)
    ? [{ oracle: 'evaluated', says: 'a template in the chart was evaluated' }]
    : [];
  if (status >= 200 && status < 300) return [...evaluated, ...judgeSuccess(request, answer)];
  // A page may be in the client's cache.
  if (status === 304 && text === '' && isPage(request)) return [];
  // 412 is for an EHR that leaves out the conditions.
  if (request.kind === 'real' && status !== 412)
    return [{ oracle: 'status', says: `status ${status} for a call that is right` }];

  const quoted: Violation[] = `${text}${JSON.stringify(headers)}`.includes(CANARY)
    ? [{ oracle: 'canary', says: `status ${status} quotes what was sent` }]
    : [];
  return [...evaluated, ...quoted, ...judgeError(request, answer)];
}

function judgeSuccess(request: WireRequest, answer: Answer): readonly Violation[] {
  const { status, text } = answer;
  const isBare = text === '' && request.via === 'http' && ['HEAD', 'OPTIONS'].includes(request.method);
  if (isBare && (status === 200 || status === 204)) return [];
  if (status !== 200) return [{ oracle: 'status', says: `status ${status}` }];
  switch (request.target) {
    case 'service':
      return judgeJson(
        answer,
        'application/json',
        (body) => [...responseProblems(body), ...besidesCards(body)],
        cardMarkup,
      );
    case 'discovery':
      return judgeJson(answer, 'application/json', discoveryProblems);
    case 'feedback':
      return text === '' ? [] : [...judgeJson(answer, 'application/fhir+json', unreadProblems), ...quotes(answer)];
    case 'probe':
      return judgeJson(answer, 'application/json', () => []);
    // An odd address can be a spelling of any other.
    case 'nowhere':
    case 'page':
      return /^(?:text\/(?:html|css)|application\/json); charset=utf-8$/.test(answer.headers['content-type'] ?? '')
        ? []
        : [{ oracle: 'media-type', says: 'a page that is neither HTML nor CSS nor JSON' }];
    default:
      return request.target satisfies never;
  }
}

function judgeError(request: WireRequest, answer: Answer): readonly Violation[] {
  const { status, text } = answer;
  const bodiless = request.via === 'http' && request.method === 'HEAD' && text === '';
  const unexpected: Violation[] = EXPECTED.has(status) ? [] : [{ oracle: 'status', says: `status ${status}` }];
  if (bodiless) return unexpected;
  const problems = outcomeProblems.get(status) ?? (() => []);
  return [...unexpected, ...judgeJson(answer, 'application/fhir+json', problems)];
}

function judgeJson(
  { status, headers, text }: Answer,
  mediaType: string,
  problemsOf: (body: unknown) => readonly string[],
  more: (body: unknown) => readonly Violation[] = () => [],
): readonly Violation[] {
  const type = headers['content-type'] ?? 'none';
  if (type !== `${mediaType}; charset=utf-8`) {
    return [{ oracle: 'media-type', says: `status ${status} as another media type than ${mediaType}` }];
  }
  const body = parsed(text);
  if (body === undefined) return [{ oracle: 'json', says: `status ${status} with a body that is not JSON` }];
  const problems = problemsOf(body.value);
  // Positions in lists differ from one request to the next; the fault is the same.
  const says = [...new Set(problems.map((problem) => problem.replaceAll(/\/\d+/g, '/n')))].toSorted().slice(0, 3);
  return [
    ...(says.length === 0 ? [] : [{ oracle: 'schema' as const, says: `status ${status}: ${says.join('; ')}` }]),
    ...more(body.value),
  ];
}

/** Cards and nothing else: this service never acts by itself. */
function besidesCards(body: unknown): readonly string[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.keys(body).some((name) => name !== 'cards' && name !== 'extension') ? ['/ holds more than cards'] : [];
}

/** Details are Markdown: what a chart says must read as it is written there. */
function cardMarkup(body: unknown): readonly Violation[] {
  const cards = member(body, 'cards');
  const details = Array.isArray(cards) ? cards.map((card: unknown) => String(member(card, 'detail'))) : [];
  return details.some((detail) => PLANTED_LINK.test(detail))
    ? [{ oracle: 'markup', says: 'a link in the chart became a link on a card' }]
    : [];
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function quotes({ text, status }: Answer): readonly Violation[] {
  return text.includes(CANARY) ? [{ oracle: 'canary', says: `status ${status} quotes what was sent` }] : [];
}

function isPage({ via, target }: WireRequest): boolean {
  return via === 'http' && (target === 'page' || target === 'nowhere');
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
