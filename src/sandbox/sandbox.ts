import { FixtureError } from '../ehr-demo/scenarios.ts';
import { type Interrupts, watchInterrupts } from '../terminal/interrupts.ts';
import { progressBar } from '../terminal/progress-bar.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { parseSandboxArguments, type SandboxArguments, USAGE } from './arguments.ts';
import { EXIT, failed, interrupted, type Outcome, type Stopped, stopped } from './outcome.ts';
import type { ReportedCleanUp } from './report.ts';
import { cleanUpText, reportText } from './report-text.ts';
import { runSandbox } from './run.ts';
import type { Spawned } from './service-process.ts';

// A terminal that is gone, or a pipe that nobody reads any more, must not end the run before it has cleaned up.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const asked = parsed(args);
  if (asked === undefined) {
    process.stdout.write(USAGE);
    return EXIT.asExpected;
  }
  if ('because' in asked) {
    if (args.includes('--json')) process.stdout.write(documentText(asked));
    else process.stderr.write(`${asked.message}\n\n${USAGE}`);
    return asked.exitStatus;
  }
  const outcome = await run(asked);
  print(asked, outcome);
  return outcome.exitStatus;
}

function parsed(args: readonly string[]): SandboxArguments | Stopped | undefined {
  try {
    return parseSandboxArguments(args, process.env);
  } catch (error) {
    if (error instanceof UsageError) return stopped(EXIT.usage, 'usage', error.message);
    throw error;
  }
}

async function run(asked: SandboxArguments): Promise<Outcome> {
  let service: Spawned | undefined;
  let tag: string | undefined;
  const interrupts: Interrupts = watchInterrupts(process, (status) => {
    service?.kill();
    const outcome = { ...interrupted(interrupts, unsettled(tag)), exitStatus: status };
    print(asked, outcome);
    process.exit(status);
  });
  try {
    return await runSandbox(asked, {
      interrupts,
      bar: progressBar(!asked.json, 'Interrupted, cleaning up'),
      today: new Date(),
      onService: (started) => {
        service = started;
      },
      onTag: (of) => {
        tag = of;
      },
    });
  } catch (error) {
    if (error instanceof UsageError || error instanceof FixtureError)
      return stopped(EXIT.usage, 'usage', error.message);
    return failed(error, unsettled(tag));
  } finally {
    interrupts.release();
  }
}

/** A run that ends at once knows no more of what is on the server than its tag. */
function unsettled(tag: string | undefined): ReportedCleanUp {
  if (tag === undefined) return { kind: 'nothing-written' };
  return { kind: 'unsettled', tag, known: [] };
}

function print({ fhirServer, json }: SandboxArguments, outcome: Outcome): void {
  if (json) {
    process.stdout.write(documentText(outcome));
    return;
  }
  switch (outcome.kind) {
    case 'reported': {
      const { report, serviceEnded } = outcome;
      const lines = serviceEnded === undefined ? [] : ['The service ended.', ...serviceEnded, ''];
      process.stdout.write(`${reportText(report)}${lines.join('\n')}`);
      break;
    }
    case 'cleaned':
      process.stdout.write(`${cleanUpText(fhirServer, outcome.cleanUp)}\n`);
      break;
    case 'stopped':
      process.stderr.write(`${outcome.message}\n${cleanUpText(fhirServer, outcome.cleanUp)}\n`);
      break;
    default:
      outcome satisfies never;
  }
}

/** What `--json` prints: the report, or why there is none; always with the exit status. */
function documentText(outcome: Outcome): string {
  return `${JSON.stringify(documentOf(outcome), undefined, 2)}\n`;
}

function documentOf(outcome: Outcome): object {
  switch (outcome.kind) {
    case 'reported': {
      const { exitStatus, serviceEnded, report } = outcome;
      return { exitStatus, ...(serviceEnded === undefined ? {} : { serviceEnded }), ...report };
    }
    case 'cleaned':
      return { exitStatus: outcome.exitStatus, cleanUp: outcome.cleanUp };
    case 'stopped': {
      const { exitStatus, because, message, cleanUp } = outcome;
      return { exitStatus, stopped: { because, message }, cleanUp };
    }
    default:
      return outcome satisfies never;
  }
}
