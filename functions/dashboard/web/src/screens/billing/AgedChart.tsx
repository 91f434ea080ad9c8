import { Link } from "react-router";

import type { Schemas } from "../../api/client";
import type { NameOf } from "../../people/names";
import { Chart } from "./Chart";
import { AGES } from "./figures";
import { hub } from "./words";

interface Props {
  rows: readonly Schemas["OwedPart"][];
  currency: string;
  nameOf: NameOf;
}

/** Who owes how much, since when: those who owe most first, each with a way to their account. */
export function AgedChart({ rows, currency, nameOf }: Props) {
  const own = rows
    .filter((row) => row.currency === currency && row.open.amount_minor > 0)
    .sort((one, other) => other.open.amount_minor - one.open.amount_minor);
  const ages = AGES.filter((age) => own.some(({ aged }) => aged[age].amount_minor > 0));
  return (
    <Chart
      layout="names"
      isStacked
      hasTable
      caption={hub.overview.aged}
      head={hub.overview.debtor}
      columns={[
        { key: "open", label: hub.overview.open, isDrawn: false },
        ...ages.map((age) => ({ key: age, label: hub.overview.ages[age] })),
      ]}
      rows={own.map(({ party, open, aged }) => ({
        key: party,
        name: nameOf(party),
        told: (
          <Link to={`/billing/parties/${encodeURIComponent(party)}`} title={party}>
            {nameOf(party)}
          </Link>
        ),
        values: { ...aged, open },
      }))}
    />
  );
}
