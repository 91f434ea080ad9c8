import type { ReactNode } from "react";

import { Amount } from "./Amount";
import type { Ranked } from "./figures";
import { Legend } from "./MonthChart";
import { moneyText, shareOf } from "./money";
import { hub } from "./words";

interface Props {
  rows: readonly Ranked[];
  nameOf: (key: string | null) => ReactNode;
}

/** Who or what brought how much: a bar for what was charged, and inside it what was paid for it. */
export function Ranking({ rows, nameOf }: Props) {
  const most = Math.max(0, ...rows.flatMap(({ charged, paid }) => [charged.amount_minor, paid?.amount_minor ?? 0]));
  const hasPaid = rows.some(({ paid }) => paid !== null);
  return (
    <>
      <ol className="ranking">
        {rows.map(({ key, charged, paid, margin }) => (
          <li key={key ?? ""}>
            <span className="wraps">{nameOf(key)}</span>
            <span className="rank-bar" aria-hidden="true">
              <span data-kind="charged" style={{ inlineSize: `${String(shareOf(charged.amount_minor, most))}%` }} />
              {paid !== null && <span data-kind="paid" style={{ inlineSize: `${String(shareOf(paid.amount_minor, most))}%` }} />}
            </span>
            <span className="rank-sums">
              <Amount of={charged} isStrong />
              {margin !== null && (
                <span className="small soft">
                  {hub.overview.margin} {moneyText(margin)}
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
      {hasPaid && (
        <p className="row small soft" aria-hidden="true">
          <Legend kind="charged">{hub.overview.charged}</Legend>
          <Legend kind="paid">{hub.overview.paid}</Legend>
        </p>
      )}
    </>
  );
}
