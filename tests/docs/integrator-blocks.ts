import type { Coding } from 'fhir/r4.js';
import { type ClientProfile, clientProfile, PROFILE_IDS } from '../../src/cds-hooks/profile.ts';
import type { ServiceDefinition } from '../../src/cds-hooks/types.ts';
import { chartQueries } from '../../src/chart/queries.ts';
import type { ResourceKey } from '../../src/chart/reading.ts';
import { cdsServices } from '../../src/services.ts';
import { guideline } from '../support/service.ts';
import { code, table } from './markdown-table.ts';

/** Where the service is reached, in the integrator pages. */
export const EXAMPLE_URL = 'https://cds.example.org';

type Hook = ServiceDefinition['hook'];

const queries = chartQueries(guideline.terminology);

/** What Oracle Health documents no R4 resource for, and the search that it documents with other parameters (fhir.cerner.com, May 2024). */
const NOT_AT_ORACLE: readonly ResourceKey[] = ['medicationStatements', 'imagingStudies', 'encounters'];

const AT_EPIC: readonly Hook[] = ['patient-view', 'order-select', 'order-sign'];
const AT_ATHENA: readonly Hook[] = ['order-select', 'order-sign'];

const SYSTEM_NAMES: Readonly<Record<string, string>> = {
  'http://loinc.org': 'LOINC',
  'http://snomed.info/sct': 'SNOMED CT',
  'http://www.nlm.nih.gov/research/umls/rxnorm': 'RxNorm',
};

/** The generated parts of docs/integrators/, by file and name. */
export const INTEGRATOR_BLOCKS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'README.md': { profiles: profiles(), scopes: scopes(), addresses: addresses() },
  'epic.md': { services: services(AT_EPIC), prefetch: prefetchLines(), orders: orders() },
  'oracle-health.md': {
    'order-cards': cardsWithout('patient-view'),
    services: services(['patient-view']),
    prefetch: prefetchLines(NOT_AT_ORACLE),
    links: linksOn('patient-view'),
  },
  'athenahealth.md': { services: services(AT_ATHENA), prefetch: prefetchLines() },
};

/** One line a prefetch key, as it is copied into an EHR that does not read discovery: the name, then the query. */
function prefetchLines(without: readonly ResourceKey[] = []): string {
  const lines = Object.entries(queries).filter(([key]) => !without.some((one) => one === key));
  const width = Math.max(...lines.map(([key]) => key.length));
  return ['```text', ...lines.map(([key, query]) => `${key.padEnd(width)}  ${query}`), '```'].join('\n');
}

function services(hooks: readonly Hook[]): string {
  const rows = cdsServices(queries)
    .filter(({ hook }) => hooks.includes(hook))
    .map(({ id, hook, description }) => [hook, code(`${EXAMPLE_URL}/cds-services/${id}`), description]);
  return table(['hook', 'service URL', 'says'], rows);
}

/** A read for the one that is read, a search for all others: nothing is written, and nothing else is looked at. */
function scopes(): string {
  const keys = Map.groupBy(Object.entries(queries), ([, query]) => query.split(/[/?]/, 1)[0] ?? '');
  const rows = [...keys].map(([type, lines]) => {
    const needed = lines.some(([, query]) => query.includes('?')) ? 's' : 'r';
    return scopeOf(type, needed);
  });
  // What orders only refer to has no query of its own.
  return table(['reads', 'SMART v1', 'SMART v2', 'of it needed'], [...rows, scopeOf('Medication', 'r')]);
}

function scopeOf(type: string, needed: string): readonly string[] {
  return [type, code(`patient/${type}.read`), code(`patient/${type}.rs`), code(needed)];
}

/** Every place outside the service that a card can name: its links, and the address of its first source. */
function addresses(): string {
  const named = guideline.cards.flatMap(({ file, sources: [source] }) => [
    ...(file.links ?? []).map(({ url }) => ({ url, as: 'a link' })),
    ...(source?.url === undefined ? [] : [{ url: source.url, as: '`source.url`' }]),
  ]);
  const byHost = Map.groupBy(named, ({ url }) => new URL(url).origin);
  const rows = [...byHost]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([origin, uses]) => [origin.replace('https://', ''), [...new Set(uses.map(({ as }) => as))].join(', ')]);
  return table(['host', 'on a card as'], rows);
}

