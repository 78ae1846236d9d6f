import { asObject, asText } from '../../chart/json.ts';
import type { JsonObject } from '../../chart/reading.ts';
import { plainText } from '../../guideline/escape.ts';
import { valueLines } from './value-lines.ts';

/** One member of a resource, by its name in FHIR; members within another stand below it, a step further in. */
export interface RecordRow {
  /** 0 to {@link MAX_DEPTH}. */
  readonly depth: number;
  readonly name: string;
  /** In lines; none where what it says stands in the rows below. */
  readonly lines: readonly string[];
}

export interface RecordRows {
  readonly rows: readonly RecordRow[];
  /** More is in the resource than is listed. */
  readonly isCut: boolean;
}

export const MAX_DEPTH = 4;
const MAX_ROWS = 120;
const MAX_LINES = 20;
const MAX_VALUE = 600;

/** What people look for first. */
const FIRST = /^(?:status|clinicalStatus|verificationStatus|intent|code|medication\w*|category|stage|value\w*)$/;
const DATES = /(?:DateTime|Period|Date|^authoredOn|^issued|^started|^birthDate|^period)$/;
/** Whose it is the page says; what is for machines, and the narrative in HTML, stand in the JSON. */
const LEFT_OUT = new Set(['resourceType', 'id', 'subject', 'patient', 'meta', 'text', 'identifier', 'implicitRules']);

/** The main members of a resource. Total: whatever stands in it. */
export function recordRows(resource: JsonObject): RecordRows {
  const rows: RecordRow[] = [];
  let isCut = false;
  for (const [name, value] of Object.entries(resource)
    .filter(([one]) => !LEFT_OUT.has(one))
    .toSorted(byWeight))
    add(name, value, 0);
  return { rows, isCut };

  function add(name: string, value: unknown, depth: number): void {
    if (rows.length >= MAX_ROWS) {
      isCut = true;
      return;
    }
    const lines = valueLines(value);
    if (lines !== undefined) {
      rows.push({ depth, name: nameOf(name), lines: fewer(lines) });
      return;
    }
    if (Array.isArray(value) && depth < MAX_DEPTH) {
      for (const item of value) {
        if (rows.length >= MAX_ROWS) break;
        addItem(name, item, depth);
      }
      isCut ||= rows.length >= MAX_ROWS;
      return;
    }
    const members = Object.entries(asObject(value) ?? {});
    rows.push({ depth, name: nameOf(name), lines: depth >= MAX_DEPTH ? ['…'] : [] });
    if (depth >= MAX_DEPTH) isCut = true;
    else for (const [member, one] of members) add(member, one, depth + 1);
  }

  /** An extension goes by what it is of. */
  function addItem(name: string, item: unknown, depth: number): void {
    const extension = asObject(item);
    const url = name.toLowerCase().endsWith('extension') ? asText(extension?.['url']) : undefined;
    const values = Object.entries(extension ?? {}).filter(([member]) => member.startsWith('value'));
    const [only] = values;
    // A list within a list is no FHIR, and may go on without end.
    if (url === undefined) add(name, item, Array.isArray(item) ? depth + 1 : depth);
    else if (only !== undefined && values.length === 1) add(lastPart(url), only[1], depth);
    else
      add(lastPart(url), Object.fromEntries(Object.entries(extension ?? {}).filter(([key]) => key !== 'url')), depth);
  }

  function fewer(lines: readonly string[]): readonly string[] {
    if (lines.length > MAX_LINES) isCut = true;
    return lines.slice(0, MAX_LINES).map(shortened);
  }

  function shortened(line: string): string {
    if (line.length <= MAX_VALUE) return line;
    isCut = true;
    return `${line.slice(0, MAX_VALUE).replace(/[\uD800-\uDBFF]$/, '')}…`;
  }
}

function byWeight([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return weight(one) - weight(other);
}

function weight(name: string): number {
  if (FIRST.test(name)) return 0;
  return DATES.test(name) ? 1 : 2;
}

function nameOf(name: string): string {
  return plainText(name.slice(0, 80));
}

function lastPart(url: string): string {
  return nameOf(url.split('/').at(-1) ?? url) || 'extension';
}
