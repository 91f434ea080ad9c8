import { Link } from "react-router";

import type { Schemas } from "../../api/client";
import type { NameOf } from "../../people/names";
import { Amount } from "./Amount";
import { AGES, agedOf, type Age } from "./figures";
import { Legend } from "./MonthChart";
import { moneyText, shareOf, type Money } from "./money";
import { hub } from "./words";

interface Props {
  rows: readonly Schemas["OwedPart"][];
  currency: string;
  nameOf: NameOf;
}

/** Who owes how much, since when: everybody together first, then each party, those who owe most first. */
export function AgedChart({ rows, currency, nameOf }: Props) {
  const own = rows
    .filter((row) => row.currency === currency && row.open.amount_minor > 0)
    .sort((one, other) => other.open.amount_minor - one.open.amount_minor);
  const sums = agedOf(own, currency);
  const most = own[0]?.open.amount_minor ?? 0;
  return (
    <div className="stack aged">
      <div>
        <AgedBar ages={sums.ages} most={sums.open.amount_minor} isTall />
        <ul className="row aged-legend">
          {AGES.filter((age) => sums.ages[age].amount_minor > 0).map((age) => (
            <li key={age} className="small">
              <Legend kind={age}>{hub.overview.ages[age]}</Legend> <Amount of={sums.ages[age]} />
            </li>
          ))}
        </ul>
      </div>
      <ol className="ranking">
        {own.map(({ party, open, credit, aged }) => (
          <li key={party}>
            <Link className="wraps" to={`/billing/parties/${encodeURIComponent(party)}`} title={party}>
              {nameOf(party)}
            </Link>
            <span>
              <span className="hidden-text">{hub.overview.agedTold(nameOf(party), told(aged))}</span>
              <AgedBar ages={aged} most={most} />
            </span>
            <span className="rank-sums">
              <Amount of={open} isStrong />
              {credit.amount_minor > 0 && <span className="small soft">{hub.overview.credit(moneyText(credit))}</span>}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function AgedBar({ ages, most, isTall = false }: { ages: Readonly<Record<Age, Money>>; most: number; isTall?: boolean }) {
  return (
    <span className="aged-bar" data-tall={isTall || undefined} aria-hidden="true">
      {AGES.filter((age) => ages[age].amount_minor > 0).map((age) => (
        <span key={age} data-kind={age} style={{ inlineSize: `${String(shareOf(ages[age].amount_minor, most))}%` }} />
      ))}
    </span>
  );
}

function told(ages: Readonly<Record<Age, Money>>): string {
  return AGES.filter((age) => ages[age].amount_minor > 0)
    .map((age) => `${hub.overview.ages[age]} ${moneyText(ages[age])}`)
    .join(", ");
}
