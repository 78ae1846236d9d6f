import type { DiscoveredService } from '../src/ehr-demo/hook-request.ts';
import type { MeasuredChart } from './fhir-charts.ts';
import { requestBody } from './fhir-request.ts';
import { CALL_KINDS, type CallKind, withoutServer } from './fhir-rows.ts';
import { baseOf } from './fhir-stub-listener.ts';
import { type ServedTraffic, trafficBetween } from './fhir-traffic.ts';
import { type Spread, spread } from './statistics.ts';

/** What one kind of call costs, over all calls of its kind. */
export interface FhirCost {
  readonly kind: CallKind;
  readonly requests: Spread;
  /** Bytes of the bodies that the FHIR server sent for a call. */
  readonly fhirBytes: Spread;
  readonly bodyBytes: number;
  readonly milliseconds: Spread;
  /** Over the call next to it in time that has all it needs and asks nobody. */
  readonly addedMilliseconds: Spread;
}

/** The two servers, and how many calls of each kind there are, one after the other. */
export interface FhirBench {
  readonly serviceUrl: string;
  readonly service: DiscoveredService;
  readonly stubUrl: string;
  readonly charts: readonly MeasuredChart[];
  readonly warmUps: number;
  readonly calls: number;
}

interface Call {
  readonly served: ServedTraffic;
  readonly milliseconds: number;
  readonly bodyBytes: number;
  readonly answerBytes: number;
}

/** Calls of all kinds with one chart, made one after the other. */
type Round = { readonly reference: Call; readonly calls: readonly Call[] };

/**
 * Measures every kind of call, chart by chart. The kinds take turns, so that a drift of the machine favours none.
 *
 * @throws {Error} if a call is not answered with 200, or not with what the same chart gets with full prefetch: to be fast and
 * see less is no measurement.
 */
export async function fhirCosts(bench: FhirBench): Promise<readonly FhirCost[]> {
  const costs: FhirCost[] = [];
  for (const measured of bench.charts) {
    const kinds = CALL_KINDS.filter(({ chart }) => chart === measured.name);
    // oxlint-disable-next-line no-await-in-loop -- one after the other: two at once would disturb each other
    const rounds = await roundsOf(bench, measured, kinds);
    costs.push(...kinds.map((kind, at) => costOf(kind, at, rounds)));
  }
  return CALL_KINDS.flatMap((kind) => costs.filter((cost) => cost.kind === kind));
}

async function roundsOf(
  bench: FhirBench,
  measured: MeasuredChart,
  kinds: readonly CallKind[],
): Promise<readonly Round[]> {
  const rounds: Round[] = [];
  for (let round = 0; round < bench.warmUps + bench.calls; round += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other: two at once would disturb each other
    const reference = await call(bench, measured, withoutServer(measured.name), round);
    const calls: Call[] = [];
    for (const kind of kinds) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: two at once would disturb each other
      calls.push(await call(bench, measured, kind, round));
    }
    assertSameAnswer(calls, kinds);
    rounds.push({ reference, calls });
  }
  return rounds.slice(bench.warmUps);
}

async function call(bench: FhirBench, measured: MeasuredChart, kind: CallKind, round: number): Promise<Call> {
  const { serviceUrl, service, stubUrl } = bench;
  const contact = kind.contact === 'new' ? `new-${round}` : 'known';
  const server = kind.manner && baseOf(stubUrl, measured.name, kind.manner, contact);
  const body = requestBody(measured.chart, service, kind.sent, server);
  const before = await traffic(stubUrl);
  const startedAt = performance.now();
  const response = await fetch(`${serviceUrl}/cds-services/${service.id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const answer = await response.text();
  const milliseconds = performance.now() - startedAt;
  if (response.status !== 200) throw new Error(`${kind.title}: ${response.status} ${answer}`);
  return {
    served: trafficBetween(before, await traffic(stubUrl)),
    milliseconds,
    bodyBytes: Buffer.byteLength(body),
    answerBytes: Buffer.byteLength(answer),
  };
}

async function traffic(stubUrl: string): Promise<ServedTraffic> {
  return (await (await fetch(`${stubUrl}/traffic`)).json()) as ServedTraffic;
}

// Uuids differ from answer to answer, lengths do not.
function assertSameAnswer(calls: readonly Call[], kinds: readonly CallKind[]): void {
  const lengths = calls.map(({ answerBytes }) => answerBytes);
  const at = lengths.findIndex((length) => length !== lengths[0]);
  const kind = kinds[at];
  if (kind !== undefined)
    throw new Error(`${kind.title}: an answer of ${lengths[at]} bytes, not ${lengths[0]} as with full prefetch`);
}

function costOf(kind: CallKind, at: number, rounds: readonly Round[]): FhirCost {
  const calls = rounds.flatMap((round) => round.calls[at] ?? []);
  const over = (value: (call: Call) => number) => spread(calls.map(value));
  return {
    kind,
    requests: over(({ served }) => served.requests),
    fhirBytes: over(({ served }) => served.bytes),
    bodyBytes: over(({ bodyBytes }) => bodyBytes).median,
    milliseconds: over(({ milliseconds }) => milliseconds),
    addedMilliseconds: spread(
      rounds.map(({ reference }, round) => (calls[round]?.milliseconds ?? Number.NaN) - reference.milliseconds),
    ),
  };
}
