import { randomUUID } from 'node:crypto';
import type { Database } from './database.ts';

/** A process that shares the store. */
export interface Instance {
  readonly id: string;
  readonly startedAt: string;
  readonly seenAt: string;
  /** Of the service. */
  readonly version: string;
  /** {@link import('./settings-digest.ts').settingsDigest} of what decides which cards are shown. */
  readonly settings: string;
}

export interface InstancesOptions {
  readonly version: string;
  readonly settings: string;
  readonly now: () => Date;
  /**
   * Another process of the same version answers by other settings, such as a card that is in shadow at one of them alone. Said
   * once of each; those of another version are on their way in or out, and differ as they should.
   */
  readonly onOtherSettings: (other: Instance) => void;
  /** Milliseconds between two signs of life; half a minute, but for tests. */
  readonly everyMs?: number;
}

export interface Instances {
  /** Of this process. */
  readonly id: string;
  /** Writes this process down, now and every half minute. Never rejects: without a store nobody else answers by it either. */
  start(): Promise<void>;
  /**
   * Those that were seen within a minute and a half, but for this one.
   *
   * @throws {FeedbackStoreError} if the database does not say.
   */
  others(): Promise<readonly Instance[]>;
  /** Takes this process out again. Never rejects: whoever is not seen any more is forgotten anyway. */
  stop(): Promise<void>;
}

const EVERY_MS = 30_000;
/** After three signs of life that did not come, a process is taken for ended. */
const SEEN_WITHIN_MS = 90_000;

/** The processes that answer by one store, each by what it says of itself. */
export function createInstances(
  database: Database,
  { version, settings, now, onOtherSettings, everyMs = EVERY_MS }: InstancesOptions,
): Instances {
  const id = randomUUID();
  const startedAt = now().toISOString();
  const told = new Set<string>();
  let underWay: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const others = async (): Promise<readonly Instance[]> => {
    const since = new Date(now().getTime() - SEEN_WITHIN_MS).toISOString();
    return database.read(async (tables) =>
      tables
        .selectFrom('instance')
        .select(['id', 'started_at as startedAt', 'seen_at as seenAt', 'version', 'settings'])
        .where('id', '!=', id)
        .where('seen_at', '>=', since)
        .orderBy('id')
        .execute(),
    );
  };

  const showLife = async (): Promise<void> => {
    const seenAt = now().toISOString();
    await database.writeQuickly(async (tables) =>
      tables
        .insertInto('instance')
        .values({ id, started_at: startedAt, seen_at: seenAt, version, settings })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ seen_at: seenAt }))
        .execute(),
    );
    for (const other of await others()) {
      if (other.version !== version || other.settings === settings || told.has(other.id)) continue;
      told.add(other.id);
      onOtherSettings(other);
    }
  };
  // What the store is like is found and said by those who need it.
  const beat = async (): Promise<void> => {
    underWay = showLife().catch(() => {});
    await underWay;
  };

  return {
    id,
    others,
    async start() {
      timer ??= setInterval(() => void beat(), everyMs).unref();
      await beat();
    },
    async stop() {
      clearInterval(timer);
      // It would write this process down again.
      await underWay;
      await database
        .writeQuickly(async (tables) => tables.deleteFrom('instance').where('id', '=', id).execute())
        .catch(() => {});
    },
  };
}
