import { FixtureError } from '../ehr-demo/scenarios.ts';
import { ServiceCallError } from '../ehr-demo/service-client.ts';
import { UsageError } from '../ehr-demo/try-arguments.ts';
import { parseSandboxArguments, type SandboxArguments, USAGE } from './arguments.ts';
import { watchInterrupts } from './interrupts.ts';
import { progressBar } from './progress-bar.ts';
import { cleanUpText, howToClean, reportText } from './report.ts';
import { EXIT, type Outcome, runSandbox } from './run.ts';
import { type ServiceProcess, ServiceStartError } from './service-process.ts';

// A terminal that is gone, or a pipe that nobody reads any more, must not end the run before it has cleaned up.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const asked = parseSandboxArguments(process.argv.slice(2), process.env);
    if (asked === undefined) {
      process.stdout.write(USAGE);
      return EXIT.asExpected;
    }
    return await run(asked);
  } catch (error) {
    if (error instanceof UsageError) return failed(EXIT.usage, `${error.message}\n\n${USAGE}`);
    if (error instanceof FixtureError) return failed(EXIT.usage, `${error.message}\n`);
    if (isServiceFault(error)) return failed(EXIT.different, `The service cannot be tested: ${error.message}\n`);
    throw error;
  }
}

async function run(asked: SandboxArguments): Promise<number> {
  let service: ServiceProcess | undefined;
  let tag: string | undefined;
  const interrupts = watchInterrupts(process, (status) => {
    service?.kill();
    if (tag !== undefined)
      process.stderr.write(`\nNOT CLEANED UP, tag ${tag}. If anything is left, ${howToClean(asked.fhirServer, tag)}\n`);
    process.exit(status);
  });
  try {
    const outcome = await runSandbox(asked, {
      interrupts,
      bar: progressBar(!asked.json),
      today: new Date(),
      onService: (started) => {
        service = started;
      },
      onTag: (of) => {
        tag = of;
      },
    });
    print(asked, outcome);
    return outcome.exitStatus;
  } catch (error) {
    // The terminal interrupts the service as well, which may then not be there yet, or any more; nothing is written before.
    const status = interrupts.status();
    if (status !== undefined && isServiceFault(error)) return failed(status, 'Interrupted.\n');
    if (tag !== undefined)
      process.stderr.write(
        `The run ended in the middle, tag ${tag}. If anything is left, ${howToClean(asked.fhirServer, tag)}\n`,
      );
    throw error;
  } finally {
    interrupts.release();
  }
}

function print({ fhirServer, json }: SandboxArguments, outcome: Outcome): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(documentOf(outcome), undefined, 2)}\n`);
    return;
  }
  switch (outcome.kind) {
    case 'reported':
      process.stdout.write(`${reportText(outcome.report)}${outcome.serviceEnded ? 'The service ended.\n' : ''}`);
      break;
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
function documentOf(outcome: Outcome): object {
  switch (outcome.kind) {
    case 'reported':
      return {
        exitStatus: outcome.exitStatus,
        ...(outcome.serviceEnded ? { serviceEnded: true } : {}),
        ...outcome.report,
      };
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

function isServiceFault(error: unknown): error is ServiceStartError | ServiceCallError {
  return error instanceof ServiceStartError || error instanceof ServiceCallError;
}

function failed(exitStatus: number, message: string): number {
  process.stderr.write(message);
  return exitStatus;
}
