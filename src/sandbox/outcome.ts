import type { Interrupts } from '../terminal/interrupts.ts';
import type { Report, ReportedCleanUp } from './report.ts';

/** The exit statuses of a run that was not interrupted. */
export const EXIT = { asExpected: 0, different: 1, usage: 2, noServer: 3, notWritten: 4, leftOver: 5 } as const;

/** How a run ended. */
export type Outcome =
  | {
      readonly kind: 'reported';
      readonly exitStatus: number;
      readonly report: Report;
      /** The last lines that the service said before it ended of itself; undefined if it did not. */
      readonly serviceEnded: readonly string[] | undefined;
    }
  | { readonly kind: 'cleaned'; readonly exitStatus: number; readonly cleanUp: ReportedCleanUp }
  | Stopped;

/** Ended before there was anything to report. */
export type Stopped = {
  readonly kind: 'stopped';
  readonly exitStatus: number;
  /**
   * `usage`: the command was not understood, or a file that it needs cannot be used. `service`: the service cannot be tested.
   * `failed`: a mistake of this command itself.
   */
  readonly because: 'usage' | 'no-server' | 'not-written' | 'service' | 'failed' | 'interrupted';
  readonly message: string;
  readonly cleanUp: ReportedCleanUp;
};

const NOTHING_WRITTEN = { kind: 'nothing-written' } as const;

/** A run that ended early; what is left on the server outweighs the exit status that is given. */
export function stopped(
  exitStatus: number,
  because: Stopped['because'],
  message: string,
  cleanUp: ReportedCleanUp = NOTHING_WRITTEN,
): Stopped {
  return { kind: 'stopped', exitStatus: statusAfter(cleanUp, exitStatus), because, message, cleanUp };
}

/** A run that somebody ended. */
export function interrupted(interrupts: Interrupts, cleanUp: ReportedCleanUp = NOTHING_WRITTEN): Stopped {
  return stopped(interrupts.status() ?? EXIT.different, 'interrupted', 'Interrupted.', cleanUp);
}

/** A run that met with a mistake in this command. An error's message may quote a server: it is told by its name and place. */
export function failed(error: unknown, cleanUp?: ReportedCleanUp): Stopped {
  const { name, stack = '' } = error instanceof Error ? error : new Error();
  const frames = stack.split('\n').filter((line) => /^ {4}at /.test(line));
  return stopped(EXIT.different, 'failed', [`The run failed: ${name}`, ...frames].join('\n'), cleanUp);
}

/** Something that is left on a server outweighs everything else there is to say. */
export function statusAfter({ kind }: ReportedCleanUp, otherwise: number): number {
  return kind === 'left-over' || kind === 'unsettled' ? EXIT.leftOver : otherwise;
}
