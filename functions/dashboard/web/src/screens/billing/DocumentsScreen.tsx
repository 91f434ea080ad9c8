import { useSearchParams } from "react-router";

import { useSession } from "../../auth/session";
import { Empty, Loading, Trouble } from "../../ui/states";
import { DocumentTable, MoreDocuments } from "./DocumentTable";
import { Download } from "./Download";
import { Drafts } from "./Drafts";
import { Hub } from "./Hub";
import { OwnBills } from "./OwnBills";
import { periodAround, usePeriod } from "./period";
import { PeriodPicker } from "./PeriodPicker";
import { paperOf, type Side } from "./queries";
import { PartyFilter } from "./PartyFilter";
import { STATES, type Wanted } from "./standing";
import { useDocuments, type DocumentsAsked } from "./useDocuments";
import { ViewSwitch } from "./ViewSwitch";
import { hub } from "./words";

/** The documents of one side: those that were issued, and the drafts of those that are not yet. */
export function DocumentsScreen({ side }: { side: Side }) {
  const session = useSession();
  const [search] = useSearchParams();
  if (session?.role !== "admin") return session && <OwnBills side={side} party={session.email} />;
  return search.get("view") === "drafts" ? <Drafts side={side} /> : <Issued side={side} />;
}

const WANTED: readonly Wanted[] = ["open", ...STATES];

function Issued({ side }: { side: Side }) {
  const { period, bounds, choose } = usePeriod("month");
  const [search, setSearch] = useSearchParams();
  const isBounded = search.has("period");
  const paper = search.get("paper") === "credit_note" ? "credit_note" : paperOf(side);
  const wanted = WANTED.find((each) => each === search.get("state")) ?? null;
  const asked: DocumentsAsked = {
    side,
    paper,
    party: search.get("party"),
    bounds: isBounded ? bounds : null,
    wanted: paper === "credit_note" ? null : wanted,
  };
  const found = useDocuments(asked);
  const put = (name: string, value: string | null): void => {
    setSearch((before) => {
      if (value === null || value === "") before.delete(name);
      else before.set(name, value);
      return before;
    });
  };
  const isFiltered = asked.party !== null || isBounded || asked.wanted !== null;
  return (
    <Hub
      title={side === "charge" ? hub.sections.invoices : hub.sections.payroll}
      lead={hub.list.lead[side]}
      actions={<ViewSwitch />}
    >
      <div className="row hub-filters" role="search">
        <PartyFilter
          label={side === "charge" ? hub.list.search : hub.list.searchStaff}
          value={asked.party}
          onChoose={(party) => {
            put("party", party);
          }}
        />
        {side === "charge" && (
          <select
            className="input period-unit"
            aria-label={hub.list.paper}
            value={paper}
            onChange={(event) => {
              put("paper", event.target.value === "credit_note" ? "credit_note" : null);
            }}
          >
            <option value="invoice">{hub.papers.invoice}</option>
            <option value="credit_note">{hub.papers.credit_note}</option>
          </select>
        )}
        {paper !== "credit_note" && (
          <select
            className="input period-unit"
            aria-label={hub.list.standing}
            value={wanted ?? ""}
            onChange={(event) => {
              put("state", event.target.value);
            }}
          >
            <option value="">{`${hub.list.standing}: ${hub.list.anyStanding}`}</option>
            {WANTED.map((each) => (
              <option key={each} value={each}>
                {each === "open" ? hub.list.openOnly : hub.standing[each]}
              </option>
            ))}
          </select>
        )}
        <select
          className="input period-unit"
          aria-label={hub.period.on}
          value={isBounded ? "some" : "any"}
          onChange={(event) => {
            if (event.target.value === "any") put("period", null);
            else choose(periodAround(period.first, "month"));
          }}
        >
          <option value="any">{hub.period.any}</option>
          <option value="some">{hub.period.on} …</option>
        </select>
        {isBounded && <PeriodPicker period={period} onChoose={choose} />}
        <span className="hub-filters-end">
          <Download
            path={side === "charge" ? "/api/billing/invoices" : "/api/billing/payroll"}
            search={csvSearch(asked)}
            label={hub.csv}
            told={hub.csvOf(hub.papers[paper])}
          />
        </span>
      </div>
      {found.isPending && <Loading lines={8} />}
      {found.error !== null && found.error !== undefined && <Trouble thrown={found.error} again={found.again} />}
      {!found.isPending && !found.error && found.rows.length === 0 && found.more === null && (
        <Empty title={isFiltered ? hub.list.noneFound : hub.list.none} action={isFiltered ? undefined : <ViewSwitch />}>
          {isFiltered ? hub.list.noneFoundDetail : hub.list.noneDetail}
        </Empty>
      )}
      {found.rows.length > 0 && <DocumentTable rows={found.rows} hasParty />}
      <MoreDocuments found={found} />
    </Hub>
  );
}

function csvSearch({ paper, party, bounds, wanted }: DocumentsAsked): Record<string, string> {
  return {
    format: "csv",
    ...(paper === "payment_order" ? {} : { paper }),
    ...(party === null ? {} : { party }),
    ...(bounds ?? {}),
    ...(wanted === null ? {} : { standing: wanted }),
  };
}
