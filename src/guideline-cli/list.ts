import type { Card, Guideline } from '../guideline/guideline.ts';

const SHORT: Readonly<Record<string, string>> = {
  'patient-view': 'PV',
  'encounter-start': 'ES',
  'encounter-discharge': 'ED',
  'order-select': 'OS',
  'order-sign': 'OSG',
  'order-dispatch': 'OD',
  'appointment-book': 'AB',
  'problem-list-item-create': 'PL',
};

/** What the short names of hooks stand for, and what a star says. */
export const HOOKS_LEGEND = `${Object.entries(SHORT)
  .map(([hook, short]) => `${short} ${hook}`)
  .join(', ')}; * with a condition of its own`;

/** The cards as a table, its header first; by priority, those that are switched off last. */
export function cardTable({ cards, off }: Guideline, today: string): readonly (readonly string[])[] {
  const header = ['card', 'version', 'priority', 'indicator', 'evidence level', 'reviewed', 'state', 'hooks', 'title'];
  return [header, ...[...cards, ...off].map((card) => rowOf(card, today))];
}

function rowOf({ file, hooks, indicators, state }: Card, today: string): readonly string[] {
  const named = [...hooks].map(([hook, condition]) => `${SHORT[hook] ?? hook}${condition === undefined ? '' : '*'}`);
  return [
    file.id,
    file.version,
    String(file.priority),
    [...new Set(indicators.map(({ level }) => level))].join('/'),
    file.evidenceLevel,
    file.reviewed,
    today > file.reviewDue ? `${state}, review due` : state,
    named.join(' '),
    file.title,
  ];
}
