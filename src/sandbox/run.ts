import { randomUUID } from 'node:crypto';
import { FIXTURE_DATE } from '../ehr-demo/hook-request.ts';
import { nearestName } from '../ehr-demo/nearest-name.ts';
import { loadPatient, loadScenarios, type Scenario } from '../ehr-demo/scenarios.ts';
import { discover } from '../ehr-demo/service-client.ts';
import { daysBetween } from '../ehr-demo/shift-dates.ts';
import { UsageError } from '../ehr-demo/try-arguments.ts';
import type { SandboxArguments } from './arguments.ts';
import { createCallSigner } from './call-signer.ts';
import { cleanUp } from './clean-up.ts';
import { fhirRest } from './fhir-rest.ts';
import type { Interrupts } from './interrupts.ts';
import { type Loaded, loadScenariosOnto, nothingLoaded } from './load-scenarios.ts';
import { type Played, playPatients, type Subject } from './play-patients.ts';
import type { ProgressBar } from './progress-bar.ts';
import { type Report, type ReportedCleanUp, reportCalls, summarise } from './report.ts';
import { readSandboxes, type WritePermission, writePermission } from './sandbox-list.ts';
import { readAbilities, type ServerAbilities } from './server-abilities.ts';
import { type ServiceProcess, startService } from './service-process.ts';

/** The exit statuses of a run that was not interrupted. */
export const EXIT = { asExpected: 0, different: 1, usage: 2, noServer: 3, notWritten: 4, leftOver: 5 } as const;

/** How a run ended. */
export type Outcome =
  | { readonly kind: 'reported'; readonly exitStatus: number; readonly report: Report; readonly serviceEnded: boolean }
  | { readonly kind: 'cleaned'; readonly exitStatus: number; readonly cleanUp: ReportedCleanUp }
  /** Ended before there was anything to report. */
  | {
      readonly kind: 'stopped';
      readonly exitStatus: number;
      readonly because: 'no-server' | 'not-written' | 'interrupted';
      readonly message: string;
      readonly cleanUp: ReportedCleanUp;
    };

/** What a run shows and listens to while it goes on. */
export type Surroundings = {
  readonly interrupts: Interrupts;
  readonly bar: ProgressBar;
  readonly today: Date;
  /** Told of what has to be ended or named if the process ends at once. */
  readonly onService: (service: ServiceProcess) => void;
  readonly onTag: (tag: string) => void;
};

/**
 * One run, from the first question to the last deletion. What was created is deleted whatever happens in between.
 *
 * @throws {UsageError} if a patient is not known.
 * @throws {FixtureError} if the fixtures or the list of sandboxes cannot be used.
 * @throws {ServiceStartError} if the service does not start; nothing was written then.
 */
export async function runSandbox(asked: SandboxArguments, surroundings: Surroundings): Promise<Outcome> {
  const { fhirServer: base, token, task } = asked;
  const { signal } = surroundings.interrupts;
  const scenarios = task.kind === 'load' ? scenariosOf(task.patients) : [];
  const permission = writePermission(base, readSandboxes(asked.sandboxes));
  // What is forbidden is not even asked for.
  if (task.kind !== 'read' && permission.kind !== 'allowed') return notWritten(forbidden(base, permission));

  const read = await readAbilities(fhirRest({ base, token, signal }), token);
  if (signal.aborted) return interrupted(surroundings.interrupts, { kind: 'nothing-written' });
  if (read.kind === 'no-server')
    return stopped(EXIT.noServer, 'no-server', `No FHIR R4 server at ${base}: ${read.because}.`);
  const { abilities } = read;
  if (task.kind === 'clean') return cleanOnly(asked, task.tag, abilities);
  if (task.kind === 'load' && !abilities.takesTransactions)
    return notWritten(`${base} is read-only: its CapabilityStatement offers no transactions. ${GIVE_IDS}`);
  return testService(asked, scenarios, abilities, surroundings);
}

