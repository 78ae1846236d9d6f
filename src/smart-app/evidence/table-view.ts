import type { Figure } from '../../guideline/figure.ts';
import { flagsOf } from './figure-words.ts';

/** One cell: what it says first, and in smaller print below. */
export interface Cell {
  readonly text: string;
  readonly more?: readonly string[];
}

export interface TableRow {
  readonly id: string;
  /** What the row is of. */
  readonly head: Cell;
  /** Words that qualify the row as a whole, `unverified`. */
  readonly flags: readonly string[];
  readonly cells: readonly Cell[];
  /** Ids of its sources. */
  readonly sources: readonly string[];
}

/** A table as data; its last column, the sources, is added where it is shown. */
export interface TableView {
  readonly caption: string;
  /** Of the head and the cells. */
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

/** The row of a figure, with its note under the last of its cells. */
export function figureRow({ id, sources, note, ...figure }: Figure, head: Cell, cells: readonly Cell[]): TableRow {
  const noted = cells.map((cell, at) =>
    note === undefined || at < cells.length - 1 ? cell : { ...cell, more: [...(cell.more ?? []), note] },
  );
  return { id, head, flags: flagsOf(figure), cells: noted, sources };
}

/** Small print of those lines that there are. */
export function lines(...texts: readonly (string | undefined)[]): Pick<Cell, 'more'> {
  const more = texts.filter((text) => text !== undefined);
  return more.length === 0 ? {} : { more };
}
