import { randomUUID } from 'node:crypto';
import { type CallSigner, callSigner, createSigningKey } from '../ehr-demo/call-signer.ts';
import { FIXTURE_DATE } from '../ehr-demo/hook-request.ts';
import type { Scenario } from '../ehr-demo/scenarios.ts';
import { discover, ServiceCallError } from '../ehr-demo/service-client.ts';
import { daysBetween } from '../ehr-demo/shift-dates.ts';
import type { Interrupts } from '../terminal/interrupts.ts';
import type { ProgressBar } from '../terminal/progress-bar.ts';
import type { SandboxArguments } from './arguments.ts';
import { fhirRest } from './fhir-rest.ts';
import { type Loaded, loadScenariosOnto, nothingLoaded } from './load-scenarios.ts';
import { EXIT, failed, interrupted, type Outcome, statusAfter, stopped } from './outcome.ts';
import { type Played, playPatients, type Subject } from './play-patients.ts';
import { type ReportedCleanUp, reportCalls, summarise } from './report.ts';
import type { ServerAbilities } from './server-abilities.ts';
import { type ServiceProcess, ServiceStartError, type Spawned, startService } from './service-process.ts';
import { deleteLoaded, keep } from './settle.ts';

/** The name of an issuer; nothing listens there. */
const ISSUER = 'https://sandbox-run.example.org';

/** Whose calls are made: those of synthetic patients, or of patients who are there. */
export type Plan =
  | {
      readonly kind: 'load';
      readonly scenarios: readonly Scenario[];
      readonly keep: boolean;
      /** Whose charts are read if the server refuses the first write. */
      readonly patientIds: readonly string[] | undefined;
    }
  | {
      readonly kind: 'read';
      readonly patientIds: readonly string[];
      /** Why nothing may be written, if that was wanted. */
      readonly refusal: string | undefined;
    };

/** What a run shows and listens to while it goes on. */
export type Surroundings = {
  readonly interrupts: Interrupts;
  readonly bar: ProgressBar;
  readonly today: Date;
  /** Told of what has to be ended or named if the process ends at once. */
  readonly onService: (service: Spawned) => void;
  readonly onTag: (tag: string) => void;
};

/** What to do about a server that takes no writes. */
export const GIVE_IDS = 'Give --patient-ids with patients that are there: they are read, and nothing is written.';

/** Starts the service, makes the calls of the plan, and leaves the server as it was, whatever happens in between. */
export async function testService(
  asked: SandboxArguments,
  plan: Plan,
  abilities: ServerAbilities,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { fhirServer: base, budgetMs } = asked;
  const { interrupts, bar, onService } = surroundings;
  const { signal } = interrupts;
  const signer = callSigner(ISSUER, await createSigningKey());
  const service = await startService({ fhirServer: base, signer, budgetMs, signal, onSpawn: onService }).catch(
    (error: unknown) => (error instanceof ServiceStartError ? error : Promise.reject(error)),
  );
  if (service instanceof ServiceStartError)
    return signal.aborted ? interrupted(interrupts) : stopped(EXIT.different, 'service', untestable(service));

  const loaded = nothingLoaded();
  const run = randomUUID();
  let done: ReportedCleanUp = { kind: 'nothing-written' };
  let tested: Tested;
  try {
    tested = await loadAndPlay({ asked, plan, service, signer, loaded, run, surroundings }).catch(
      (error: unknown): Tested => ({ kind: 'failed', error }),
    );
    if (loaded.created.length > 0 || loaded.uncertain) {
      const isKept = plan.kind === 'load' && plan.keep;
      bar.start(isKept ? 'Keeping what was created' : 'Deleting what was created', 1);
      done = isKept ? keep(run, loaded) : await deleteLoaded(asked, run, loaded, abilities);
    }
  } finally {
    bar.stop();
    await service.stop();
  }
  if (interrupts.status() !== undefined) return interrupted(interrupts, done);
  switch (tested.kind) {
    case 'failed':
      return tested.error instanceof ServiceCallError
        ? stopped(EXIT.different, 'service', untestable(tested.error), done)
        : failed(tested.error, done);
    case 'refused':
      return stopped(EXIT.notWritten, 'not-written', `${tested.refusal} ${GIVE_IDS} If it needs a token, give one.`);
    case 'unreachable':
      return stopped(EXIT.noServer, 'no-server', `${base} does not answer any more.`, done);
    case 'played':
      return reported(asked, tested, abilities, { service, loaded, done });
    default:
      return tested satisfies never;
  }
}

