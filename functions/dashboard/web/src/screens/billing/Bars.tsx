import { Bar, BarChart, CartesianGrid, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

import { ticksOf } from "./axis";
import type { ChartRow, Drawing } from "./Chart";
import { digitsOf, moneyText } from "./money";

const NAMES_WIDE = 124;
const LETTERS = 17;
const STACK = "all";
const ROUND = 3;

/** The bars of a chart, drawn by the library: the colours come from the sheet of styles, by the columns' names. */
export default function Bars({ rows, columns, layout, isStacked = false }: Drawing) {
  const isMonths = layout === "months";
  const known = new Map(rows.map((row) => [row.key, row]));
  const labelOf = (key: string): string => shortened(known.get(key));
  const ticks = ticksOf({ rows, columns, isStacked });
  const amounts = {
    ticks,
    domain: [ticks[0] ?? 0, ticks.at(-1) ?? 1] as [number, number],
    tickFormatter: (units: number) => compact(units, currencyOf(rows)),
    axisLine: false,
    tickLine: false,
  } as const;
  const names = { dataKey: "key", tickFormatter: labelOf, tickLine: false, axisLine: false } as const;
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart
        data={[...rows]}
        layout={isMonths ? "horizontal" : "vertical"}
        margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
        barGap={2}
        barCategoryGap="22%"
        maxBarSize={28}
        accessibilityLayer={false}
        stackOffset="sign"
      >
        <CartesianGrid vertical={!isMonths} horizontal={isMonths} />
        {isMonths ? (
          <>
            <XAxis {...names} interval="equidistantPreserveStart" minTickGap={8} />
            <YAxis {...amounts} width={44} />
            <ReferenceLine y={0} />
          </>
        ) : (
          <>
            <XAxis {...amounts} type="number" minTickGap={16} />
            <YAxis {...names} type="category" width={NAMES_WIDE} interval={0} />
            <ReferenceLine x={0} />
          </>
        )}
        <Tooltip
          isAnimationActive={false}
          cursor={{ className: "chart-cursor" }}
          content={({ active, label }) => {
            const row = known.get(String(label));
            return active && row ? <Told row={row} columns={columns} /> : null;
          }}
        />
        {columns.map(({ key }) => (
          <Bar
            key={key}
            className={`kind-${key}`}
            dataKey={(row: ChartRow) => row.values[key]?.amount_minor ?? 0}
            stackId={isStacked ? STACK : key}
            radius={isStacked ? 0 : isMonths ? [ROUND, ROUND, 0, 0] : [0, ROUND, ROUND, 0]}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}

/** What a pointer finds over a month or a name: all its amounts, whole. */
function Told({ row, columns }: { row: ChartRow; columns: Drawing["columns"] }) {
  return (
    <div className="chart-told small">
      <strong>{row.name}</strong>
      <dl>
        {columns.map(({ key, label }) => {
          const amount = row.values[key];
          return (
            amount !== undefined && (
              <div key={key}>
                <dt>
                  <span className="swatch" data-kind={key} /> {label}
                </dt>
                <dd>{moneyText(amount)}</dd>
              </div>
            )
          );
        })}
      </dl>
    </div>
  );
}

function shortened(row: ChartRow | undefined): string {
  const name = row?.short ?? row?.name ?? "";
  return name.length > LETTERS ? `${name.slice(0, LETTERS - 1)}…` : name;
}

function currencyOf(rows: readonly ChartRow[]): string {
  return Object.values(rows[0]?.values ?? {})[0]?.currency ?? "EUR";
}

/** An amount as an axis has room for: `1.2K`. Only for drawing. */
function compact(units: number, currency: string): string {
  const amount = units / 10 ** digitsOf(currency);
  return new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 }).format(amount);
}
