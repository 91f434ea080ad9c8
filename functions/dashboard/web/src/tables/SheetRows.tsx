import { X } from "lucide-react";
import { useId } from "react";

import { Button } from "../ui/Button";
import { columnOf, withCell, type Mistake } from "./mistakes";
import { table } from "./words";

interface Props {
  grid: readonly (readonly string[])[];
  /** The rows to show, by their numbers from 2. */
  shown: readonly number[];
  mistakes: ReadonlyMap<number, readonly Mistake[]>;
  fates: ReadonlyMap<number, string>;
  onGrid: (grid: string[][]) => void;
}

/** The table as it came, to be mended where it stands; what is wrong is told under its row and at its cell. */
export function SheetRows({ grid, shown, mistakes, fates, onGrid }: Props) {
  const [header = [], ...rows] = grid;
  const width = Math.max(...grid.map((cells) => cells.length));
  return (
    <div className="panel table-scroll import-scroll">
      <table className="table import-table">
        <caption className="hidden-text">{table.columns}</caption>
        <Header header={header} width={width} mistakes={mistakes.get(1) ?? []} grid={grid} onGrid={onGrid} />
        <tbody>
          {shown.map((row) => (
            <Row
              key={row}
              row={row}
              header={header}
              width={width}
              cells={rows[row - 2] ?? []}
              mistakes={mistakes.get(row) ?? []}
              fate={fates.get(row) ?? ""}
              onCell={(column, text) => {
                onGrid(withCell(grid, row, column, text));
              }}
              onLeaveOut={() => {
                onGrid(grid.filter((_, at) => at !== row - 1).map((each) => [...each]));
              }}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HeaderProps {
  header: readonly string[];
  width: number;
  mistakes: readonly Mistake[];
  grid: readonly (readonly string[])[];
  onGrid: (grid: string[][]) => void;
}

/** The names of the columns; where something is wrong with them they can be changed, or a column left out. */
function Header({ header, width, mistakes, grid, onGrid }: HeaderProps) {
  return (
    <thead>
      <tr>
        <th scope="col">{table.row}</th>
        <th scope="col">{table.becomes}</th>
        {Array.from({ length: width }, (_, column) => (
          <th key={column} scope="col">
            {mistakes.length === 0 ? (
              header[column]
            ) : (
              <span className="import-head">
                <input
                  className="input cell"
                  aria-label={table.header(column + 1)}
                  aria-invalid={mistakes.some(({ field }) => columnOf(field, [header[column] ?? ""]) === 0) || undefined}
                  value={header[column] ?? ""}
                  onChange={(event) => {
                    onGrid(withCell(grid, 1, column, event.target.value));
                  }}
                />
                <Button
                  kind="plain"
                  aria-label={table.leaveOutColumn(header[column] ?? "")}
                  onClick={() => {
                    onGrid(grid.map((cells) => cells.filter((__, at) => at !== column)));
                  }}
                >
                  <X size={14} aria-hidden="true" />
                </Button>
              </span>
            )}
          </th>
        ))}
      </tr>
      {mistakes.length > 0 && (
        <tr className="import-wrong">
          <td colSpan={width + 2}>
            <Mistakes mistakes={mistakes} header={header} />
          </td>
        </tr>
      )}
    </thead>
  );
}

interface RowProps {
  row: number;
  header: readonly string[];
  width: number;
  cells: readonly string[];
  mistakes: readonly Mistake[];
  fate: string;
  onCell: (column: number, text: string) => void;
  onLeaveOut: () => void;
}

function Row({ row, header, width, cells, mistakes, fate, onCell, onLeaveOut }: RowProps) {
  const id = useId();
  const wrong = new Set(mistakes.map(({ field }) => columnOf(field, header)));
  return (
    <>
      <tr className={mistakes.length > 0 ? "is-wrong" : undefined}>
        <th scope="row" className="number">
          {row}
        </th>
        <td className="import-fate">
          {mistakes.length === 0 ? (
            <span className="small">{fate}</span>
          ) : (
            <Button kind="plain" aria-label={table.leaveOutRow(row)} onClick={onLeaveOut}>
              {table.leaveOut}
            </Button>
          )}
        </td>
        {Array.from({ length: width }, (_, column) => (
          <td key={column}>
            <input
              className="input cell"
              aria-label={table.cell(row, header[column] ?? "")}
              aria-invalid={wrong.has(column) || undefined}
              aria-describedby={wrong.has(column) ? id : undefined}
              value={cells[column] ?? ""}
              onChange={(event) => {
                onCell(column, event.target.value);
              }}
            />
          </td>
        ))}
      </tr>
      {mistakes.length > 0 && (
        <tr className="import-wrong">
          <td colSpan={width + 2} id={id}>
            <Mistakes mistakes={mistakes} header={header} />
          </td>
        </tr>
      )}
    </>
  );
}

function Mistakes({ mistakes, header }: { mistakes: readonly Mistake[]; header: readonly string[] }) {
  return (
    <ul className="import-told">
      {mistakes.map(({ field, message }) => (
        <li key={field + message}>
          <strong>{header[columnOf(field, header)] ?? field}</strong>: {message}
        </li>
      ))}
    </ul>
  );
}
