import { isJsonObject } from '../../cds-hooks/json.ts';
import { CLINICIAN_ID } from '../hook-request.ts';
import type { PatientStore, Resource } from '../patient-store.ts';
import type { Character } from './character.ts';

/** Who is at work in a chart, and on which encounter. */
export interface Work {
  /** `Type/id` of the type that this EHR names users by. */
  readonly userId: string;
  /** Undefined: none is under way, and the hooks do without. */
  readonly encounterId: string | undefined;
}

/** A patient is there, or will be back (FHIR R4, EncounterStatus). */
const UNDER_WAY: ReadonlySet<unknown> = new Set(['arrived', 'triaged', 'in-progress', 'onleave']);

/** The demo's clinician, at the encounter under way that began last. */
export function workOn(chart: PatientStore, { userType }: Pick<Character, 'userType'>): Work {
  const encounters = chart
    .byType('Encounter')
    .filter(({ status }) => UNDER_WAY.has(status))
    .toSorted((a, b) => startOf(a).localeCompare(startOf(b)));
  return { userId: `${userType}/${CLINICIAN_ID}`, encounterId: encounters.at(-1)?.id };
}

function startOf({ period }: Resource): string {
  const start = isJsonObject(period) ? period['start'] : undefined;
  return typeof start === 'string' ? start : '';
}
