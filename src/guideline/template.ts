import {
  evalQuotedToken,
  IfTag,
  Liquid,
  type Template as LiquidTemplate,
  Output,
  type Token,
  TypeGuards,
  type Value,
} from 'liquidjs';
import { escapeMarkdown, plainText } from './escape.ts';
import {
  type Condition,
  Facts,
  type ParsedText,
  type Piece,
  type Template,
  type TemplateVariables,
  templateOf,
  type Variable,
} from './parsed-text.ts';

const LIQUID = new Liquid({ strictFilters: true, cache: false });
const LANGUAGE = 'a text has variables, and if, elsif and else on == and != with and and or';

/** Parses a text of markdown; whatever is put in is escaped. Throws an Error that names what is wrong with it. */
export function markdownTemplate(text: string): Template {
  return templateOf(parseText(text), escapeMarkdown);
}

/** Parses a text that clients show as it is: summaries, labels, dosage instructions. */
export function plainTemplate(text: string): Template {
  return templateOf(parseText(text), plainText);
}

/** What Liquid makes of a text, as JSON. Throws an Error that names what is wrong with it. */
export function parseText(text: string): ParsedText {
  if (!text.includes('{')) return [text];
  const templates: LiquidTemplate[] = LIQUID.parse(text);
  for (const segments of LIQUID.globalVariableSegmentsSync(templates)) variableOf(segments);
  return templates.map(pieceOf);
}

function pieceOf(template: LiquidTemplate): Piece {
  if (TypeGuards.isHTMLToken(template.token)) return template.token.getContent();
  if (template instanceof Output) return { put: putIn(template.value) };
  if (!(template instanceof IfTag)) throw new Error(`${template.token.getText()} is not supported: ${LANGUAGE}`);
  const { branches, elseTemplates } = template;
  return {
    branches: [
      ...branches.map(({ value, templates }) => ({ when: conditionOf(value), text: templates.map(pieceOf) })),
      ...(elseTemplates === undefined ? [] : [{ text: elseTemplates.map(pieceOf) }]),
    ],
  };
}

function putIn({ initial: { postfix }, filters }: Value): Variable {
  const [token, ...more] = postfix;
  if (token === undefined || more.length > 0 || filters.length > 0)
    throw new Error(`a filter or an operator: ${LANGUAGE}`);
  return variableAt(token);
}

/** Liquid has brought the operators into the order in which they are applied, each after what it is applied to. */
function conditionOf({ initial: { postfix } }: Value): Condition {
  const stack: (Condition | Token)[] = [];
  for (const token of postfix) {
    if (!TypeGuards.isOperatorToken(token)) {
      stack.push(token);
      continue;
    }
    const right = stack.pop();
    const left = stack.pop();
    stack.push(applied(token.operator, left, right));
  }
  const [condition, ...more] = stack;
  if (more.length > 0 || !isCondition(condition)) throw new Error(`a condition that compares nothing: ${LANGUAGE}`);
  return condition;
}

type Operand = Condition | Token | undefined;

function applied(operator: string, left: Operand, right: Operand): Condition {
  if (isCondition(left) && isCondition(right)) {
    if (operator === 'and') return { both: [left, right] };
    if (operator === 'or') return { either: [left, right] };
  }
  if (
    (operator === '==' || operator === '!=') &&
    TypeGuards.isQuotedToken(right) &&
    left !== undefined &&
    !isCondition(left)
  )
    return { is: operator === '==', of: variableAt(left), text: evalQuotedToken(right) };
  throw new Error(`the operator ${operator} on these: ${LANGUAGE}`);
}

function isCondition(operand: Operand): operand is Condition {
  return operand !== undefined && ('is' in operand || 'both' in operand || 'either' in operand);
}

function variableAt(token: Token): Variable {
  if (!TypeGuards.isPropertyAccessToken(token)) throw new Error(`${token.getText()} is no variable: ${LANGUAGE}`);
  return variableOf(
    token.props.map((prop) => (TypeGuards.isQuotedToken(prop) ? evalQuotedToken(prop) : prop.getText())),
  );
}

/** A variable and its member have to stand in the text as they are. */
function variableOf(segments: readonly unknown[]): Variable {
  const [name, member, ...more] = segments;
  if (more.length === 0) {
    if ((name === 'facts' || name === 'values') && typeof member === 'string') return { of: name, criterion: member };
    if (name === 'orderedDrugs' && member === undefined) return { of: name };
    if (name === 'weight' && (member === 'kg' || member === 'date' || member === 'doseMg')) return { of: name, member };
  }
  throw new Error(`there is no variable ${segments.map(String).join('.')}`);
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
    } satisfies TemplateVariables);
    if (wording.length > longest.length) longest = wording;
  }
  return longest;
}
