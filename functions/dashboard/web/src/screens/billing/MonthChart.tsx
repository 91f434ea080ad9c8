import { format } from "date-fns";

import { Chart } from "./Chart";
import type { MonthBar } from "./figures";
import { hub } from "./words";

/** What was charged and what was paid to staff, month by month. */
export function MonthChart({ bars }: { bars: readonly MonthBar[] }) {
  const years = new Set(bars.map(({ key }) => key.slice(0, 4)));
  return (
    <Chart
      layout="months"
      caption={hub.overview.byMonth}
      head={hub.chart.month}
      note={hub.overview.ofIssuing}
      columns={[
        { key: "charged", label: hub.overview.charged },
        { key: "paid", label: hub.overview.paid },
        { key: "margin", label: hub.overview.margin, isDrawn: false },
      ]}
      rows={bars.map(({ key, charged, paid, margin }) => ({
        key,
        name: monthName(key, "MMMM yyyy"),
        short: monthName(key, years.size > 1 ? "MMM yy" : "MMM"),
        values: { charged, paid, margin },
      }))}
    />
  );
}

/** A month as the API names it, in words. */
export function monthName(key: string, pattern: string): string {
  return format(new Date(`${key}-15T12:00:00`), pattern);
}