const GIVE_IDS = 'Give --patient-ids with patients that are there: they are read, and nothing is written.';

async function testService(
  asked: SandboxArguments,
  scenarios: readonly Scenario[],
  abilities: ServerAbilities,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { fhirServer: base, token, task, budgetMs } = asked;
  const { interrupts, bar, today, onService, onTag } = surroundings;
  const { signal } = interrupts;
  const rest = fhirRest({ base, token, signal });
  const days = daysBetween(new Date(FIXTURE_DATE), today);
  const signer = await createCallSigner();
  const service = await startService({ fhirServer: base, signer, budgetMs });
  onService(service);
  const loaded = nothingLoaded();
  const run = randomUUID();
  let played: Played = { calls: [], notes: [], serviceEnded: false };
  let early: Outcome | undefined;
  let done: ReportedCleanUp = { kind: 'nothing-written' };
  try {
    const services = await discover(service.url);
    if (task.kind === 'load') {
      onTag(run);
      bar.start('Creating patients', scenarios.length);
      const options = { rest, run, days, token, signal, onStep: (patient: string) => bar.step(patient) };
      early = earlyEnd(base, await loadScenariosOnto(scenarios, loaded, options));
    }
    if (early === undefined) {
      const subjects = subjectsOf(task, loaded);
      bar.start('Calling the service', subjects.length);
      played = await playPatients(subjects, {
        serviceUrl: service.url,
        services,
        signer,
        fhirServer: base,
        token,
        signal,
        rest,
        days,
        isServiceRunning: () => service.isRunning(),
        onStep: (patient: string) => bar.step(patient),
      });
    }
  } finally {
    if (task.kind === 'load' && (loaded.created.length > 0 || loaded.uncertain)) {
      bar.start(task.keep ? 'Keeping what was created' : 'Deleting what was created', 1);
      done = await settle(asked, task.keep, run, loaded, abilities);
    }
    bar.stop();
    await service.stop();
  }
  if (interrupts.status() !== undefined) return interrupted(interrupts, done);
  if (early?.kind === 'stopped') return { ...early, cleanUp: done, exitStatus: statusAfter(done, early.exitStatus) };

  const calls = reportCalls(played.calls, service.logged);
  const notes = [...loaded.notes, ...played.notes];
  const isAsExpected =
    calls.every(({ asExpected }) => asExpected) &&
    notes.every(({ kind }) => kind === 'not-filled') &&
    !played.serviceEnded;
  return {
    kind: 'reported',
    exitStatus: statusAfter(done, isAsExpected ? EXIT.asExpected : EXIT.different),
    serviceEnded: played.serviceEnded,
    report: {
      fhirServer: base,
      fhirVersion: abilities.fhirVersion,
      ...(abilities.software === undefined ? {} : { software: abilities.software }),
      mode: task.kind === 'load' ? 'loaded' : 'read-only',
      calls,
      notes,
      summary: summarise(calls),
      cleanUp: done,
    },
  };
}

function subjectsOf(task: SandboxArguments['task'], { patients }: Loaded): readonly Subject[] {
  if (task.kind === 'read') return task.patientIds.map((patientId) => ({ kind: 'theirs', patientId }));
  return patients.map((patient) => ({ kind: 'ours', ...patient }));
}

function earlyEnd(base: string, end: Awaited<ReturnType<typeof loadScenariosOnto>>): Outcome | undefined {
  switch (end.kind) {
    case 'done':
      return undefined;
    case 'read-only':
      return notWritten(`${base} takes no writes (${end.because}). ${GIVE_IDS} If it needs a token, give one.`);
    case 'unreachable':
      return stopped(EXIT.noServer, 'no-server', `${base} does not answer any more.`);
    default:
      return end satisfies never;
  }
}

