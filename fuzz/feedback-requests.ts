import * as fc from 'fast-check';
import { byteMutations, damaged } from './byte-mutation.ts';
import { CANARY } from './canary.ts';
import { jsonText } from './hostile-values.ts';
import { mutated, mutations } from './json-mutation.ts';
import { type HttpRequest, JSON_TYPE } from './wire.ts';

const CARD = 'aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb';
const SUGGESTION = 'cccccccc-1111-4222-8333-dddddddddddd';
const AT = '2026-11-22T10:00:00Z';

const ACCEPTED = { card: CARD, outcome: 'accepted', acceptedSuggestions: [{ id: SUGGESTION }], outcomeTimestamp: AT };
const REASON = { reason: { code: 'patient-declined', system: 'urn:oid:1.2.3' }, userComment: CANARY };
const OVERRIDDEN = { card: CARD, outcome: 'overridden', overrideReason: REASON, outcomeTimestamp: AT };

/** The specification's shape, Epic's, a bare object of old clients, ids as text, and a batch of them (CH-137 to CH-147). */
const BODIES: readonly object[] = [
  { feedback: [ACCEPTED] },
  { feedback: [OVERRIDDEN] },
  { feedback: [{ card: CARD, outcome: 'overridden', outcomeTimestamp: '2026-11-22T12:00:00.123+02:00' }] },
  { feedback: [{ ...OVERRIDDEN, overrideReason: undefined, overrideReasons: [REASON, REASON] }] },
  { feedback: [{ ...ACCEPTED, acceptedSuggestions: [SUGGESTION] }] },
  ACCEPTED,
  { feedback: [ACCEPTED, OVERRIDDEN, { card: CANARY }, null, ACCEPTED] },
  { feedback: Array.from({ length: 200 }, () => OVERRIDDEN) },
];

/** Feedback, whole, changed and damaged. */
export function feedbackCalls(serviceIds: readonly string[]): fc.Arbitrary<HttpRequest> {
  const body = fc.constantFrom(...BODIES);
  const whole = body.map((tree) => ({ bytes: Buffer.from(jsonText(tree)), done: ['nothing'] }));
  const changed = fc.tuple(body, mutations).map(([base, changes]) => {
    const plain: unknown = JSON.parse(JSON.stringify(base));
    return { bytes: Buffer.from(jsonText(mutated(plain, changes))), done: changes.map(({ done }) => done) };
  });
  const broken = fc.tuple(body, byteMutations).map(([base, changes]) => ({
    bytes: damaged(Buffer.from(JSON.stringify(base)), changes),
    done: changes.map(({ done }) => done),
  }));
  const sent = fc.oneof(
    { weight: 1, arbitrary: whole },
    { weight: 6, arbitrary: changed },
    { weight: 2, arbitrary: broken },
  );
  return fc.tuple(fc.constantFrom(...serviceIds), sent).map(([id, { bytes, done }]) => ({
    via: 'http',
    kind: 'feedback',
    target: 'feedback',
    done,
    method: 'POST',
    path: `/cds-services/${id}/feedback`,
    headers: JSON_TYPE,
    body: bytes,
    repeatable: true,
  }));
}
