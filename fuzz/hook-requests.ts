import * as fc from 'fast-check';
import { byteMutations, damaged } from './byte-mutation.ts';
import { CANARY } from './canary.ts';
import { jsonText, ODD_VALUES } from './hostile-values.ts';
import { change, type Mutation, mutated, mutations, setting } from './json-mutation.ts';
import { edited, isBranch, valueAt } from './json-tree.ts';
import { FHIR_ORIGIN, FHIR_PATHS } from './odd-fhir-server.ts';
import type { RealRequest } from './real-requests.ts';
import { type HttpRequest, JSON_TYPE, type Kind } from './wire.ts';

/** Makes the address of the server for odd FHIR answers out of its placeholder, at the last moment. */
export type FhirOrigin = string;

/** On this machine, and nowhere else: nothing listens at the last three. */
const FHIR_SERVERS: readonly string[] = [
  ...FHIR_PATHS.map((path) => `${FHIR_ORIGIN}/${path}`),
  `${FHIR_ORIGIN}/html/`,
  'http://127.0.0.1:1/fhir',
  'http://127.0.0.1:65536/fhir',
  'http://127.0.0.1/../../x?y#z',
];

/** A hook call as it comes: the door must open. */
export function realCall(base: RealRequest): HttpRequest {
  return callOf(base, base.json, ['nothing'], 'real');
}

/** A hook call with changes to its JSON. */
export function changedCalls(real: readonly RealRequest[], origin: FhirOrigin): fc.Arbitrary<HttpRequest> {
  const request = fc.constantFrom(...real);
  const ofProtocol = protocolMutations(request);
  const changes = fc.oneof<fc.MaybeWeightedArbitrary<readonly Mutation[]>[]>(
    { weight: 5, arbitrary: mutations },
    { weight: 3, arbitrary: fc.tuple(ofProtocol, mutations).map(([first, rest]) => [first, ...rest]) },
    { weight: 1, arbitrary: ofProtocol.map((only) => [only]) },
  );
  return fc.tuple(request, changes).map(([base, done]) => {
    const text = jsonText(onThisMachine(mutated(JSON.parse(base.json), done))).replaceAll(FHIR_ORIGIN, origin);
    return callOf(
      base,
      text,
      done.map((mutation) => mutation.done),
      'structure',
    );
  });
}

/** A hook call with changes to its bytes. */
export function damagedCalls(real: readonly RealRequest[]): fc.Arbitrary<HttpRequest> {
  return fc.tuple(fc.constantFrom(...real), byteMutations).map(([base, done]) => {
    return callOf(
      base,
      damaged(Buffer.from(base.json), done),
      done.map((mutation) => mutation.done),
      'bytes',
    );
  });
}

/** Changes that know what a member means in CDS Hooks. */
function protocolMutations(other: fc.Arbitrary<RealRequest>): fc.Arbitrary<Mutation> {
  const key = fc.nat(0xff_ff);
  const odd = fc.constantFrom(...ODD_VALUES);
  return fc.oneof(
    { weight: 3, arbitrary: withFhirServer },
    {
      weight: 2,
      arbitrary: fc.tuple(key, prefetched).map(([nth, value]) => change('prefetch', [], prefetching(nth, value))),
    },
    { weight: 2, arbitrary: fc.tuple(other, key).map(([from, nth]) => grafted(from, nth)) },
    other.map((from) => setting(['context'], valueAt(JSON.parse(from.json), ['context']))),
    fc
      .constantFrom('somebody-else', '..', `${CANARY}/../x`, 'x'.repeat(65), '', ' ')
      .map((id) => setting(['context', 'patientId'], id)),
    fc
      .tuple(
        fc.constantFrom(
          'selections',
          'draftOrders',
          'conditions',
          'appointments',
          'dispatchedOrders',
          'encounterId',
          'userId',
          'fulfillmentTasks',
          'task',
          'performer',
        ),
        odd,
      )
      .map(([name, value]) => setting(['context', name], value)),
    fc
      .tuple(
        fc.constantFrom(
          'hook',
          'hookInstance',
          'context',
          'prefetch',
          'fhirServer',
          'fhirAuthorization',
          'extension',
          'user',
        ),
        odd,
      )
      .map(([name, value]) => setting([name], value)),
  );
}