/** How far the calls came. */
type Tested =
  | {
      readonly kind: 'played';
      readonly mode: 'loaded' | 'read-only';
      readonly played: Played;
      readonly refusal: string | undefined;
    }
  | { readonly kind: 'refused'; readonly refusal: string }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'failed'; readonly error: unknown };

async function loadAndPlay({
  asked: { fhirServer, token },
  plan,
  service,
  signer,
  loaded,
  run,
  surroundings: { interrupts, bar, today, onTag },
}: {
  readonly asked: SandboxArguments;
  readonly plan: Plan;
  readonly service: ServiceProcess;
  readonly signer: CallSigner;
  readonly loaded: Loaded;
  readonly run: string;
  readonly surroundings: Surroundings;
}): Promise<Tested> {
  const { signal } = interrupts;
  const rest = fhirRest({ base: fhirServer, token, signal });
  const days = daysBetween(new Date(FIXTURE_DATE), today);
  const onStep = (patient: string) => bar.step(patient);
  const services = await discover(service.url);
  let mode: 'loaded' | 'read-only' = plan.kind === 'load' ? 'loaded' : 'read-only';
  let refusal = plan.kind === 'read' ? plan.refusal : undefined;
  if (plan.kind === 'load') {
    onTag(run);
    bar.start('Creating patients', plan.scenarios.length);
    const end = await loadScenariosOnto(plan.scenarios, loaded, { rest, run, days, token, signal, onStep });
    if (end.kind === 'unreachable') return end;
    if (end.kind === 'read-only') {
      refusal = `${fhirServer} takes no writes (${end.because}).`;
      if (plan.patientIds === undefined) return { kind: 'refused', refusal };
      mode = 'read-only';
    }
  }
  const subjects = mode === 'loaded' ? ours(loaded) : theirs(plan.patientIds ?? []);
  bar.start('Calling the service', subjects.length);
  const played = await playPatients(subjects, {
    serviceUrl: service.url,
    services,
    signer,
    fhirServer,
    token,
    signal,
    rest,
    days,
    isServiceRunning: () => service.isRunning(),
    onStep,
  });
  return { kind: 'played', mode, played, refusal };
}

function ours({ patients }: Loaded): readonly Subject[] {
  return patients.map((patient) => ({ kind: 'ours', ...patient }));
}

function theirs(patientIds: readonly string[]): readonly Subject[] {
  return patientIds.map((patientId) => ({ kind: 'theirs', patientId }));
}

function reported(
  { fhirServer }: SandboxArguments,
  { mode, played, refusal }: Extract<Tested, { readonly kind: 'played' }>,
  { fhirVersion, software }: ServerAbilities,
  {
    service,
    loaded,
    done,
  }: { readonly service: ServiceProcess; readonly loaded: Loaded; readonly done: ReportedCleanUp },
): Outcome {
  const calls = reportCalls(played.calls, service.logged);
  const notes = [...loaded.notes, ...played.notes];
  const isAsExpected =
    calls.every(({ asExpected }) => asExpected) &&
    notes.every(({ kind }) => kind === 'not-filled' || kind === 'others') &&
    !played.serviceEnded;
  return {
    kind: 'reported',
    exitStatus: statusAfter(done, isAsExpected ? EXIT.asExpected : EXIT.different),
    serviceEnded: played.serviceEnded ? service.lastWords() : undefined,
    report: {
      fhirServer,
      fhirVersion,
      ...(software === undefined ? {} : { software }),
      mode,
      ...(refusal === undefined ? {} : { refusal }),
      calls,
      notes,
      summary: summarise(calls),
      cleanUp: done,
    },
  };
}

function untestable({ message }: ServiceStartError | ServiceCallError): string {
  return `The service cannot be tested: ${message}`;
}
