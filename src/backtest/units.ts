import type { ExportFile } from './export-files.ts';

/**
 * What one worker reads at a time: the lines that begin in a range of a plain file, or a whole gzip file, which can only be read from
 * its start.
 */
export interface Unit {
  readonly index: number;
  readonly file: ExportFile;
  /** Bytes into the file. A line belongs to the unit in which its first byte stands. */
  readonly from: number;
  readonly to: number;
}

const UNIT_BYTES = 64 * 1024 * 1024;
/** Each unit leaves a file behind in each stage: of a very large export the units are larger. */
const MOST_UNITS = 16_384;

/** How large the units of these files are. */
export function unitBytesFor(files: readonly ExportFile[]): number {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return Math.max(UNIT_BYTES, Math.ceil(total / MOST_UNITS));
}

/** Every line of the files belongs to one unit, wherever they are cut. */
export function unitsOf(files: readonly ExportFile[], unitBytes: number): readonly Unit[] {
  const ranges = files.flatMap((file) => {
    const size = file.isGzip ? Math.max(1, file.bytes) : unitBytes;
    const count = Math.max(1, Math.ceil(file.bytes / size));
    return Array.from({ length: count }, (_, at) => ({
      file,
      from: at * size,
      to: Math.min((at + 1) * size, file.bytes),
    }));
  });
  return ranges.map((range, index) => ({ index, ...range }));
}
