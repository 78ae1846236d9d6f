import { missingMedications } from '../../chart/medication.ts';
import { RESOURCE_KEYS, type Reading, type Readings, type ResourceKey } from '../../chart/reading.ts';
import { inOrder, WITH_MEDICATIONS, withMedications } from '../../fhir/beside-orders.ts';
import type { ServerAnswer } from '../situation.ts';
import { type ChartServerOptions, openChartServer, type PartRead } from './chart-server.ts';
import { reporter } from './reporter.ts';

/** How far the reading of the chart has come. */
export interface ChartProgress {
  /** Of a part that is not read yet, nothing. */
  readonly readings: Readings;
  readonly pending: ReadonlySet<ResourceKey>;
  /** Of each part that could not be read, or not to its end, what the server said. */
  readonly answers: ReadonlyMap<ResourceKey, ServerAnswer>;
  /** How many resources were left out: another patient's, of another type, or no resources at all. */
  readonly skipped: number;
}

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
  const readings = new Map<ResourceKey, Reading>();
  const answers = new Map<ResourceKey, ServerAnswer>();
  const pending = new Set<ResourceKey>(RESOURCE_KEYS);
  const settled = new Set<ResourceKey>();
  const orders = new Map<ResourceKey, PartRead>();
  let end: Exclude<Ending, 'expired'> | undefined;
  let isExpired = false;
  let medications = Promise.resolve();
  let isOver = false;

  const report = reporter(() => {
    if (end === undefined) onProgress(progress());
  });
  const server = openChartServer({
    ...options,
    signal: ending.signal,
    onExpired: () => {
      if (!isExpired) onExpired();
      isExpired = true;
    },
    onOtherPatient: () => stop('other-patient'),
  });

  function stop(why: 'other-patient' | 'stopped'): void {
    end ??= why;
    ending.abort();
  }

  function progress(): ChartProgress {
    return {
      readings: new Map(RESOURCE_KEYS.flatMap((key) => present(key, readings.get(key)))),
      pending: new Set(pending),
      answers: new Map(answers),
      skipped: server.skipped(),
    };
  }

  function show(key: ResourceKey, { reading, answer }: PartRead, seconds = patienceMs.overall / 1000): void {
    readings.set(key, reading);
    pending.delete(key);
    if (answer === undefined) answers.delete(key);
    else answers.set(key, inTime(reading, answer, seconds));
    if (pending.has('patient')) return;
    if (key === 'patient') report.now();
    else report.soon();
  }

  /** Shows the orders with what they refer to, once all that may come soon has come. */
  function addMedications(): void {
    if (![...WITH_MEDICATIONS].every((key) => orders.has(key) || isOver)) return;
    medications = addMedicationsAfter(medications);
  }

  /** One after the other, so that what is shown last has seen the most. */
  async function addMedicationsAfter(earlier: Promise<void>): Promise<void> {
    await earlier;
    const parts = await withMedications(ordersInOrder(), (references) => server.readMedications(references));
    for (const [key, reading] of parts) show(key, { reading, answer: orders.get(key)?.answer });
  }

  function ordersInOrder() {
    return RESOURCE_KEYS.flatMap((key) => present(key, orders.get(key)?.reading));
  }

  async function follow(key: ResourceKey): Promise<void> {
    const read = await server.read(key);
    settled.add(key);
    if (!WITH_MEDICATIONS.has(key)) return show(key, read);
    orders.set(key, read);
    if (!refersToMedications(read.reading)) show(key, read);
    addMedications();
  }

  /** What has not come by now is shown as unread, and orders without what they refer to. */
  async function goOn(): Promise<void> {
    isOver = true;
    const found = await withMedications(ordersInOrder(), async () => new Map());
    for (const [key, reading] of found) {
      if (pending.has(key)) show(key, { reading, answer: orders.get(key)?.answer });
    }
    for (const key of pending) {
      if (!settled.has(key)) show(key, UNANSWERED, patienceMs.part / 1000);
    }
    addMedications();
  }

  const timers = [setTimeout(() => void goOn(), patienceMs.part), setTimeout(() => ending.abort(), patienceMs.overall)];

  async function readAll(): Promise<ChartProgress | Ending> {
    await Promise.all(RESOURCE_KEYS.map(follow));
    await medications;
    for (const timer of timers) clearTimeout(timer);
    if (end === undefined) report.now();
    report.stop();
    return end ?? (isExpired ? 'expired' : progress());
  }

  return { done: readAll(), stop: () => stop('stopped') };
}

const UNANSWERED: PartRead = {
  reading: { state: 'unread', reason: 'timed-out' },
  answer: { status: undefined, says: '' },
};

function refersToMedications(reading: Reading): boolean {
  return reading.state !== 'unread' && inOrder([missingMedications(reading.resources)]).length > 0;
}

/** For how long nobody answered. */
function inTime(reading: Reading, answer: ServerAnswer, seconds: number): ServerAnswer {
  if (reading.state === 'complete' || reading.reason !== 'timed-out') return answer;
  const says = reading.state === 'unread' ? `no answer within ${seconds} s` : `not read to the end within ${seconds} s`;
  return { ...answer, says };
}

function present<Value>(key: ResourceKey, value: Value | undefined): readonly (readonly [ResourceKey, Value])[] {
  return value === undefined ? [] : [[key, value]];
}
