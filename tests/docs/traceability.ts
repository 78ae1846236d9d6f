import type { CaseFile } from '../../src/ehr-demo/scenarios.ts';
import { loadCases } from '../../src/ehr-demo/scenarios.ts';
import type { CardFile } from '../../src/guideline/card.ts';
import { criteriaOf } from '../../src/guideline/compile.ts';
import { CRITERIA } from '../../src/guideline/criteria/registry.ts';
import type { Card } from '../../src/guideline/guideline.ts';
import { type Catalogue, readCatalogue } from '../../src/guideline/statements.ts';
import { type AppTexts, placesOf, readAppTexts } from '../../src/guideline-cli/app-places.ts';
import { type Home, homesOf, unusedCriteria } from '../../src/guideline-cli/trace.ts';
import { codingsOf } from '../../src/guideline-cli/verified-codes.ts';
import { shipped } from '../guideline/folder.ts';
import { guideline } from '../support/service.ts';

/** The catalogue that comes with the service. */
const catalogue: Catalogue = shippedCatalogue();

const homes: ReadonlyMap<string, Home> = new Map(
  homesOf({ catalogue, cards: guideline.cards }).map((home) => [home.statement.id, home]),
);

/** Where the app tells each statement, besides the cards. */
const places: ReadonlyMap<string, readonly string[]> = placesOf(shippedTexts());

/** The generated parts of docs/traceability.md, by name. */
export const TRACES: Readonly<Record<string, string>> = {
  statements: statementTable(),
  'evidence-items': evidenceTable(),
  conflicts: conflictTable(),
  'traced-cards': guideline.cards.map(cardSection).join('\n\n'),
  sources: sourceTable(),
  'unused-criteria': unusedCriteriaList(),
};

function shippedCatalogue(): Catalogue {
  const read = readCatalogue(shipped);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read;
}

function shippedTexts(): AppTexts {
  const read = readAppTexts(shipped);
  if ('problems' in read) throw new Error(read.problems.join('\n'));
  return read;
}

function statementTable(): string {
  const rows = catalogue.statements.map(({ id, says, sources }) => [id, says, codes(sources), homeOf(id)]);
  return table(['', 'says', 'sources', 'home'], rows);
}

function evidenceTable(): string {
  const rows = catalogue.evidence.map(({ id, says, status, sources }) => [
    id,
    says,
    status,
    codes(sources) || '–',
    homeOf(id),
  ]);
  return table(['', 'says', 'status', 'sources', 'home'], rows);
}

function conflictTable(): string {
  const rows = catalogue.conflicts.map(({ id, says, sources, settled }) => [
    id,
    says,
    codes(sources),
    settled,
    homeOf(id),
  ]);
  return table(['', 'on what', 'sources', 'settled', 'home'], rows);
}

function homeOf(id: string): string {
  const home = homes.get(id);
  return home === undefined ? 'none' : homeText(home);
}

function homeText({ statement: { id }, cards, app, unused }: Home): string {
  const shown = [...cards.map((card) => `[${card}](#${card})`), ...(app === undefined ? [] : [inApp(id, app)])];
  return shown.length > 0 ? shown.join(', ') : `nowhere: ${unused ?? 'no home'}`;
}

/** The section of the app, and the texts, contacts and figures in which it is told there. */
function inApp(id: string, section: string): string {
  const told = places.get(id) ?? [];
  return told.length === 0 ? `app: ${section}` : `app: ${section} (${[...new Set(told)].join(', ')})`;
}

function cardSection(card: Card): string {
  const { file } = card;
  const criteria = criteriaOf(card);
  return [
    `### ${file.id}`,
    '',
    `${file.title}. Version ${file.version}, ${file.evidenceLevel}, reviewed ${file.reviewed}, due ${file.reviewDue}.`,
    '',
    `- **Statements:** ${file.statements.join(', ')}`,
    `- **Sources:** ${codes(file.sources)}`,
    `- **Criteria:** ${codes(criteria)}`,
    `- **Value sets:** ${codes(valueSetsOf(card)) || 'none'}`,
    `- **Cases:** ${casesText(file)}`,
  ].join('\n');
}

/** Those that its criteria are decided by, and those that the codes of its orders belong to. */
function valueSetsOf(card: Card): readonly string[] {
  const ofCriteria = criteriaOf(card).flatMap((id) => CRITERIA.get(id)?.valueSets ?? []);
  const ofOrders = card.suggestions.flatMap(({ order }) => codingsOf(order?.file.resource)).flatMap(valueSetsWith);
  return [...new Set([...ofCriteria, ...ofOrders])].toSorted();
}

function valueSetsWith(coding: string): readonly string[] {
  const [system = '', code = ''] = coding.split('|');
  return guideline.terminology.valueSetsOf({ codings: [{ system, code }], texts: [] });
}

function casesText({ id }: CardFile): string {
  const cases = loadCases().flatMap((file: CaseFile) => file.cases.filter(({ card }) => card === id));
  const kinds = (['fires', 'silent', 'missing'] as const).map((kind) => {
    const ofKind = cases.flatMap((one) => one[kind]);
    const patients = [...new Set(ofKind.map(({ patient }) => patient))];
    return `${kind} ${ofKind.length}${patients.length === 0 ? '' : ` (${patients.join(', ')})`}`;
  });
  return cases.length === 0 ? 'none of its own; see the scenarios' : kinds.join('; ');
}

function sourceTable(): string {
  return table(
    ['source', 'level', 'cards', 'items of the catalogue'],
    guideline.sources.map(({ id, level }) => {
      const cards = guideline.cards.filter(({ file }) => file.sources.includes(id)).map(({ file }) => file.id);
      const items = [...catalogue.statements, ...catalogue.evidence, ...catalogue.conflicts];
      const cited = items.filter(({ sources }) => sources.includes(id)).map((item) => item.id);
      return [
        `\`${id}\``,
        level,
        cards.join(', ') || '–',
        cited.length > 12 ? `${cited.length}` : cited.join(', ') || '–',
      ];
    }),
  );
}

function unusedCriteriaList(): string {
  const unused = unusedCriteria(guideline.cards);
  return unused.length === 0
    ? 'None.'
    : unused.map((id) => `- \`${id}\`: ${CRITERIA.get(id)?.question ?? ''}`).join('\n');
}

function codes(ids: readonly string[]): string {
  return ids.map((id) => `\`${id}\``).join(', ');
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
