/** Rows in one statement: times the columns of any table that is below the values a statement may have in SQLite, 32,766. */
const MOST_ROWS = 1000;

/** Writes rows, one statement after the other, each with as many of them as one may have; none, if there are none. */
export async function inChunks<Row>(
  rows: readonly Row[],
  write: (chunk: readonly Row[]) => Promise<unknown>,
): Promise<void> {
  for (let start = 0; start < rows.length; start += MOST_ROWS) {
    // oxlint-disable-next-line no-await-in-loop -- they are of one transaction, which has one connection
    await write(rows.slice(start, start + MOST_ROWS));
  }
}
