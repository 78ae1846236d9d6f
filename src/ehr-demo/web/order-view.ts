import type { PatientStore, Resource } from '../patient-store.ts';
import { chartRow } from './chart-rows.ts';

/** An order that nobody has signed yet. */
export interface DraftView {
  /** As `Type/id`. */
  readonly reference: string;
  /** Fit for an HTML id. */
  readonly anchor: string;
  readonly what: string;
  /** How it is to be given, and what else it says. */
  readonly more: string;
}

/** What may be chosen, by group, as a select element shows it. */
export interface ChoiceGroup {
  readonly label: string;
  readonly choices: readonly { readonly id: string; readonly label: string }[];
}

export function draftView(draft: Resource, chart: PatientStore): DraftView {
  const { what, more } = chartRow(draft, chart);
  const reference = `${draft.resourceType}/${draft.id}`;
  return {
    reference,
    anchor: reference.replaceAll(/[^A-Za-z0-9]/g, '-'),
    what,
    more: more.replace(/^draft(?: · )?/, ''),
  };
}

export function choiceGroups(
  choices: readonly { readonly id: string; readonly label: string; readonly group: string }[],
): readonly ChoiceGroup[] {
  return [...Map.groupBy(choices, ({ group }) => group)].map(([label, members]) => ({ label, choices: members }));
}
