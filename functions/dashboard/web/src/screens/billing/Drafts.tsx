import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { answered, api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { Button } from "../../ui/Button";
import { Empty, Loading, Trouble, TroubleNote } from "../../ui/states";
import { Amount } from "./Amount";
import { currenciesOf } from "./figures";
import { Download } from "./Download";
import { Hub } from "./Hub";
import { Lines } from "./Lines";
import { sumOf } from "./money";
import { periodLabel, usePeriod, type Bounds } from "./period";
import { PeriodPicker } from "./PeriodPicker";
import { drafts, HUB, type Draft, type Side } from "./queries";
import { Questions } from "./Questions";
import { RunAll } from "./RunAll";
import { ViewSwitch } from "./ViewSwitch";
import { usePartyNames } from "./useParties";
import { hub } from "./words";

/** What would be issued for a period, with what has to be answered first; issued one by one, or all in the background. */
export function Drafts({ side }: { side: Side }) {
  const { period, bounds, choose } = usePeriod("month");
  const { data, isPending, isError, error, refetch } = useQuery(drafts(side, bounds));
  const label = periodLabel(period);
  return (
    <Hub
      title={side === "charge" ? hub.sections.invoices : hub.sections.payroll}
      lead={hub.drafts.lead(label)}
      actions={<ViewSwitch />}
    >
      <div className="row hub-filters">
        <PeriodPicker period={period} onChoose={choose} />
        <span className="row hub-filters-end">
          <Download
            path={side === "charge" ? "/api/billing/invoices/drafts" : "/api/billing/payroll/drafts"}
            search={{ ...bounds, format: "csv" }}
            label={hub.csv}
            told={hub.csvOf(hub.list.views.drafts)}
          />
        </span>
      </div>
      <RunAll key={period.text} side={side} bounds={bounds} label={label} found={data ?? null} />
      {isPending && <Loading lines={8} />}
      {isError && !data && <Trouble thrown={error} again={() => void refetch()} />}
      {data && <Questions questions={data.questions} />}
      {data?.drafts.length === 0 && <Empty title={hub.drafts.none}>{hub.drafts.noneDetail}</Empty>}
      {data && data.drafts.length > 0 && <DraftList drafts={data.drafts} side={side} bounds={bounds} />}
    </Hub>
  );
}

function DraftList({ drafts: all, side, bounds }: { drafts: readonly Draft[]; side: Side; bounds: Bounds }) {
  const currencies = currenciesOf(all.map(({ currency }) => currency));
  return (
    <section className="panel">
      <ul className="draft-list">
        {all.map((draft) => (
          <DraftRow key={`${draft.party}:${draft.currency}`} draft={draft} side={side} bounds={bounds} />
        ))}
      </ul>
      <p className="draft-sums row">
        {hub.list.total}
        {currencies.map((currency) => (
          <Amount
            key={currency}
            isStrong
            of={sumOf(
              all.filter((draft) => draft.currency === currency).map(({ gross }) => gross),
              currency,
            )}
          />
        ))}
      </p>
    </section>
  );
}

function DraftRow({ draft, side, bounds }: { draft: Draft; side: Side; bounds: Bounds }) {
  const nameOf = usePartyNames();
  const client = useQueryClient();
  const [isOpen, setIsOpen] = useState(false);
  const issuing = useMutation({
    mutationFn: () => {
      const body = { party: draft.party, currency: draft.currency, digest: draft.digest, ...bounds };
      return side === "charge"
        ? answered(api.POST("/api/billing/invoices/issue", { body }))
        : answered(api.POST("/api/billing/payroll/issue", { body }));
    },
    onSettled: () => client.invalidateQueries({ queryKey: [HUB] }),
  });
  const hasChanged = issuing.isError && asProblem(issuing.error).status === 409;
  return (
    <li>
      <div className="draft-head">
        <span className="draft-who">
          <strong className="wraps">{nameOf(draft.party)}</strong>
          <span className="soft small wraps">{draft.party}</span>
        </span>
        <span className="small soft">{hub.drafts.lines(draft.lines.length)}</span>
        <span className="draft-sum">
          <Amount of={draft.gross} isStrong />
          {draft.gross.amount_minor !== draft.net.amount_minor && (
            <span className="small soft">
              {hub.drafts.net} <Amount of={draft.net} />
            </span>
          )}
        </span>
        <span className="row draft-do">
          <Button
            kind="plain"
            aria-expanded={isOpen}
            onClick={() => {
              setIsOpen(!isOpen);
            }}
          >
            {isOpen ? hub.drafts.hide : hub.drafts.show}
          </Button>
          <Button
            aria-label={hub.drafts.issueOf(nameOf(draft.party))}
            isBusy={issuing.isPending}
            onClick={() => {
              issuing.mutate();
            }}
          >
            {hub.drafts.issue}
          </Button>
        </span>
      </div>
      {hasChanged ? (
        <div className="note" data-tone="warn" role="alert">
          <strong>{hub.drafts.changed}</strong> {hub.drafts.changedDetail}
        </div>
      ) : (
        <TroubleNote thrown={issuing.error} />
      )}
      {isOpen && <Lines lines={draft.lines} />}
    </li>
  );
}
