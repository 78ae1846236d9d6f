import { isJsonObject } from '../../cds-hooks/json.ts';
import type { PatientStore, Resource } from '../patient-store.ts';
import type { Character } from './character.ts';

/** Who is at work in a chart, and on which encounter. */
export interface Work {
  /** `Type/id` of the type that this EHR names users by. */
  readonly userId: string;
  /** Undefined: the patient has none on file. */
  readonly encounterId: string | undefined;
}

/** The id of who is at work, under every type that a user can be named by. */
const CLINICIAN = 'demo-clinician';
/** An encounter like this is none that anybody is at work on. */
const NOT_HELD: ReadonlySet<unknown> = new Set(['cancelled', 'entered-in-error', 'planned']);

/** The demo's clinician, at the encounter that began last. */
export function workOn(chart: PatientStore, { userType }: Pick<Character, 'userType'>): Work {
  const encounters = chart
    .byType('Encounter')
    .filter(({ status }) => !NOT_HELD.has(status))
    .toSorted((a, b) => startOf(a).localeCompare(startOf(b)));
  return {
    userId: `${userType}/${CLINICIAN}`,
    encounterId: encounters.at(-1)?.id,
  };
}

function startOf({ period }: Resource): string {
  const start = isJsonObject(period) ? period['start'] : undefined;
  return typeof start === 'string' ? start : '';
}
