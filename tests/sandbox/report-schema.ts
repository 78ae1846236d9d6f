import { Ajv } from 'ajv';

const text = { type: 'string', minLength: 1 };
const count = { type: 'integer', minimum: 0 };
const closed = (required: object, optional: object = {}) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(required),
  properties: { ...required, ...optional },
});
const list = (items: object) => ({ type: 'array', items });
const card = { id: text, indicator: { enum: ['info', 'warning', 'critical'] } };
const way = { enum: ['prefetch', 'call-back'] };
const waySummary = closed({ calls: count, medianMs: count, maxMs: count, maxFhirRequests: count });

const cleanUp = {
  oneOf: [
    closed({ kind: { const: 'nothing-written' } }),
    closed({ kind: { const: 'nothing-created' }, tag: text }),
    closed({ kind: { const: 'unsettled' }, tag: text, known: list(text) }),
    closed({ kind: { const: 'deleted' }, tag: text, resources: count }),
    closed({
      kind: { const: 'kept' },
      tag: text,
      resources: count,
      patients: { type: 'object', additionalProperties: text },
    }),
    closed({
      kind: { const: 'left-over' },
      tag: text,
      deleted: count,
      left: list(text),
      untagged: list(text),
      searched: { type: 'boolean' },
      lost: { type: 'boolean' },
    }),
  ],
};

const call = closed(
  { patient: text, hook: text, way, asExpected: { type: 'boolean' }, ms: count, unread: list(text) },
  {
    draft: text,
    expected: list(closed(card)),
    cards: list(closed({ ...card, summary: text })),
    problem: text,
    fhirRequests: count,
    notAsByPrefetch: list(text),
  },
);

const report = {
  fhirServer: text,
  fhirVersion: { type: 'string', pattern: '^4\\.0' },
  mode: { enum: ['loaded', 'read-only'] },
  calls: list(call),
  notes: list(
    closed({ patient: text, kind: { enum: ['not-loaded', 'not-found', 'not-filled', 'others'] }, note: text }),
  ),
  summary: closed({
    patients: count,
    calls: count,
    asExpected: count,
    byWay: closed({ prefetch: waySummary, 'call-back': waySummary }),
  }),
};

const isDocument = new Ajv({ allErrors: true }).compile({
  oneOf: [
    closed({ exitStatus: count, cleanUp, ...report }, { software: text, refusal: text, serviceEnded: list(text) }),
    closed({ exitStatus: count, cleanUp }),
    closed({
      exitStatus: count,
      cleanUp,
      stopped: closed({
        because: { enum: ['usage', 'no-server', 'not-written', 'service', 'failed', 'interrupted'] },
        message: text,
      }),
    }),
  ],
});

/** What is wrong with what `--json` printed; empty if nothing is. */
export function reportProblems(document: unknown): readonly string[] {
  if (isDocument(document)) return [];
  return (isDocument.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
