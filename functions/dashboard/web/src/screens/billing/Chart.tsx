import { lazy, Suspense, type ReactNode } from "react";

import { Amount } from "./Amount";
import type { Money } from "./money";
import { hub } from "./words";

// The library that draws is loaded with the first chart, while the figures are there already.
const Bars = lazy(() => import("./Bars"));

/** How many are drawn where each has a line of its own; the table holds all. */
export const MOST_DRAWN = 8;
const MONTHS_HIGH = 240;
const LINE_HIGH = 44;
const AXIS_HIGH = 34;

/** A column of the table beside a chart, and a colour in it where it is drawn. */
export interface Column {
  key: string;
  label: string;
  isDrawn?: boolean;
}

/** A month, or somebody, with an amount for each column. `told` stands in the table in place of the name. */
export interface ChartRow {
  key: string;
  name: string;
  short?: string;
  told?: ReactNode;
  values: Readonly<Record<string, Money>>;
}

/** What a chart shows. Months stand beside each other, names lie below each other. */
export interface Drawing {
  rows: readonly ChartRow[];
  columns: readonly Column[];
  layout: "months" | "names";
  isStacked?: boolean;
}

interface Props extends Drawing {
  /** What the table is called, and what its rows are. */
  caption: string;
  head: string;
  note?: string | undefined;
  /** Whether the table is there at once, because more is done with it than read. */
  hasTable?: boolean;
}

/** Amounts drawn as bars, with their colours named below, and the same as a table for everybody who does not see them. */
export function Chart({ rows, columns, layout, isStacked = false, caption, head, note, hasTable = false }: Props) {
  const drawn = columns.filter(({ isDrawn = true }) => isDrawn);
  const shown = layout === "names" ? rows.slice(0, MOST_DRAWN) : rows;
  const high = layout === "months" ? MONTHS_HIGH : shown.length * LINE_HIGH + AXIS_HIGH;
  const table = <ChartTable rows={rows} columns={columns} caption={caption} head={head} />;
  return (
    <figure className="chart">
      <div className="chart-drawing" aria-hidden="true" style={{ blockSize: high }}>
        <Suspense fallback={null}>
          <Bars rows={shown} columns={drawn} layout={layout} isStacked={isStacked} />
        </Suspense>
      </div>
      <figcaption className="row small soft">
        {drawn.map(({ key, label }) => (
          <Legend key={key} kind={key}>
            {label}
          </Legend>
        ))}
        {shown.length < rows.length && <span>{hub.chart.more(rows.length - shown.length)}</span>}
        {note !== undefined && <span>{note}</span>}
      </figcaption>
      {hasTable ? (
        table
      ) : (
        <details className="chart-details">
          <summary>{hub.chart.asTable}</summary>
          {table}
        </details>
      )}
    </figure>
  );
}

/** A colour of a chart and what it stands for. */
export function Legend({ kind, children }: { kind: string; children: string }) {
  return (
    <span className="legend">
      <span className="swatch" data-kind={kind} aria-hidden="true" />
      {children}
    </span>
  );
}

function ChartTable({ rows, columns, caption, head }: Pick<Props, "rows" | "columns" | "caption" | "head">) {
  return (
    <div className="table-scroll" role="region" aria-label={caption} tabIndex={0}>
      <table className="table chart-table">
        <caption className="hidden-text">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            {columns.map(({ key, label }) => (
              <th key={key} scope="col" className="number">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, told, values }) => (
            <tr key={key}>
              <th scope="row" className="wraps">
                {told ?? name}
              </th>
              {columns.map((column) => {
                const amount = values[column.key];
                return (
                  <td key={column.key} className="number">
                    {amount === undefined || amount.amount_minor === 0 ? hub.none : <Amount of={amount} hasCode={false} />}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
