import { styleText } from 'node:util';
import { UsageError } from '../terminal/usage-error.ts';
import { wrap } from '../terminal/wrap-text.ts';
import { answerText, type Paint } from './card-text.ts';
import { buildHookRequest, type DiscoveredService, type HookRequest, serviceForHook } from './hook-request.ts';
import { nearestName } from './nearest-name.ts';
import {
  draftNames,
  FixtureError,
  loadDraft,
  loadPatient,
  loadScenarios,
  type Scenario,
  type ScenarioCall,
} from './scenarios.ts';
import { callService, discover, ServiceCallError } from './service-client.ts';
import { parseTryArguments, type TryArguments, USAGE } from './try-arguments.ts';

const EXIT = { answered: 0, notUnderstood: 2, unreachable: 3, refused: 4 } as const;
/** What a call is about comes from a draft: on these hooks it must, on the last it may. */
const ORDER_HOOKS: ReadonlySet<string> = new Set(['order-select', 'order-sign']);
const DRAFT_HOOKS: readonly string[] = [...ORDER_HOOKS, 'appointment-book'];
const WIDTH = Math.min(process.stdout.columns ?? 80, 100);

const paint: Paint = (style, text) => styleText(style, text, { stream: process.stdout });

process.exitCode = await run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<number> {
  try {
    process.stdout.write(await outputFor(parseTryArguments(args)));
    return EXIT.answered;
  } catch (error) {
    if (error instanceof UsageError) return failed(EXIT.notUnderstood, `${error.message}\n\n${USAGE}`);
    if (error instanceof FixtureError) return failed(EXIT.notUnderstood, `${error.message}\n`);
    if (!(error instanceof ServiceCallError)) throw error;
    return error.kind === 'unreachable'
      ? failed(EXIT.unreachable, `${error.message}. Start it with: npm start\n`)
      : failed(EXIT.refused, `The service refused the call: ${error.message}\n`);
  }
}

function failed(exitCode: number, message: string): number {
  process.stderr.write(message);
  return exitCode;
}

async function outputFor(asked: TryArguments | undefined): Promise<string> {
  if (asked === undefined) return USAGE;
  const scenarios = loadScenarios(asked.fixtures);
  if (asked.patient === undefined) return patientList(scenarios);

  const scenario = knownPatient(asked.patient, scenarios);
  const call = scenario.calls.find(({ hook }) => hook === asked.hook);
  const draft = draftFor(asked, scenario, call);
  const service = offered(await discover(asked.url), asked.hook);
  const request = requestFor(asked, scenario, call, draft, service);
  if (asked.print === 'request') return `${JSON.stringify(request, undefined, 2)}\n`;

  const { raw, answer, milliseconds } = await callService(asked.url, service.id, request);
  if (asked.print === 'json') return `${raw}\n`;
  const heading = `${scenario.patient}, ${asked.hook}${draft === undefined ? '' : `, draft ${draft}`}`;
  const leftOut = call?.omit === undefined ? [] : [`Not sent by this EHR: ${call.omit.join(', ')}`];
  return [
    paint('bold', heading),
    ...wrap(scenario.story, WIDTH, ''),
    ...leftOut,
    '',
    answerText(answer, WIDTH, paint),
    paint('dim', `${answer.cards.length} card(s) from ${service.id} in ${milliseconds.toFixed(0)} ms`),
    '',
  ].join('\n');
}

function requestFor(
  { hook, fixtures }: TryArguments,
  scenario: Scenario,
  call: ScenarioCall | undefined,
  draft: string | undefined,
  service: DiscoveredService,
): HookRequest {
  const sameDraft = draft === call?.draft;
  return buildHookRequest(
    {
      patient: loadPatient(scenario.patient, fixtures),
      hook,
      draft: draft === undefined ? undefined : loadDraft(draft, scenario.patient, fixtures),
      selections: sameDraft ? call?.selections : undefined,
      omit: call?.omit,
      asOf: new Date(),
    },
    service,
  );
}

function draftFor(asked: TryArguments, scenario: Scenario, call: ScenarioCall | undefined): string | undefined {
  if (!DRAFT_HOOKS.includes(asked.hook)) {
    if (asked.draft === undefined) return undefined;
    throw new UsageError(`--draft goes with ${DRAFT_HOOKS.join(', ')}, not with ${asked.hook}`);
  }
  const name = asked.draft ?? call?.draft;
  if (name === undefined && !ORDER_HOOKS.has(asked.hook)) return undefined;
  const names = draftNames(asked.fixtures);
  if (name === undefined) {
    throw new UsageError(`${scenario.patient} has no ${asked.hook} call; pick a --draft: ${names.join(', ')}`);
  }
  if (!names.includes(name)) throw new UsageError(unknownName('draft', name, names));
  return name;
}

function knownPatient(patient: string, scenarios: readonly Scenario[]): Scenario {
  const scenario = scenarios.find((candidate) => candidate.patient === patient);
  if (scenario !== undefined) return scenario;
  const names = scenarios.map((candidate) => candidate.patient);
  throw new UsageError(unknownName('patient', patient, names));
}

function offered(services: readonly DiscoveredService[], hook: string): DiscoveredService {
  const service = serviceForHook(services, hook);
  if (service !== undefined) return service;
  const hooks = [...new Set(services.map((candidate) => candidate.hook))];
  throw new UsageError(unknownName('hook', hook, hooks));
}

function unknownName(kind: string, name: string, names: readonly string[]): string {
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? `There are: ${names.join(', ')}` : `Did you mean ${nearest}?`;
  return `Unknown ${kind}: ${name}. ${hint}`;
}

function patientList(scenarios: readonly Scenario[]): string {
  const patients = scenarios.map(({ patient, story, calls }) => [
    paint('bold', patient),
    ...wrap(story, WIDTH, '  '),
    ...hookLines(calls).flatMap((line) => wrap(line, WIDTH, '  ')),
    '',
  ]);
  return [...patients.flat(), 'Try one: npm run try -- <patient> <hook>', ''].join('\n');
}

/** Each hook of the patient's story once, as a list item, with the drafts it is told for. */
function hookLines(calls: readonly ScenarioCall[]): readonly string[] {
  return [...Map.groupBy(calls, ({ hook }) => hook)].map(([hook, same]) => {
    const drafts = [...new Set(same.flatMap(({ draft }) => (draft === undefined ? [] : [draft])))];
    return drafts.length === 0 ? `- ${hook}` : `- ${hook} --draft ${drafts.join(' | ')}`;
  });
}