/** Every address that an answer on this hook can hold, to be copied into an allow-list. */
function linksOn(hook: Hook): string {
  const cards = guideline.cards.filter(({ hooks }) => hooks.has(hook));
  const pages = cards.map(({ file }) => `${EXAMPLE_URL}/evidence/${file.id}`);
  const links = cards.flatMap(({ file }) => (file.links ?? []).map(({ url }) => url));
  const sources = cards.flatMap(({ sources: [source] }) => source?.url ?? []);
  return ['```text', ...pages, ...new Set([...links, ...sources].toSorted()), '```'].join('\n');
}

/** The cards that an EHR without this hook, and without any other, never shows. */
function cardsWithout(hook: Hook): string {
  const rows = guideline.cards.filter(({ hooks }) => !hooks.has(hook)).map(({ file }) => [code(file.id), file.title]);
  return table(['card', 'what it is about'], rows);
}

/**
 * The orders that suggestions create and that a record of the EHR can stand for, each as it names itself and with the
 * codes that it is sent with: of no record a dose, a date or a site is filled in for the patient.
 */
function orders(): string {
  const used = new Map(
    guideline.cards
      .flatMap(({ suggestions }) => suggestions)
      .flatMap(({ order }) => (order === undefined ? [] : [[order.file.id, order.file] as const])),
  );
  const rows = [...used.values()]
    .filter((order) => !/\{[{%]/.test(JSON.stringify(order)))
    .toSorted((one, other) => one.id.localeCompare(other.id))
    .map(({ id, resource }) => {
      const named =
        'code' in resource
          ? resource.code
          : 'medicationCodeableConcept' in resource && resource.medicationCodeableConcept;
      const { text = '', coding = [] } = named || {};
      return [code(id), text, coding.map(inShort).join(', ') || 'none'];
    });
  return table(['order', 'says', 'codes'], rows);
}

function inShort({ system = '', code: value = '' }: Coding): string {
  return `${SYSTEM_NAMES[system] ?? system} ${value}`;
}

/** How the profiles differ, from the profiles themselves. */
function profiles(): string {
  const yesNo = (is: boolean) => (is ? 'yes' : 'no');
  const rows: readonly (readonly [string, (profile: ClientProfile) => string])[] = [
    ['CDS Hooks version answered in', ({ cdsHooks }) => cdsHooks],
    ['`uuid`, topic, override reasons – and with them feedback', ({ cdsHooks }) => yesNo(cdsHooks !== '1.0')],
    [
      '`isRecommended`',
      ({ cdsHooks, recommending }) =>
        cdsHooks !== '1.0' && recommending === 'preselects' ? 'of services alone' : yesNo(cdsHooks !== '1.0'),
    ],
    ['`selectionBehavior`', ({ selectionBehavior }) => code(selectionBehavior)],
    [
      'suggestions on a card',
      ({ selectionBehavior }) => (selectionBehavior === 'any' ? 'of drugs one, of all else all' : 'all'),
    ],
    ['actions in a suggestion', ({ actionsPerSuggestion }) => actionsPerSuggestion],
    [
      'of a replacement',
      ({ actionsPerSuggestion }) => (actionsPerSuggestion === 'one' ? 'the removals' : 'everything'),
    ],
    ['kinds of actions', ({ actionTypes }) => [...actionTypes].join(', ')],
    [
      'on resources',
      ({ actionResources }) => (actionResources === undefined ? 'all' : [...actionResources].join(', ')),
    ],
    [
      'new orders',
      ({ createsFromSystems }) =>
        createsFromSystems === undefined ? 'all' : 'mapped ones, with nothing filled in for the patient',
    ],
    ['suggestions that only acknowledge', ({ acknowledgements }) => yesNo(acknowledgements)],
    ['a deletion names its order in, unless configured', ({ deleteShape }) => code(deleteShape)],
    ['topic code', ({ topicCode }) => (topicCode === 'card-id' ? 'the card’s id' : 'letters and digits of it')],
    ['most urgent indicator', ({ indicatorCap }) => code(indicatorCap)],
    ['`detail`', ({ detail }) => (detail === 'brief' ? 'brief, but for cards with drugs' : detail)],
    ['SMART links, once a card has one', ({ smartLinks }) => yesNo(smartLinks)],
    ['`appContext`', ({ smartLinks, appContext }) => yesNo(smartLinks && appContext)],
  ];
  const all = PROFILE_IDS.map((id) => clientProfile(id));
  return table(
    ['', ...all.map(({ id }) => code(id))],
    rows.map(([name, say]) => [name, ...all.map(say)]),
  );
}
