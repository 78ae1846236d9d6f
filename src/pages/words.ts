import type { Criterion } from '../guideline/criteria/criterion.ts';
import { CRITERIA } from '../guideline/criteria/registry.ts';

/** When a hook calls, for a reader who has never heard of hooks. */
const HOOKS: ReadonlyMap<string, string> = new Map([
  ['patient-view', 'when a chart is opened'],
  ['encounter-start', 'when an encounter starts'],
  ['encounter-discharge', 'when a patient is discharged'],
  ['order-select', 'when an order is picked'],
  ['order-sign', 'when orders are about to be signed'],
  ['order-dispatch', 'when an order is sent to whoever carries it out'],
  ['appointment-book', 'when an appointment is booked'],
  ['problem-list-item-create', 'when a problem is added to the problem list'],
]);

export function hookInWords(hook: string): string {
  return HOOKS.get(hook) ?? hook;
}

/** The four groups of priorities, first first. */
export const PRIORITY_GROUPS = [
  { name: 'Safety', below: 100, about: 'An order that may harm this patient' },
  { name: 'Contradiction', below: 200, about: 'An order that the guideline advises against' },
  { name: 'Gap', below: 300, about: 'Something that the chart should hold and does not' },
  { name: 'Option', below: Number.POSITIVE_INFINITY, about: 'A treatment or service to consider' },
] as const;

export function priorityGroup(priority: number): (typeof PRIORITY_GROUPS)[number]['name'] {
  return PRIORITY_GROUPS.find(({ below }) => priority < below)?.name ?? 'Option';
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The criterion, or what little its id says. */
export function criterionInWords(id: string): Pick<Criterion, 'label' | 'question'> {
  return CRITERIA.get(id) ?? { label: id, question: id };
}
