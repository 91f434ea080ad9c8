import { useQuery } from "@tanstack/react-query";
import { Link, useSearchParams } from "react-router";

import type { Schemas } from "../../api/client";
import { Empty, Loading, Trouble } from "../../ui/states";
import { Amount } from "./Amount";
import { Download } from "./Download";
import { agedOf, currenciesOf, monthBars, wholePercent } from "./figures";
import { Hub } from "./Hub";
import { moneyText, sumOf } from "./money";
import { MonthChart } from "./MonthChart";
import { Outstanding } from "./Outstanding";
import { periodLabel, usePeriod, type Bounds, type Period } from "./period";
import { PeriodPicker } from "./PeriodPicker";
import { margin, outstanding } from "./queries";
import { RevenueBy } from "./RevenueBy";
import { hub } from "./words";

/** How the money stands: what was charged and paid in a time, by month and by whom, and what is open now. */
export function Overview() {
  const { period, bounds, choose } = usePeriod("year");
  const [search, setSearch] = useSearchParams();
  const months = useQuery(margin("month", bounds));
  const owed = useQuery(outstanding("charge"));
  const codes = [...(months.data ?? []).map(({ charged }) => charged.currency), ...(owed.data ?? []).map((row) => row.currency)];
  const currencies = currenciesOf(codes);
  const asked = search.get("currency") ?? "";
  const currency = currencies.includes(asked) ? asked : currencies[0];
  return (
    <Hub
      title={hub.title}
      lead={hub.overview.lead(periodLabel(period))}
      actions={
        <>
          {currencies.length > 1 && (
            <select
              className="input period-unit"
              aria-label={hub.overview.currency}
              value={currency}
              onChange={(event) => {
                setSearch((before) => {
                  before.set("currency", event.target.value);
                  return before;
                });
              }}
            >
              {currencies.map((code) => (
                <option key={code}>{code}</option>
              ))}
            </select>
          )}
          <PeriodPicker period={period} onChoose={choose} />
        </>
      }
    >
      {(months.isPending || owed.isPending) && <Loading lines={10} />}
      {months.isError && !months.data && <Trouble thrown={months.error} again={() => void months.refetch()} />}
      {owed.isError && !owed.data && <Trouble thrown={owed.error} again={() => void owed.refetch()} />}
      {months.data && owed.data && (
        <Shown period={period} bounds={bounds} currency={currency ?? null} months={months.data} owed={owed.data} />
      )}
    </Hub>
  );
}

interface ShownProps {
  period: Period;
  bounds: Bounds;
  currency: string | null;
  months: readonly Schemas["MarginPart"][];
  owed: readonly Schemas["OwedPart"][];
}

function Shown({ period, bounds, currency, months, owed }: ShownProps) {
  const own = months.filter(({ charged }) => charged.currency === currency);
  const isEmpty = own.length === 0;
  return (
    <>
      {currency !== null && <Sums months={own} owed={owed} currency={currency} />}
      {isEmpty && (
        <Empty
          title={hub.overview.none}
          action={
            <Link className="button" to="/billing/invoices?view=drafts">
              {hub.overview.toDrafts}
            </Link>
          }
        >
          {hub.overview.noneDetail}
        </Empty>
      )}
      {!isEmpty && currency !== null && (
        <section className="panel hub-panel">
          <header className="hub-panel-head">
            <h2>{hub.overview.byMonth}</h2>
            <Download
              path="/api/billing/reports/margin"
              search={{ ...bounds, group_by: "month", format: "csv" }}
              label={hub.csv}
              told={hub.csvOf(hub.overview.byMonth)}
              kind="plain"
            />
          </header>
          <MonthChart bars={monthBars(own, currency, period.first, period.last)} />
        </section>
      )}
      <div className="hub-columns">
        {!isEmpty && currency !== null && <RevenueBy bounds={bounds} currency={currency} />}
        <Outstanding owed={owed} currency={currency} />
      </div>
    </>
  );
}

function Sums({ months, owed, currency }: Pick<ShownProps, "months" | "owed"> & { currency: string }) {
  const charged = sumOf(
    months.map((row) => row.charged),
    currency,
  );
  const left = sumOf(
    months.map((row) => row.margin),
    currency,
  );
  const aged = agedOf(owed, currency);
  const share = wholePercent(left, charged);
  const paid = sumOf(
    months.map((row) => row.paid),
    currency,
  );
  return (
    <dl className="sums panel">
      <div>
        <dt>{hub.overview.charged}</dt>
        <dd>
          <Amount of={charged} isStrong />
        </dd>
      </div>
      <div>
        <dt>{hub.overview.paid}</dt>
        <dd>
          <Amount of={paid} isStrong />
        </dd>
      </div>
      <div>
        <dt>{hub.overview.margin}</dt>
        <dd>
          <Amount of={left} isStrong />
          {share !== null && <span className="small soft">{hub.overview.marginShare(share)}</span>}
        </dd>
      </div>
      <div>
        <dt>{hub.overview.open}</dt>
        <dd>
          <Amount of={aged.open} isStrong />
          {aged.overdue.amount_minor > 0 && (
            <span className="small sums-bad">
              {moneyText(aged.overdue)} {hub.overview.overdue}
            </span>
          )}
        </dd>
      </div>
    </dl>
  );
}
