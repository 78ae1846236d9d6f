import { parse } from 'yaml';
import { chartQueries } from '../../src/chart/queries.ts';
import { CHARACTERS } from '../../src/ehr-demo/ehr/character.ts';
import { issuerOf, registrations } from '../../src/ehr-demo/registration.ts';
import type { OverrideReason } from '../../src/guideline/card.ts';
import { CRITERIA } from '../../src/guideline/criteria/registry.ts';
import { CARDS_FOLDER, readGuidelineFolder } from '../../src/guideline-folder.ts';
import { cdsServices } from '../../src/services.ts';
import { guideline } from '../support/service.ts';
import { INTEGRATOR_BLOCKS } from './integrator-blocks.ts';
import { code, table } from './markdown-table.ts';
import { TRACES } from './traceability.ts';

/** A part of a document that is made from the code; it stands there between two markers. */
export interface Block {
  readonly name: string;
  /** Below the root of the repository. */
  readonly file: string;
  readonly content: string;
}

const queries = chartQueries(guideline.terminology);

/** Every generated block of the documents. */
export const BLOCKS: readonly Block[] = [
  { name: 'cards', file: 'README.md', content: cards() },
  { name: 'criteria', file: 'docs/card-format.md', content: criteria() },
  { name: 'prefetch', file: 'docs/integrating.md', content: prefetch() },
  { name: 'services', file: 'docs/integrating.md', content: services() },
  { name: 'override-reasons', file: 'docs/integrating.md', content: overrideReasons() },
  { name: 'override-reasons', file: 'docs/integrators/epic.md', content: overrideReasons() },
  { name: 'characters', file: 'docs/demo.md', content: characters() },
  ...Object.entries(INTEGRATOR_BLOCKS).flatMap(([file, blocks]) =>
    Object.entries(blocks).map(([name, content]) => ({ name, file: `docs/integrators/${file}`, content })),
  ),
  ...Object.entries(TRACES).map(([name, content]) => ({ name, file: 'docs/traceability.md', content })),
];

/** What stands between the markers; undefined if they are not both there, once and in order. */
export function blockIn(document: string, name: string): string | undefined {
  const [, after, ...moreStarts] = document.split(startOf(name));
  const [content, , ...moreEnds] = (after ?? '').split(endOf(name));
  const found = after !== undefined && after.includes(endOf(name)) && moreStarts.length + moreEnds.length === 0;
  return found ? content?.trim() : undefined;
}

/** The document with the block's content between its markers. */
export function withBlock(document: string, { name, content }: Block): string {
  const [before] = document.split(startOf(name), 1);
  const after = document.split(endOf(name)).at(-1);
  return `${before}${startOf(name)}\n\n${content}\n\n${endOf(name)}${after}`;
}

/** A formatter may align the columns. */
export function unpadded(markdown: string): string {
  return markdown.replaceAll(/-{3,}/g, '---').replaceAll(/ *\| */g, '|');
}

function startOf(name: string): string {
  return `<!-- generated: ${name} -->`;
}

function endOf(name: string): string {
  return `<!-- end of generated: ${name} -->`;
}

function cards(): string {
  const rows = guideline.cards.map(({ file, hooks, indicators }) => [
    code(file.id),
    file.title,
    [...hooks.keys()].join(', '),
    [...new Set(indicators.map(({ level }) => level))].join(' or '),
    file.evidenceLevel,
  ]);
  return table(['card', 'what it is about', 'hooks', 'indicator', 'evidence level'], rows);
}

function prefetchOf({ id, sendsPrefetch }: (typeof CHARACTERS)[number]): string {
  if (!sendsPrefetch) return 'no';
  const registered = registrations('http://demo').find(({ iss }) => iss === issuerOf('http://demo', id));
  return registered?.prefetch === 'lean' ? 'patient and conditions' : 'all';
}

/** What the demo EHR sends and takes as each of its characters. */
function characters(): string {
  const rows = CHARACTERS.map((character) => [
    character.name,
    character.about,
    code(character.profile),
    [...character.hooks].toSorted().join(', '),
    prefetchOf(character),
    character.fhirServer === 'secured'
      ? '`/demo/fhir`, with a token of five minutes'
      : '`/demo/open/fhir`, without a token',
    character.userType,
    character.sendsFeedback ? 'yes' : 'no',
  ]);
  const header = ['character', 'about', 'profile', 'hooks', 'prefetch', 'FHIR server', 'user', 'feedback'];
  return table(header, rows);
}

function criteria(): string {
  const rows = [...CRITERIA.values()].map(({ id, question, basis }) => [code(id), question, basis.join(', ')]);
  return table(['criterion', 'question', 'rests on'], rows);
}

function services(): string {
  const rows = cdsServices(queries).map(({ id, hook, hookVersion, description }) => [
    code(id),
    `${hook} ${hookVersion}`,
    description,
  ]);
  return table(['service', 'hook', 'says'], rows);
}

function prefetch(): string {
  return `\`\`\`json\n${JSON.stringify(queries, undefined, 2)}\n\`\`\``;
}

function overrideReasons(): string {
  const text = readGuidelineFolder(CARDS_FOLDER).get('override-reasons.yaml') ?? '';
  const reasons = parse(text) as readonly OverrideReason[];
  const rows = reasons.map((reason) => [
    code(reason.code),
    reason.display,
    reason.hl7 === undefined ? '–' : code(reason.hl7.code),
  ]);
  return table(['code', 'display', 'HL7 code'], rows);
}
