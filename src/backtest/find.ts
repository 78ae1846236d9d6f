import { asText } from '../chart/json.ts';
import type { JsonObject } from '../chart/reading.ts';
import type { AspsLines } from './asps-lines.ts';
import { encounterDay } from './encounter-day.ts';
import { type LineSink, lineIn } from './line-cutter.ts';
import { beginningOf, isWhole, parseLine, parseMembers, resourceTypeIn } from './line-json.ts';
import { ingredientsOf } from './medication-reference.ts';
import { patientsOf } from './patient-reference.ts';
import { countedAs } from './resource-types.ts';

/** What was found in the lines of a unit. */
export interface FoundInLines {
  /** Ids of the patients with a Condition that establishes ASPS or makes it suspected, each once. */
  readonly patients: readonly string[];
  /** Such Conditions that name no patient of the export. */
  readonly withoutPatient: number;
  /** Medications made of others: the id, and the ids of those that it refers to. */
  readonly madeOf: readonly (readonly [string, readonly string[]])[];
  readonly lines: number;
  readonly unreadableLines: number;
  readonly resourcesByType: Readonly<Record<string, number>>;
  readonly encountersByDay: Readonly<Record<string, number>>;
}

/** Of their lines more is asked than the type. */
const LOOKED_AT = new Set(['Condition', 'Encounter', 'Medication']);

/** Looks through lines for patients with ASPS, and counts on the way. Most lines are not parsed. */
export function createFinder(asps: AspsLines): LineSink & { readonly found: () => FoundInLines } {
  const patients = new Set<string>();
  const madeOf: (readonly [string, readonly string[]])[] = [];
  const types = new Map<string, number>();
  const days = new Map<string, number>();
  let lines = 0;
  let unreadableLines = 0;
  let withoutPatient = 0;
  /** Lines of one type mostly follow each other; one of which no more is asked than its type is counted by how it begins. */
  let beginning: string | undefined;
  let type: string | undefined;

  function take(line: string): void {
    lines++;
    type = isWhole(line) ? resourceTypeIn(line) : undefined;
    beginning = type === undefined || LOOKED_AT.has(type) ? undefined : beginningOf(type);
    if (type === undefined || !look(line, type)) unreadableLines++;
    else count(types, countedAs(type), 1);
  }

  /** False if the line turns out to be unreadable. */
  function look(line: string, as: string): boolean {
    switch (as) {
      case 'Condition':
        return !asps.mayBe(line) || lookAtCondition(parseLine(line));
      case 'Encounter':
        return lookAtEncounter(parseMembers(line, ['status', 'period']));
      case 'Medication':
        // A name of a member may be spelled with escapes.
        return !(line.includes('itemReference') || line.includes('\\u')) || lookAtMedication(parseLine(line));
      default:
        return true;
    }
  }

  function lookAtCondition(condition: JsonObject | undefined): boolean {
    if (condition?.['resourceType'] !== 'Condition') return false;
    if (!asps.isFinding(condition)) return true;
    const ids = patientsOf(condition);
    if (ids.length === 0) withoutPatient++;
    for (const id of ids) patients.add(id);
    return true;
  }

  function lookAtEncounter(encounter: JsonObject | undefined): boolean {
    if (encounter === undefined) return false;
    const day = encounterDay(encounter);
    if (day !== undefined) count(days, day, 1);
    return true;
  }

  function lookAtMedication(medication: JsonObject | undefined): boolean {
    if (medication?.['resourceType'] !== 'Medication') return false;
    const id = asText(medication['id']);
    const parts = ingredientsOf(medication);
    if (id !== undefined && parts.length > 0) madeOf.push([id, parts]);
    return true;
  }

  return {
    lines(text) {
      let alike = 0;
      for (let at = 0; at < text.length; ) {
        const end = text.indexOf('\n', at);
        if (beginning !== undefined && text.startsWith(beginning, at) && isWhole(text, end)) alike++;
        else {
          countAlike();
          const line = lineIn(text, at, end);
          if (line !== undefined) take(line);
        }
        at = end + 1;
      }
      countAlike();

      function countAlike(): void {
        if (alike > 0 && type !== undefined) count(types, countedAs(type), alike);
        lines += alike;
        alike = 0;
      }
    },
    tooLong() {
      lines++;
      unreadableLines++;
    },
    found: () => ({
      patients: [...patients].toSorted(),
      withoutPatient,
      madeOf,
      lines,
      unreadableLines,
      resourcesByType: Object.fromEntries(types),
      encountersByDay: Object.fromEntries(days),
    }),
  };
}

function count(counts: Map<string, number>, name: string, more: number): void {
  counts.set(name, (counts.get(name) ?? 0) + more);
}