/** The chart is asked for: some of it is not sent, or only its first page. */
const withFhirServer: fc.Arbitrary<Mutation> = fc
  .tuple(
    fc.constantFrom(...FHIR_SERVERS),
    fc.constantFrom(
      undefined,
      { access_token: CANARY, token_type: 'Bearer', expires_in: 300, scope: 'user/*.rs', subject: CANARY },
      { access_token: `\r\nX: ${CANARY}`, token_type: 'Bearer' },
      { access_token: 'x', token_type: 'Bearer', patient: 'somebody-else' },
      { access_token: '\ud800', token_type: 'Bearer', expires_in: 1e308 },
      { access_token: 'x'.repeat(20_000), token_type: 'Bearer' },
      { access_token: 1, token_type: 'bearer' },
    ),
    fc.nat(0xff_ff_ff),
    fc.boolean(),
  )
  .map(([fhirServer, fhirAuthorization, left, isPaged]) => ({
    done: `ask ${fhirServer}`,
    apply(tree) {
      if (!isBranch(tree)) return tree;
      const prefetch = 'prefetch' in tree && isBranch(tree.prefetch) ? Object.entries(tree.prefetch) : [];
      const next = { relation: 'next', url: `${fhirServer}/Condition?page=2` };
      const sent = prefetch
        .filter((_, index) => (left & (1 << (index % 24))) === 0)
        .map(([key, value]: [string, unknown]) => [
          key,
          isPaged && isBranch(value) ? { ...value, link: [next] } : value,
        ]);
      return { ...tree, fhirServer, fhirAuthorization, prefetch: Object.fromEntries(sent) };
    },
  }));

/** What clients send for one key, besides what they should (CH-65 to CH-70). */
const prefetched: fc.Arbitrary<(value: unknown) => unknown> = fc.constantFrom<(value: unknown) => unknown>(
  () => null,
  () => undefined,
  () => ({ resourceType: 'Bundle', type: 'searchset', total: 0 }),
  () => ({ resourceType: 'OperationOutcome', issue: [{ severity: 'fatal', code: 'exception', diagnostics: CANARY }] }),
  () => ({ resourceType: 'OperationOutcome', issue: null }),
  (value) => ({ response: { status: '200 OK' }, resource: value }),
  (value) => [value],
  (value) => ({ resourceType: 'Bundle', entry: [{ resource: value }] }),
  (value) => JSON.stringify(value),
  () => ({ resourceType: 'Bundle', type: 'searchset', link: [{ relation: 'next', url: `${FHIR_ORIGIN}/self/x` }] }),
  () => ({ resourceType: 'Bundle', entry: { resource: {} }, link: 'next' }),
);

/** Does the edit to one of the prefetch keys, which one is for the number to say. */
function prefetching(
  nth: number,
  edit: (value: unknown) => unknown,
): (key: string, tree: unknown) => readonly [string, unknown][] {
  return (root, tree) => {
    const prefetch = valueAt(tree, ['prefetch']);
    const keys = isBranch(prefetch) ? Object.keys(prefetch) : [];
    const key = keys[nth % Math.max(1, keys.length)];
    if (key === undefined) return [[root, tree]];
    return [[root, edited(tree, ['prefetch', key], (name, value) => [[name, edit(value)]])]];
  };
}

/** Another patient's records among this one's. */
function grafted(from: RealRequest, nth: number): Mutation {
  return {
    done: `a part of the chart of ${from.name}`,
    apply(tree) {
      const theirs = valueAt(JSON.parse(from.json), ['prefetch']);
      const parts: [string, unknown][] = isBranch(theirs) ? Object.entries(theirs) : [];
      const part = parts[nth % Math.max(1, parts.length)];
      return part === undefined ? tree : setting(['prefetch', part[0]], part[1]).apply(tree);
    },
  };
}

/** The service is asked to call nobody but this machine, whatever the mutations made of the address. */
function onThisMachine(tree: unknown): unknown {
  if (!isBranch(tree) || !('fhirServer' in tree) || typeof tree.fhirServer !== 'string') return tree;
  return FHIR_SERVERS.includes(tree.fhirServer) ? tree : { ...tree, fhirServer: FHIR_SERVERS[0] };
}

function callOf(base: RealRequest, body: string | Buffer, done: readonly string[], kind: Kind): HttpRequest {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return {
    via: 'http',
    kind,
    target: 'service',
    done: [base.name, ...done],
    method: 'POST',
    path: `/cds-services/${base.serviceId}`,
    headers: JSON_TYPE,
    body: bytes,
    // A FHIR server can be in time once and too late the next time.
    repeatable: !bytes.includes('"fhirServer"'),
  };
}
