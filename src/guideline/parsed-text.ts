/** `facts["criterion-id"]` of a text: yes, no or unknown; `values["criterion-id"]`: its figure, or nothing. */
export class Facts {
  readonly #answer: (criterion: string) => string;

  constructor(answer: (criterion: string) => string) {
    this.#answer = answer;
  }

  of(criterion: string): string {
    return this.#answer(criterion);
  }
}

/** What a card's texts may say: each is a variable of the text, and nothing else is. */
export interface TemplateVariables {
  /** The answers of criteria, by id. */
  readonly facts: Facts;
  /** The figures of criteria, by id: empty where there is none. */
  readonly values: Facts;
  /** The drugs of the orders at hand, by the guideline's own names. */
  readonly orderedDrugs: string;
  readonly weight: { readonly kg: string; readonly date: string; readonly doseMg: string };
}

/** A text of a card or an order, parsed once, and the criteria whose answers it uses. */
export interface Template {
  readonly render: (variables: TemplateVariables) => string;
  readonly criteria: readonly string[];
}

/** A text as JSON, once it is parsed: what a browser can put words into without what parses it. */
export type ParsedText = readonly Piece[];

export type Piece =
  | string
  | { readonly put: Variable }
  /** The first branch that holds; one without a condition always does. */
  | { readonly branches: readonly Branch[] };

export interface Branch {
  readonly when?: Condition;
  readonly text: ParsedText;
}

export type Variable =
  | { readonly of: 'facts' | 'values'; readonly criterion: string }
  | { readonly of: 'orderedDrugs' }
  | { readonly of: 'weight'; readonly member: 'kg' | 'date' | 'doseMg' };

export type Condition =
  | { readonly is: boolean; readonly of: Variable; readonly text: string }
  | { readonly both: readonly [Condition, Condition] }
  | { readonly either: readonly [Condition, Condition] };

/** The template of a parsed text; `escape` is for what a chart or a call puts in. */
export function templateOf(parsed: ParsedText, escape: (text: string) => string): Template {
  const [only] = parsed;
  if (parsed.length === 1 && typeof only === 'string') return { render: () => only, criteria: [] };
  const criteria = [...new Set(variablesIn(parsed).flatMap((one) => ('criterion' in one ? [one.criterion] : [])))];
  return { render: (variables) => written(parsed, variables, escape).replaceAll(/\s+/g, ' ').trim(), criteria };
}

function written(parsed: ParsedText, variables: TemplateVariables, escape: (text: string) => string): string {
  let text = '';
  for (const piece of parsed) {
    if (typeof piece === 'string') text += piece;
    else if ('put' in piece) text += escape(valueOf(piece.put, variables));
    else {
      const taken = piece.branches.find(({ when }) => when === undefined || holds(when, variables));
      if (taken !== undefined) text += written(taken.text, variables, escape);
    }
  }
  return text;
}

function holds(condition: Condition, variables: TemplateVariables): boolean {
  if ('both' in condition) return condition.both.every((one) => holds(one, variables));
  if ('either' in condition) return condition.either.some((one) => holds(one, variables));
  return (valueOf(condition.of, variables) === condition.text) === condition.is;
}

function valueOf(variable: Variable, { facts, values, orderedDrugs, weight }: TemplateVariables): string {
  switch (variable.of) {
    case 'facts':
      return facts.of(variable.criterion);
    case 'values':
      return values.of(variable.criterion);
    case 'orderedDrugs':
      return orderedDrugs;
    case 'weight':
      return weight[variable.member];
    default:
      return variable satisfies never;
  }
}

function variablesIn(parsed: ParsedText): readonly Variable[] {
  return parsed.flatMap((piece): readonly Variable[] => {
    if (typeof piece === 'string') return [];
    if ('put' in piece) return [piece.put];
    return piece.branches.flatMap(({ when, text }) => [
      ...(when === undefined ? [] : comparedIn(when)),
      ...variablesIn(text),
    ]);
  });
}

function comparedIn(condition: Condition): readonly Variable[] {
  if ('both' in condition) return condition.both.flatMap(comparedIn);
  return 'either' in condition ? condition.either.flatMap(comparedIn) : [condition.of];
}
