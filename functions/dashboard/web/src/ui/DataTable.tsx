import "./table.css";

import { createSortedRowModel, rowSortingFeature, tableFeatures, useTable, type ColumnDef } from "@tanstack/react-table";
import { ArrowDown, ArrowUp, ChevronsUpDown } from "lucide-react";
import { useMemo, type ReactNode } from "react";

import { words } from "../words";
import { Button } from "./Button";
import { Field } from "./Field";
import { compareValues, type SortValue } from "./order";

/** One column: what stands over it, what a row shows in it, and what it is sorted by where that helps. */
export interface Column<Row> {
  id: string;
  /** The column's name: it is read out, and stands in the choice of orders on a phone. */
  label: string;
  /** What is seen over the column where that is not its name: a scale, a link; null for nothing. */
  head?: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Without it nobody sorts by this column. What is null stands last, whichever way. */
  sortBy?: (row: Row) => SortValue;
  /** Where one looks for the greatest: the first click brings it up. */
  isGreatestFirst?: boolean;
  /** Classes of the cells and of the head: `number`, `only-desk`, `nowrap` or a screen's own. */
  className?: string;
  /** Whether the cell names its row. */
  isRowHeader?: boolean;
  /** A `data-tone` for the cell. */
  tone?: (row: Row) => string | undefined;
}

interface Props<Row> {
  /** What the table is, for whoever hears it. */
  caption: string;
  /** Kept between renders (`useMemo`) where there are many rows. */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  className?: string;
  /** A table wider than the page scrolls in a frame of its own. */
  isWide?: boolean;
  /** On a phone each row is a card, whose layout the screen's own class gives; the head is then only heard. */
  isCards?: boolean;
  /** False where the API has more rows than these: a part of a list is not sorted as if it were all. */
  isWhole?: boolean;
  /** Rows that stand below all others, such as sums. */
  foot?: ReactNode;
}

interface Kept<Row> {
  row: Row;
  key: string;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

/**
 * A table whose columns can be sorted by, with the mouse, the keyboard and on a phone, and whose head stays in sight. After both
 * ways the rows stand as they came. The markup and the look are ours; the order is TanStack Table's.
 */
export function DataTable<Row>({ columns, rows, keyOf, isWhole = true, ...look }: Props<Row>) {
  const table = useSorted(columns, rows, keyOf, isWhole);
  const { caption, className = "", isWide = false, isCards = false, foot } = look;
  const heads = columns.map((column) => {
    const known = table.getColumn(column.id);
    const canSort = known?.getCanSort() === true && rows.length > 1;
    const turn = (): void => {
      known?.toggleSorting();
    };
    return { column, canSort, sorted: known?.getIsSorted() ?? false, turn };
  });
  return (
    <>
      {isCards && <PhoneOrder heads={heads} setOrder={table.setSorting} />}
      <div
        className={`panel table-frame${isWide ? " is-wide" : ""}`}
        {...(isWide ? { role: "region", "aria-label": caption, tabIndex: 0 } : {})}
      >
        <table className={`table ${isCards ? "is-cards " : ""}${className}`}>
          <caption className="hidden-text">{caption}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <HeadCell key={head.column.id} {...head} />
              ))}
            </tr>
          </thead>
          <tbody>
            {table.getRowModel().rows.map(({ id, original: { row } }) => (
              <tr key={id}>
                {columns.map((column) => (
                  <BodyCell key={column.id} column={column} row={row} />
                ))}
              </tr>
            ))}
          </tbody>
          {foot}
        </table>
      </div>
    </>
  );
}

function useSorted<Row>(columns: readonly Column<Row>[], rows: readonly Row[], keyOf: (row: Row) => string, isWhole: boolean) {
  // What a row is sorted by may follow from more than the row, such as a name that comes later: new columns are new rows.
  const data = useMemo(() => kept(rows, keyOf), [rows, columns]); // eslint-disable-line react-hooks/exhaustive-deps
  const defs = useMemo(
    () =>
      columns.map(({ id, sortBy, isGreatestFirst = false }): ColumnDef<typeof features, Kept<Row>> => ({
        id,
        accessorFn: ({ row }) => sortBy?.(row) ?? undefined,
        enableSorting: isWhole && sortBy !== undefined,
        sortDescFirst: isGreatestFirst,
        sortUndefined: "last",
        sortFn: (one, other, column) => compareValues(one.getValue(column), other.getValue(column)),
      })),
    [columns, isWhole],
  );
  return useTable({ features, columns: defs, data, getRowId: ({ key }) => key, enableMultiSort: false });
}

/** Every row with a key of its own, also where two have the same: nobody is lost to a namesake. */
function kept<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Kept<Row>[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const key = keyOf(row);
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return { row, key: before === 0 ? key : `${key} ${String(before)}` };
  });
}

interface Head<Row> {
  column: Column<Row>;
  canSort: boolean;
  sorted: false | "asc" | "desc";
  turn: () => void;
}

const ORDERS = { asc: "ascending", desc: "descending" } as const;
const ARROWS = { asc: ArrowUp, desc: ArrowDown } as const;

function HeadCell<Row>({ column, canSort, sorted, turn }: Head<Row>) {
  const { label, head, className } = column;
  const seen = head === undefined ? label : head;
  const Arrow = sorted === false ? ChevronsUpDown : ARROWS[sorted];
  return (
    <th scope="col" className={className} aria-sort={sorted === false ? undefined : ORDERS[sorted]}>
      {head !== undefined && <span className="hidden-text">{label}</span>}
      {canSort ? (
        <button type="button" className="sort" data-sorted={sorted || undefined} onClick={turn}>
          <span>{seen}</span>
          <Arrow size={13} aria-hidden="true" />
        </button>
      ) : (
        seen
      )}
    </th>
  );
}

function BodyCell<Row>({ column: { cell, className, isRowHeader = false, tone }, row }: { column: Column<Row>; row: Row }) {
  const parts = { className, "data-tone": tone?.(row) };
  return isRowHeader ? (
    <th scope="row" {...parts}>
      {cell(row)}
    </th>
  ) : (
    <td {...parts}>{cell(row)}</td>
  );
}

interface OrderProps<Row> {
  heads: readonly Head<Row>[];
  setOrder: (order: { id: string; desc: boolean }[]) => void;
}

/** The same choice where there is no room for heads. */
function PhoneOrder<Row>({ heads, setOrder }: OrderProps<Row>) {
  const open = heads.filter(({ canSort }) => canSort);
  const chosen = open.find(({ sorted }) => sorted !== false);
  if (open.length === 0) return null;
  const way = chosen?.sorted === "desc" ? "desc" : "asc";
  const Arrow = ARROWS[way];
  return (
    <div className="phone-order only-phone">
      <Field label={words.table.order}>
        {(parts) => (
          <select
            {...parts}
            className="input"
            value={chosen?.column.id ?? ""}
            onChange={({ target }) => {
              const found = open.find(({ column }) => column.id === target.value);
              setOrder(found ? [{ id: found.column.id, desc: found.column.isGreatestFirst === true }] : []);
            }}
          >
            <option value="">{words.table.asItCame}</option>
            {open.map(({ column }) => (
              <option key={column.id} value={column.id}>
                {column.label}
              </option>
            ))}
          </select>
        )}
      </Field>
      {chosen && (
        <Button
          aria-label={words.table.turned[way]}
          onClick={() => {
            setOrder([{ id: chosen.column.id, desc: way === "asc" }]);
          }}
        >
          <Arrow size={16} aria-hidden="true" />
        </Button>
      )}
    </div>
  );
}
