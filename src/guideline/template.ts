import { Drop, Liquid, type Template as LiquidTemplate } from 'liquidjs';
import { escapeMarkdown, plainText } from './escape.ts';

/** `facts["criterion-id"]` in a template: yes, no or unknown; `values["criterion-id"]`: its figure, or nothing. */
export class Facts extends Drop {
  readonly #answer: (criterion: string) => string;

  constructor(answer: (criterion: string) => string) {
    super();
    this.#answer = answer;
  }

  override liquidMethodMissing(criterion: string | number): string {
    return this.#answer(String(criterion));
  }
}

/** What a card's texts may say: each is a variable of the template, and nothing else is. */
export interface TemplateVariables {
  /** The answers of criteria, by id. */
  readonly facts: Facts;
  /** The figures of criteria, by id: empty where there is none. */
  readonly values: Facts;
  /** The drugs of the orders at hand, by the guideline's own names. */
  readonly orderedDrugs: string;
  readonly weight: { readonly kg: string; readonly date: string; readonly doseMg: string };
}

/** Each variable and its members. */
const VARIABLES: ReadonlyMap<string, readonly string[] | 'any literal'> = new Map<
  keyof TemplateVariables,
  readonly string[] | 'any literal'
>([
  ['facts', 'any literal'],
  ['values', 'any literal'],
  ['orderedDrugs', []],
  ['weight', ['kg', 'date', 'doseMg']],
]);

/** A text of a card or an order, parsed once, and the criteria whose answers it uses. */
export interface Template {
  readonly render: (variables: TemplateVariables) => string;
  readonly criteria: readonly string[];
}

const options = { strictVariables: true, strictFilters: true, ownPropertyOnly: true, cache: false } as const;
const markdown = new Liquid({ ...options, outputEscape: (value: unknown) => escapeMarkdown(String(value)) });
const plain = new Liquid({ ...options, outputEscape: (value: unknown) => plainText(String(value)) });

/** Parses a text of markdown; whatever is put in is escaped. Throws an Error that names what is wrong with it. */
export function markdownTemplate(text: string): Template {
  return compile(markdown, text);
}

/** Parses a text that clients show as it is: summaries, labels, dosage instructions. */
export function plainTemplate(text: string): Template {
  return compile(plain, text);
}

/** So many criteria in one text are tried in every combination of their answers; 3^6 is enough of a wait. */
const MOST_TRIED = 6;

/** The longest that a plain text can become, whatever the answers of its criteria. Throws if it does not parse. */
export function longestWording(text: string): string {
  const { criteria, render } = plainTemplate(text);
  const tried = [...new Set(criteria)].slice(0, MOST_TRIED);
  let longest = '';
  for (let combination = 0; combination < 3 ** tried.length; combination += 1) {
    const answer = (id: string) =>
      ['unknown', 'yes', 'no'][Math.trunc(combination / 3 ** Math.max(0, tried.indexOf(id))) % 3] ?? 'unknown';
    const wording = render({
      facts: new Facts(answer),
      values: new Facts(() => ''),
      orderedDrugs: 'chemotherapy',
      weight: { kg: '', date: '', doseMg: '' },
    });
    if (wording.length > longest.length) longest = wording;
  }
  return longest;
}

function compile(engine: Liquid, text: string): Template {
  if (!text.includes('{')) return { render: () => text, criteria: [] };
  const parsed: LiquidTemplate[] = engine.parse(text);
  const used = engine.globalVariableSegmentsSync(parsed);
  for (const segments of used) checkVariable(segments);
  const criteria = used.flatMap(([name, criterion]) =>
    (name === 'facts' || name === 'values') && typeof criterion === 'string' ? [criterion] : [],
  );
  const render = (variables: TemplateVariables) =>
    String(engine.renderSync(parsed, variables)).replaceAll(/\s+/g, ' ').trim();
  // A figure is a patient's own: nothing with one is kept.
  if (used.some(([name]) => name === 'values')) return { criteria, render };
  const ofPatient = used.some(([name]) => name === 'weight');
  return { criteria, render: remembered(criteria, ofPatient, render) };
}

/** Nothing is left to be found out at a call: a variable and its member have to stand in the text as they are. */
function checkVariable(segments: readonly unknown[]): void {
  const [name, member, ...more] = segments;
  const members = typeof name === 'string' ? VARIABLES.get(name) : undefined;
  const known =
    members === 'any literal'
      ? typeof member === 'string'
      : members?.length === 0
        ? member === undefined
        : typeof member === 'string' && members?.includes(member) === true;
  if (!known || more.length > 0) throw new Error(`there is no variable ${segments.map(String).join('.')}`);
}

/** So many wordings of one text are kept; there are only so many combinations of answers and drug names. */
const MAX_WORDINGS = 200;

/** What depends on answers and drug names alone is rendered once for each combination. A weight is a patient's own: nothing with one is kept. */
function remembered(criteria: readonly string[], ofPatient: boolean, render: Template['render']): Template['render'] {
  const wordings = new Map<string, string>();
  return (variables) => {
    if (ofPatient && variables.weight.kg !== '') return render(variables);
    const key = [variables.orderedDrugs, ...criteria.map((id) => variables.facts.liquidMethodMissing(id))].join();
    const known = wordings.get(key);
    if (known !== undefined) return known;
    const wording = render(variables);
    if (wordings.size < MAX_WORDINGS) wordings.set(key, wording);
    return wording;
  };
}
