import { nearestName } from '../ehr-demo/nearest-name.ts';
import { loadScenarios, type Scenario } from '../ehr-demo/scenarios.ts';
import { UsageError } from '../terminal/usage-error.ts';
import type { SandboxArguments, SandboxTask } from './arguments.ts';
import { describeAnswer, type FhirRest, fhirRest } from './fhir-rest.ts';
import { EXIT, interrupted, type Outcome, type Stopped, statusAfter, stopped } from './outcome.ts';
import { readSandboxes, type WritePermission, writePermission } from './sandbox-list.ts';
import { readAbilities } from './server-abilities.ts';
import { deleteTagged } from './settle.ts';
import { GIVE_IDS, type Plan, type Surroundings, testService } from './test-service.ts';

/**
 * One run, from the first question to the last deletion. What was created is deleted whatever happens in between.
 *
 * @throws {UsageError} if a patient is not known; nothing was asked or written then.
 * @throws {FixtureError} if the fixtures or the list of sandboxes cannot be used; nothing was asked or written then.
 */
export async function runSandbox(asked: SandboxArguments, surroundings: Surroundings): Promise<Outcome> {
  const { fhirServer: base, token, task } = asked;
  const { interrupts, onTag } = surroundings;
  const scenarios = task.kind === 'load' ? scenariosOf(task.patients) : [];
  const permission = writePermission(base, readSandboxes(asked.sandboxes));
  const forbidden = task.kind === 'read' || permission.kind === 'allowed' ? undefined : reasonOf(base, permission);
  // What is forbidden is not even asked for.
  if (forbidden !== undefined && readInstead(task) === undefined) return notWritten(forbidden);

  const rest = fhirRest({ base, token, signal: interrupts.signal });
  const read = await readAbilities(rest, token);
  if (interrupts.signal.aborted) return interrupted(interrupts);
  if (read.kind === 'no-server')
    return stopped(EXIT.noServer, 'no-server', `No FHIR R4 server at ${base}: ${read.because}.`);
  const { abilities } = read;
  if (task.kind === 'clean') {
    onTag(task.tag);
    const cleanUp = await deleteTagged(asked, task.tag, abilities);
    return { kind: 'cleaned', exitStatus: statusAfter(cleanUp, EXIT.asExpected), cleanUp };
  }
  const refusal =
    forbidden ??
    (task.kind === 'load' && !abilities.takesTransactions
      ? `${base} is read-only: its CapabilityStatement offers no transactions.`
      : undefined);
  const plan = planOf(task, scenarios, refusal);
  if (plan === undefined) return notWritten(refusal ?? '');
  const denied = plan.kind === 'read' ? await deniedReading(rest, plan.patientIds, token) : undefined;
  return denied ?? testService(asked, plan, abilities, surroundings);
}

/** Whose charts are read where nothing may be written. */
function readInstead(task: SandboxTask): readonly string[] | undefined {
  return task.kind === 'clean' ? undefined : task.patientIds;
}

/** Undefined if patients should be created and may not be, and none are named who are there. */
function planOf(
  task: Exclude<SandboxTask, { readonly kind: 'clean' }>,
  scenarios: readonly Scenario[],
  refusal: string | undefined,
): Plan | undefined {
  if (task.kind === 'load' && refusal === undefined)
    return { kind: 'load', scenarios, keep: task.keep, patientIds: task.patientIds };
  return task.patientIds === undefined ? undefined : { kind: 'read', patientIds: task.patientIds, refusal };
}

/** A token that opens nothing would only bring a long list of refusals. */
async function deniedReading(
  rest: FhirRest,
  [first = '']: readonly string[],
  token: string | undefined,
): Promise<Stopped | undefined> {
  const answer = await rest.get(`Patient/${first}`);
  if (answer?.kind !== 'answered' || answer.status !== 401) return undefined;
  const said = describeAnswer(answer, token);
  return stopped(
    EXIT.noServer,
    'no-server',
    `${rest.base} lets nobody in with ${token === undefined ? 'no' : 'this'} token (${said}).`,
  );
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

function reasonOf(base: string, permission: Exclude<WritePermission, { readonly kind: 'allowed' }>): string {
  const because =
    permission.kind === 'read-only'
      ? `it is listed as read-only (${permission.name})`
      : 'it is not on the list of sandboxes (fixtures/sandboxes.yaml, or a list of your own with --sandboxes)';
  return `Nothing is written to ${base}: ${because}.`;
}

function notWritten(refusal: string): Outcome {
  return stopped(EXIT.notWritten, 'not-written', `${refusal} ${GIVE_IDS}`);
}
