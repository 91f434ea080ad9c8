import { useQuery } from "@tanstack/react-query";
import { Pencil, Plus } from "lucide-react";
import { useState } from "react";
import { useParams, useSearchParams } from "react-router";

import { Button } from "../../ui/Button";
import { Empty, Loading, Trouble } from "../../ui/states";
import { Accounts, Entries } from "./Account";
import { ChargeDialog } from "./ChargeDialog";
import { WaitingTable } from "./ChargesScreen";
import { DocumentTable, MoreDocuments } from "./DocumentTable";
import { Download } from "./Download";
import { Hub } from "./Hub";
import { Packages } from "./Packages";
import { PartyDialog } from "./PartyDialog";
import { PaymentDialog } from "./PaymentDialog";
import { paperOf, parties, statement, waiting, type Party, type Side } from "./queries";
import { useDocuments } from "./useDocuments";
import { usePartyNames } from "./useParties";
import { hub } from "./words";

/** One party: what it owes or earns, its documents, packages and what waits, and the statement with its balance. */
export default function PartyScreen() {
  const { email = "" } = useParams();
  const [search] = useSearchParams();
  const side: Side = search.get("side") === "pay" ? "pay" : "charge";
  const nameOf = usePartyNames();
  const entered = useQuery(parties).data;
  const party = entered?.find((each) => each.email === email) ?? null;
  const [doing, setDoing] = useState<"change" | "pay" | "charge" | null>(null);
  const close = (): void => {
    setDoing(null);
  };
  return (
    <Hub
      title={nameOf(email)}
      lead={entered && <Entered party={party} email={email} nameOf={nameOf} />}
      actions={
        <>
          <Button
            onClick={() => {
              setDoing("change");
            }}
          >
            <Pencil size={15} aria-hidden="true" />
            {hub.parties.change}
          </Button>
          <Button
            onClick={() => {
              setDoing("charge");
            }}
          >
            <Plus size={15} aria-hidden="true" />
            {hub.charges.add}
          </Button>
          <Button
            kind="main"
            onClick={() => {
              setDoing("pay");
            }}
          >
            <Plus size={15} aria-hidden="true" />
            {hub.payments.record}
          </Button>
        </>
      }
    >
      <OneSide key={side} email={email} side={side} />
      {doing === "change" && <PartyDialog changed={party} email={email} onClose={close} />}
      {doing === "charge" && <ChargeDialog party={email} onClose={close} />}
      {doing === "pay" && <PaymentDialog party={email} onClose={close} />}
    </Hub>
  );
}

function Entered({ party, email, nameOf }: { party: Party | null; email: string; nameOf: (email: string) => string }) {
  if (party === null) return <>{`${email} · ${hub.statement.unknownParty}`}</>;
  const paysFor = party.students.map((each) => (each === email ? hub.parties.self : nameOf(each))).join(", ");
  const told = [
    email,
    party.currency,
    hub.parties.dueDays(party.due_days),
    paysFor === "" ? null : `${hub.parties.students} ${paysFor}`,
    party.postal_address,
  ];
  return <span className="wraps">{told.filter(Boolean).join(" · ")}</span>;
}

function OneSide({ email, side }: { email: string; side: Side }) {
  const [, setSearch] = useSearchParams();
  const account = useQuery(statement(email, side));
  const found = useDocuments({ side, paper: paperOf(side), party: email, bounds: null, wanted: null });
  const waits = useQuery(waiting(email)).data?.filter((each) => each.paper === paperOf(side)) ?? [];
  const isEmpty = account.data?.statements.every(({ entries }) => entries.length === 0) ?? false;
  return (
    <>
      <div className="row hub-filters">
        <select
          className="input period-unit"
          aria-label={hub.statement.sideLabel}
          value={side}
          onChange={(event) => {
            setSearch(event.target.value === "pay" ? { side: "pay" } : {});
          }}
        >
          <option value="charge">{hub.statement.sides.charge}</option>
          <option value="pay">{hub.statement.sides.pay}</option>
        </select>
        <span className="hub-filters-end">
          <Download
            path={`/api/billing/statements/${encodeURIComponent(email)}`}
            search={{ side, format: "csv" }}
            label={hub.csv}
            told={hub.csvOf(hub.statement.title)}
          />
        </span>
      </div>
      {account.isPending && <Loading lines={6} />}
      {account.isError && !account.data && <Trouble thrown={account.error} again={() => void account.refetch()} />}
      {account.data && <Accounts accounts={account.data.accounts} />}
      {isEmpty && <Empty title={hub.statement.none}>{hub.statement.noneDetail}</Empty>}
      {found.rows.length > 0 && <DocumentTable rows={found.rows} hasParty={false} />}
      <MoreDocuments found={found} />
      {found.more !== null && (
        <div>
          <Button onClick={found.more} isBusy={found.isReadingMore}>
            {hub.more}
          </Button>
        </div>
      )}
      {waits.length > 0 && <WaitingTable rows={waits} />}
      {side === "charge" && <Packages party={email} />}
      {account.data && <Entries statements={account.data.statements} />}
    </>
  );
}
