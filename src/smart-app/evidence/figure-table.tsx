import { Cautions } from './cautions.tsx';
import { SourceLinks } from './source-links.tsx';
import type { Cell, TableView } from './table-view.ts';

/** More than these need more room than a narrow panel has. */
const FEW_COLUMNS = 4;

interface FigureTableProps {
  readonly view: TableView;
  /** The heading above says what its caption does, which is then heard alone. */
  readonly isNamedAbove?: boolean;
}

/** Figures as a table; one too wide for its panel scrolls by itself. */
export function FigureTable({ view: { caption, columns, rows }, isNamedAbove = false }: FigureTableProps) {
  if (rows.length === 0) return <p class="quiet">{caption}: no figures recorded.</p>;
  return (
    // In the tab order: what scrolls must be reached with the keyboard.
    <div
      class={`table-scroll evidence-table ${columns.length > FEW_COLUMNS ? 'evidence-table-wide' : ''}`}
      tabIndex={0}
      role="region"
      aria-label={`${caption}, table`}
    >
      <table>
        <caption class={isNamedAbove ? 'heard' : undefined}>{caption}</caption>
        <thead>
          <tr>
            {[...columns, 'Source'].map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, head, flags, cells, sources }) => (
            <tr key={id}>
              <th scope="row">
                <CellText cell={head} />
                <Cautions texts={flags} />
              </th>
              {cells.map((cell, at) => (
                <td key={columns[at + 1]}>
                  <CellText cell={cell} />
                </td>
              ))}
              <td>
                <SourceLinks ids={sources} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CellText({ cell: { text, more = [] } }: { readonly cell: Cell }) {
  return (
    <>
      {text}
      {more.map((line) => (
        <div key={line} class="evidence-more">
          {line}
        </div>
      ))}
    </>
  );
}
