import type { AppDependencies } from './app.ts';
import type { ReplayMemory } from './cds-hooks/authentication/replay-memory.ts';
import { createSharedReplayMemory } from './cds-hooks/authentication/shared-replay-memory.ts';
import { createPatience } from './cds-hooks/patience.ts';
import type { Config } from './config.ts';
import type { FeedbackStore } from './feedback/feedback-store.ts';
import { createRecorder, type Recorder } from './feedback/recorder.ts';
import { addTallies } from './feedback/store/add-tallies.ts';
import { createFeedbackStore } from './feedback/store/append-feedback.ts';
import type { Database } from './feedback/store/database.ts';
import { createInstances } from './feedback/store/instances.ts';
import { createRateWindows } from './feedback/store/rate-windows.ts';
import { recordShowings } from './feedback/store/record-showings.ts';
import { deleteExpired } from './feedback/store/retention.ts';
import { createUsedJtis } from './feedback/store/used-jtis.ts';
import type { Logger } from './log.ts';
import type { StoreMeter } from './metrics.ts';
import { watchStore } from './watch-store.ts';

/** All that stands on the one database: what is kept in it, and what instances share by it. */
export interface Store {
  readonly feedback: FeedbackStore;
  readonly recorder: Recorder;
  readonly replayMemory: ReplayMemory;
  /** Undefined where there is one process alone. */
  readonly sharedRates: AppDependencies['sharedRates'];
  /** Writes what is held, leaves, and closes the database. Once nobody is answered any more. */
  stop(): Promise<void>;
}

export interface StoreOptions extends Pick<Config, 'commentRetentionDays' | 'recordRetentionDays'> {
  readonly meter: StoreMeter;
  readonly logger: Logger;
  /** Of the service. */
  readonly version: string;
  /** A digest of all that decides which cards are shown. */
  readonly settings: string;
  readonly now: () => Date;
}

const HOUR_MS = 3_600_000;
/**
 * A clinician waits for the call behind it: for what JWT and rate ask of the store, one after the other, together. In milliseconds.
 */
const PATIENCE_MS = 150;

/** Begins to write, and to delete what is too old; tells the other instances of this one. */
export async function openStore(database: Database, options: StoreOptions): Promise<Store> {
  const { meter, logger, version, settings, now, commentRetentionDays, recordRetentionDays } = options;
  const watched = watchStore(meter, logger);
  const feedback = createFeedbackStore(database, { commentRetentionDays });
  const recorder = createRecorder({
    record: (shown) => watched('showings', () => recordShowings(database, shown)),
    addTallies: (tallies) => watched('tallies', () => addTallies(database, tallies)),
    isReachable: () => database.isReachable(),
    now,
    onDropped: meter.showingsDropped,
  });
  const instances = createInstances(database, {
    version,
    settings,
    now,
    onOtherSettings: ({ id, startedAt }) =>
      logger.warn({ instance: id, since: startedAt }, 'another instance answers by other settings'),
  });
  await instances.start();

  const clean = async () => {
    const { isInLog } = await watched('retention', () =>
      deleteExpired(database, { now: now(), commentRetentionDays, recordRetentionDays }),
    );
    if (isInLog) logger.warn('what was deleted is still in the log of the database file: another process reads it');
  };
  const startCleaning = () => void clean().catch(() => {});
  startCleaning();
  const cleaning = setInterval(startCleaning, HOUR_MS).unref();

  const patience = createPatience(PATIENCE_MS);
  return {
    feedback: { ...feedback, append: (received) => watched('feedback', () => feedback.append(received)) },
    recorder,
    replayMemory: createSharedReplayMemory({
      shared: createUsedJtis(database),
      onFallback: meter.replayFellBack,
      patience,
    }),
    sharedRates:
      database.kind === 'postgres'
        ? { counter: createRateWindows(database), onFallback: meter.rateLimitFellBack, patience }
        : undefined,
    async stop() {
      clearInterval(cleaning);
      await recorder.close();
      await instances.stop();
      await database.close();
    },
  };
}
