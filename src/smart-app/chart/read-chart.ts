import { missingMedications } from '../../chart/medication.ts';
import { RESOURCE_KEYS, type ResourceKey } from '../../chart/reading.ts';
import { type FindMedications, WITH_MEDICATIONS, withMedications } from '../../fhir/beside-orders.ts';
import { type ChartServerOptions, openChartServer, type PartRead } from './chart-server.ts';
import { type ChartProgress, inOrder, openLedger } from './ledger.ts';
import { reporter } from './reporter.ts';

export type { ChartProgress } from './ledger.ts';

/** Why nothing, or not all, of the chart was read: another patient answered, the token is not good any more, nobody waits. */
export type Ending = 'other-patient' | 'expired' | 'stopped';

export interface ReadChartOptions extends Omit<ChartServerOptions, 'signal' | 'onOtherPatient' | 'onExpired'> {
  /** Told at once, and once, that the token is not good any more. */
  readonly onExpired?: () => void;
  /** Milliseconds. `part`: then a part is taken as unread until it comes after all. `overall`: then it is not waited for. */
  readonly patienceMs?: { readonly part: number; readonly overall: number };
  /** Not called before the patient is known, or given up: data without a name is not to be shown. */
  readonly onProgress: (progress: ChartProgress) => void;
}

export interface ChartReader {
  /** Never rejects. */
  readonly done: Promise<ChartProgress | Ending>;
  /** Ends all requests; nothing is told any more. */
  stop(): void;
}

const PATIENCE = { part: 8000, overall: 30_000 };

/** Reads all parts of the chart at the same time, patient and problems first in the queue. Nothing is kept but in memory. */
export function readChart(options: ReadChartOptions): ChartReader {
  const { patienceMs = PATIENCE, onProgress, onExpired = () => {} } = options;
  const ending = new AbortController();
  const ledger = openLedger();
  /** The orders as they came, without the Medications that they refer to. */
  const orders = new Map<ResourceKey, PartRead>();
  let medications = Promise.resolve();
  let isLate = false;
  let isExpired = false;
  let end: 'other-patient' | 'stopped' | undefined;

  const report = reporter(() => {
    if (end === undefined) onProgress(ledger.progress(server.skipped()));
  });
  const server = openChartServer({
    ...options,
    signal: ending.signal,
    onExpired() {
      if (!isExpired) onExpired();
      isExpired = true;
    },
    onOtherPatient: () => stop('other-patient'),
  });

  function stop(why: 'other-patient' | 'stopped'): void {
    end ??= why;
    ending.abort();
  }

  function show(key: ResourceKey, part: PartRead, waitedMs = patienceMs.overall): void {
    ledger.enter(key, part, waitedMs);
    if (ledger.pending.has('patient')) return;
    if (key === 'patient') report.now();
    else report.soon();
  }

  async function read(key: ResourceKey): Promise<void> {
    const part = await server.read(key);
    if (!WITH_MEDICATIONS.has(key)) return show(key, part);
    orders.set(key, part);
    if (!refersToMedications(part)) show(key, part);
    const areAllThere = [...WITH_MEDICATIONS].every((one) => orders.has(one));
    if (areAllThere || isLate) medications = showOrders(medications);
  }

  /** With what they refer to. One after the other, so that what is shown last has seen the most. */
  async function showOrders(earlier: Promise<void>): Promise<void> {
    await earlier;
    const parts = await ordersWith((references) => server.readMedications(references));
    for (const [key, part] of parts) show(key, part);
  }

  async function ordersWith(find: FindMedications): Promise<readonly (readonly [ResourceKey, PartRead])[]> {
    const asRead = [...inOrder(orders)].map(([key, { reading }]) => [key, reading] as const);
    const parts = await withMedications(asRead, find);
    return parts.map(([key, reading]) => [key, { reading, answer: orders.get(key)?.answer }]);
  }

  /** What has not come by now is shown as unread, and orders without what they refer to. */
  async function goOn(): Promise<void> {
    isLate = true;
    const inPart = new Map(await ordersWith(async () => new Map()));
    for (const key of ledger.pending) show(key, inPart.get(key) ?? UNANSWERED, patienceMs.part);
    medications = showOrders(medications);
  }

  async function readAll(): Promise<ChartProgress | Ending> {
    const timers = [
      setTimeout(() => void goOn(), patienceMs.part),
      setTimeout(() => ending.abort(), patienceMs.overall),
    ];
    await Promise.all(RESOURCE_KEYS.map(read));
    await medications;
    for (const timer of timers) clearTimeout(timer);
    report.now();
    return end ?? (isExpired ? 'expired' : ledger.progress(server.skipped()));
  }

  return { done: readAll(), stop: () => stop('stopped') };
}

const UNANSWERED: PartRead = {
  reading: { state: 'unread', reason: 'timed-out' },
  answer: { status: undefined, says: 'no answer in time' },
};

function refersToMedications({ reading }: PartRead): boolean {
  if (reading.state === 'unread') return false;
  const { nameless, named } = missingMedications(reading.resources);
  return nameless.length + named.length > 0;
}
