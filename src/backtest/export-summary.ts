/** What an export, or a part of it, consists of. Counts alone, of all patients. */
export interface ExportSummary {
  /** Blank lines left out. */
  readonly lines: number;
  /** As the files are stored. */
  readonly bytes: number;
  /** Lines: a resource that stands in the export in several versions counts with each of them. What FHIR R4 has no such type for is `other`. */
  readonly resourcesByType: Readonly<Record<string, number>>;
  /** No JSON object with a resourceType, or too long. */
  readonly unreadableLines: number;
  /** Files that could not be read to their end, as named by the export. */
  readonly brokenFiles: readonly string[];
  /** By the day (`YYYY-MM-DD`, as written) on which they began; those planned, cancelled or entered in error left out. Lines, too. */
  readonly encountersByDay: Readonly<Record<string, number>>;
}

export const EMPTY_SUMMARY: ExportSummary = {
  lines: 0,
  bytes: 0,
  resourcesByType: {},
  unreadableLines: 0,
  brokenFiles: [],
  encountersByDay: {},
};

/** The summary of two parts of one export, in whichever order. */
export function mergeSummaries(one: ExportSummary, other: ExportSummary): ExportSummary {
  return {
    lines: one.lines + other.lines,
    bytes: one.bytes + other.bytes,
    resourcesByType: mergeCounts(one.resourcesByType, other.resourcesByType),
    unreadableLines: one.unreadableLines + other.unreadableLines,
    brokenFiles: [...new Set([...one.brokenFiles, ...other.brokenFiles])].toSorted(),
    encountersByDay: mergeCounts(one.encountersByDay, other.encountersByDay),
  };
}

/** Two counts by the same names, added up. Names come from exports: `__proto__` is one like any other. */
export function mergeCounts(
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sum = new Map(Object.entries(one));
  for (const [name, count] of Object.entries(other)) sum.set(name, (sum.get(name) ?? 0) + count);
  return Object.fromEntries(sum);
}
