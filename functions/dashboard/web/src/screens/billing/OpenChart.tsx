import type { Schemas } from "../../api/client";
import { Chart } from "./Chart";
import { monthsAround } from "./figures";
import { monthName } from "./MonthChart";
import { hub } from "./words";

interface Props {
  sums: readonly Schemas["OpenSumPart"][];
  currency: string;
  by: "teacher" | "month";
  nameOf: (key: string | null) => string;
}

/** What is open by the month of issuing, or by whose classes it was charged for; what of it is overdue stands apart. */
export function OpenChart({ sums, currency, by, nameOf }: Props) {
  const own = sums.filter(({ open }) => open.currency === currency && open.amount_minor > 0);
  const none = { amount_minor: 0, currency };
  const known = new Map(own.map((sum) => [sum.key, sum]));
  const keys =
    by === "month"
      ? monthsAround(own.map(({ key }) => key ?? ""))
      : own.toSorted((one, other) => other.open.amount_minor - one.open.amount_minor).map(({ key }) => key);
  const hasYears = new Set(keys.map((key) => key?.slice(0, 4))).size > 1;
  return (
    <Chart
      layout={by === "month" ? "months" : "names"}
      isStacked
      caption={hub.overview.openBy[by]}
      head={hub.overview.groups[by]}
      note={by === "month" ? hub.overview.ofIssuing : undefined}
      columns={[
        { key: "overdue", label: hub.overview.overdue },
        { key: "not_due", label: hub.overview.ages.not_due },
        { key: "open", label: hub.overview.open, isDrawn: false },
      ]}
      rows={keys.map((key) => {
        const { open, overdue } = known.get(key) ?? { open: none, overdue: none };
        const notDue = { amount_minor: open.amount_minor - overdue.amount_minor, currency };
        const isMonth = by === "month" && key !== null;
        return {
          key: key ?? "",
          name: isMonth ? monthName(key, "MMMM yyyy") : nameOf(key),
          ...(isMonth ? { short: monthName(key, hasYears ? "MMM yy" : "MMM") } : {}),
          values: { overdue, not_due: notDue, open },
        };
      })}
    />
  );
}
