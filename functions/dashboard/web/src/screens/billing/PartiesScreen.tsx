import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Link, useNavigate } from "react-router";

import { useNames } from "../../people/names";
import { Button } from "../../ui/Button";
import { Empty, Loading, Trouble } from "../../ui/states";
import { Download } from "./Download";
import { Hub } from "./Hub";
import { PartyDialog } from "./PartyDialog";
import { PartyFilter } from "./PartyFilter";
import { parties, type Party } from "./queries";
import { hub } from "./words";

/** Who pays for whom, in which currency, and the way to everybody's statement. */
export default function PartiesScreen() {
  const { data, isPending, isError, error, refetch } = useQuery(parties);
  const go = useNavigate();
  const [isAdding, setIsAdding] = useState(false);
  return (
    <Hub
      title={hub.sections.parties}
      lead={hub.parties.lead}
      actions={
        <Button
          kind="main"
          onClick={() => {
            setIsAdding(true);
          }}
        >
          <Plus size={16} aria-hidden="true" />
          {hub.parties.add}
        </Button>
      }
    >
      <div className="row hub-filters" role="search">
        <PartyFilter
          label={hub.parties.find}
          value={null}
          onChoose={(party) => {
            if (party !== null) void go(`/billing/parties/${encodeURIComponent(party)}`);
          }}
        />
        <span className="hub-filters-end">
          <Download
            path="/api/billing/parties"
            search={{ format: "csv" }}
            label={hub.csv}
            told={hub.csvOf(hub.sections.parties)}
          />
        </span>
      </div>
      {isPending && <Loading lines={6} />}
      {isError && !data && <Trouble thrown={error} again={() => void refetch()} />}
      {data?.length === 0 && <Empty title={hub.parties.none}>{hub.parties.noneDetail}</Empty>}
      {data && data.length > 0 && <PartyTable entered={data} />}
      {isAdding && (
        <PartyDialog
          changed={null}
          onClose={() => {
            setIsAdding(false);
          }}
        />
      )}
    </Hub>
  );
}

function PartyTable({ entered }: { entered: readonly Party[] }) {
  const nameOf = useNames();
  return (
    <div className="panel table-scroll">
      <table className="table cards">
        <thead>
          <tr>
            <th scope="col">{hub.payments.from}</th>
            <th scope="col">{hub.parties.students}</th>
            <th scope="col">{hub.parties.currency}</th>
            <th scope="col">{hub.parties.due}</th>
          </tr>
        </thead>
        <tbody>
          {entered.map(({ email, name, students, currency, due_days }) => (
            <tr key={email}>
              <th scope="row" data-label={hub.payments.from}>
                <Link className="wraps" to={`/billing/parties/${encodeURIComponent(email)}`}>
                  {name ?? nameOf(email)}
                </Link>
                <div className="small soft wraps party-email">{email}</div>
              </th>
              <td data-label={hub.parties.students} className="wraps">
                {students.length === 0
                  ? hub.none
                  : students.map((each) => (each === email ? hub.parties.self : nameOf(each))).join(", ")}
              </td>
              <td data-label={hub.parties.currency}>{currency}</td>
              <td data-label={hub.parties.due}>{hub.parties.dueDays(due_days)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
