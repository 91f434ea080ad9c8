import { format } from "date-fns";

import type { MonthBar } from "./figures";
import { moneyText, shareOf } from "./money";
import { hub } from "./words";

/** What was charged and what was paid to staff, month by month: two bars for each month, from one line up. */
export function MonthChart({ bars }: { bars: readonly MonthBar[] }) {
  const most = Math.max(0, ...bars.flatMap(({ charged, paid }) => [charged.amount_minor, paid.amount_minor]));
  return (
    <figure className="months">
      <ol tabIndex={0} aria-label={hub.overview.byMonth}>
        {bars.map(({ key, charged, paid, margin }) => (
          <li key={key} data-empty={charged.amount_minor === 0 && paid.amount_minor === 0 ? true : undefined}>
            <span className="hidden-text">
              {hub.overview.monthTold(monthName(key, "MMMM yyyy"), moneyText(charged), moneyText(paid), moneyText(margin))}
            </span>
            <span className="month-bars" aria-hidden="true" title={`${moneyText(charged)} · ${moneyText(paid)}`}>
              <Bar kind="charged" share={shareOf(charged.amount_minor, most)} />
              <Bar kind="paid" share={shareOf(paid.amount_minor, most)} />
            </span>
            <span className="month-name" aria-hidden="true">
              {monthName(key, "MMM")}
            </span>
            <span className="month-sum small" aria-hidden="true">
              {charged.amount_minor === 0 && paid.amount_minor === 0 ? hub.none : moneyText(margin).split("\u00a0")[0]}
            </span>
          </li>
        ))}
      </ol>
      <figcaption className="row small soft">
        <Legend kind="charged">{hub.overview.charged}</Legend>
        <Legend kind="paid">{hub.overview.paid}</Legend>
        <span>{hub.overview.utc}</span>
      </figcaption>
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

/** A bar that stands on a desk and lies on a phone. */
function Bar({ kind, share }: { kind: string; share: number }) {
  return share > 0 && <span className="month-bar" data-kind={kind} style={{ ["--share" as string]: `${String(share)}%` }} />;
}

function monthName(key: string, pattern: string): string {
  return format(new Date(`${key}-15T12:00:00`), pattern);
}