/** Deletes what was created, or leaves it where that was asked for. Not to be interrupted. */
async function settle(
  { fhirServer: base, token }: SandboxArguments,
  keep: boolean,
  run: string,
  { patients, created, uncertain }: Loaded,
  { types }: ServerAbilities,
): Promise<ReportedCleanUp> {
  if (keep) {
    const ids = patients.map(({ loaded: { name, chart } }) => [name, chart.patientId] as const);
    return { kind: 'kept', tag: run, patients: Object.fromEntries(ids), resources: created.flat().length };
  }
  const rest = fhirRest({ base, token });
  const cleaned = await cleanUp({ rest, run, types: typesOf(types) }, created);
  const isClean = cleaned.left.length === 0 && (cleaned.searched || !uncertain);
  if (isClean) return { kind: 'deleted', tag: run, resources: cleaned.deleted };
  return { kind: 'left-over', tag: run, ...cleaned };
}

async function cleanOnly(
  { fhirServer: base, token }: SandboxArguments,
  tag: string,
  { types }: ServerAbilities,
): Promise<Outcome> {
  const cleaned = await cleanUp({ rest: fhirRest({ base, token }), run: tag, types: typesOf(types) }, []);
  const isClean = cleaned.left.length === 0 && cleaned.searched;
  return isClean
    ? { kind: 'cleaned', exitStatus: EXIT.asExpected, cleanUp: { kind: 'deleted', tag, resources: cleaned.deleted } }
    : { kind: 'cleaned', exitStatus: EXIT.leftOver, cleanUp: { kind: 'left-over', tag, ...cleaned } };
}

/** The resource types of the fixtures, as far as the server knows them. */
function typesOf(known: ReadonlySet<string> | undefined): readonly string[] {
  const charts = loadScenarios().map(({ patient }) => loadPatient(patient));
  const types = new Set(charts.flatMap(({ resources }) => resources.map(({ resourceType }) => resourceType)));
  return [...types].filter((type) => known?.has(type) ?? true);
}

/** The scenarios of these patients, or of all who have calls. */
function scenariosOf(names: readonly string[] | undefined): readonly Scenario[] {
  const scenarios = loadScenarios().filter(({ calls }) => calls.some(({ omit }) => omit === undefined));
  if (names === undefined) return scenarios;
  const known = scenarios.map(({ patient }) => patient);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return scenarios.filter(({ patient }) => names.includes(patient));
  const hints = unknown.map((name) => nearestName(name, known)).filter((name) => name !== undefined);
  throw new UsageError(
    `--patients names a patient who has no calls in fixtures/scenarios.yaml.${hints.length === 0 ? '' : ` Near: ${hints.join(', ')}`}`,
  );
}

function forbidden(base: string, permission: Exclude<WritePermission, { readonly kind: 'allowed' }>): string {
  const because =
    permission.kind === 'read-only'
      ? `it is listed as read-only (${permission.name})`
      : 'it is not on the list of sandboxes (fixtures/sandboxes.yaml, or a list of your own with --sandboxes)';
  return `Nothing is written to ${base}: ${because}. ${GIVE_IDS}`;
}

function notWritten(message: string): Outcome {
  return stopped(EXIT.notWritten, 'not-written', message);
}

function interrupted(interrupts: Interrupts, done: ReportedCleanUp): Outcome {
  const status = interrupts.status() ?? EXIT.different;
  return {
    kind: 'stopped',
    exitStatus: statusAfter(done, status),
    because: 'interrupted',
    message: 'Interrupted.',
    cleanUp: done,
  };
}

function stopped(exitStatus: number, because: 'no-server' | 'not-written', message: string): Outcome {
  return { kind: 'stopped', exitStatus, because, message, cleanUp: { kind: 'nothing-written' } };
}

/** Something that is left on a server outweighs everything else there is to say. */
function statusAfter({ kind }: ReportedCleanUp, otherwise: number): number {
  return kind === 'left-over' ? EXIT.leftOver : otherwise;
}
