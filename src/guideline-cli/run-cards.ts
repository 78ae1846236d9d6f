import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FIXTURE_DATE } from '../ehr-demo/hook-request.ts';
import { nearestName } from '../ehr-demo/nearest-name.ts';
import { draftNames, FixtureError, loadDraft, loadPatient, loadScenarios } from '../ehr-demo/scenarios.ts';
import type { Guideline } from '../guideline/guideline.ts';
import { GuidelineError, loadGuideline } from '../guideline/load.ts';
import type { Overlay } from '../guideline/overlay.ts';
import { CARDS_FOLDER, readGuidelineFolder } from '../guideline-folder.ts';
import { cdsServices } from '../services.ts';
import { textTable } from '../terminal/text-table.ts';
import { type CardsArguments, parseCardsArguments, USAGE, UsageError } from './cards-arguments.ts';
import { checkGuideline, type Findings } from './check.ts';
import { explain, linesOfTherapy } from './explain.ts';
import { explanationText, linesText, type Style } from './explanation-text.ts';
import { cardTable, HOOKS_LEGEND } from './list.ts';
import { chartFor } from './patient-chart.ts';
import { VERIFIED_CODES } from './verified-codes.ts';

const EXIT = { well: 0, errors: 1, notUnderstood: 2 } as const;
/** As many cards on a chart as the service shows unless told otherwise. */
const MAX_CARDS = 4;

/** Where the words go to, and how they may look there. */
export interface Terminal {
  readonly width: number;
  readonly style: Style;
}

/** What a command answers: one text, and whether it is good news. */
export interface Answered {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npm run cards` with these arguments; nothing is printed, and files are only read. */
export async function runCards(args: readonly string[], terminal: Terminal): Promise<Answered> {
  try {
    const asked = parseCardsArguments(args);
    return asked === undefined ? told(USAGE) : await obey(asked, terminal);
  } catch (error) {
    if (error instanceof UsageError) return failed(EXIT.notUnderstood, `${error.message}\n\n${USAGE}`);
    if (error instanceof FixtureError) return failed(EXIT.notUnderstood, `${error.message}\n`);
    if (error instanceof GuidelineError) return failed(EXIT.errors, `${error.message}\n`);
    throw error;
  }
}

function told(stdout: string, exitCode: number = EXIT.well): Answered {
  return { exitCode, stdout, stderr: '' };
}

function failed(exitCode: number, stderr: string): Answered {
  return { exitCode, stdout: '', stderr };
}

async function obey(asked: CardsArguments, terminal: Terminal): Promise<Answered> {
  const folder = asked.cards ?? CARDS_FOLDER;
  const files = readGuidelineFolder(existing(folder));
  const overlays = asked.overlays.map((dir): Overlay => {
    const name = dir.endsWith('/') ? dir : `${dir}/`;
    return { folder: name, files: readGuidelineFolder(existing(dir)) };
  });
  const today = new Date().toISOString().slice(0, 10);
  if (asked.command === 'check') {
    const table = join(folder, VERIFIED_CODES);
    const verifiedCodes = existsSync(table) ? readFileSync(table, 'utf8') : undefined;
    const findings = checkGuideline({ files, overlays, verifiedCodes, today });
    return told(findingsText(findings, terminal), findings.errors.length > 0 ? EXIT.errors : EXIT.well);
  }
  const guideline = loadGuideline(files, overlays);
  if (asked.command === 'explain') return told(await explanationFor(asked, guideline, terminal));
  return told(`${textTable(cardTable(guideline, today), Infinity).join('\n')}\n\n${HOOKS_LEGEND}\n`);
}

function findingsText({ errors, warnings }: Findings, { style }: Terminal): string {
  const lines = [
    ...warnings.map((warning) => `${style('yellow', 'warning')}  ${warning}`),
    ...errors.map((error) => `${style('red', 'error')}    ${error}`),
    `${errors.length} error(s), ${warnings.length} warning(s)`,
  ];
  return `${lines.join('\n')}\n`;
}

async function explanationFor(
  { patient, hook, draft, omit, fixtures }: Extract<CardsArguments, { command: 'explain' }>,
  guideline: Guideline,
  { width, style }: Terminal,
): Promise<string> {
  const hooks = cdsServices({}).map((service): string => service.hook);
  known('hook', hook, hooks);
  const patients = loadScenarios(fixtures).map((scenario) => scenario.patient);
  known('patient', patient, patients);
  const drafts = draftNames(fixtures);
  const ordering = hook === 'order-select' || hook === 'order-sign';
  if (ordering && draft === undefined) throw new UsageError(`${hook} needs draft orders: ${drafts.join(', ')}`);
  if (!ordering && hook !== 'appointment-book' && draft !== undefined) {
    throw new UsageError('Drafts go with order-select, order-sign and appointment-book');
  }
  if (draft !== undefined) known('draft', draft, drafts);

  const event = {
    patient: loadPatient(patient, fixtures),
    hook,
    ...(draft === undefined ? {} : { draft: loadDraft(draft, patient, fixtures) }),
    omit,
  };
  const chart = await chartFor(event, guideline, new Date(`${FIXTURE_DATE}T12:00:00Z`));
  const heading = style('bold', [patient, hook, ...(draft === undefined ? [] : [draft])].join(', '));
  if (chart.diagnosis.certainty === 'absent') return `${heading}\nNo ASPS on file: no card on any hook (rule 2).\n`;
  if (chart.deceased) return `${heading}\nRecorded as deceased: no card.\n`;
  const explanations = explain(guideline, chart, { hook, today: FIXTURE_DATE, maxCards: MAX_CARDS });
  const lines = linesText(linesOfTherapy(chart), width, style);
  return `${heading}\n\n${explanationText(explanations, width, style)}${lines === '' ? '' : `\n${lines}`}`;
}

function known(kind: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? `There are: ${names.join(', ')}` : `Did you mean ${nearest}?`;
  throw new UsageError(`Unknown ${kind}: ${name}. ${hint}`);
}

function existing(folder: string): string {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UsageError(`There is no folder ${folder}`);
  return folder;
}
