import { useQuery } from "@tanstack/react-query";

import { Empty, Loading, Trouble } from "../../ui/states";
import { Accounts, Entries } from "./Account";
import { DocumentTable, MoreDocuments } from "./DocumentTable";
import { Hub } from "./Hub";
import { Packages } from "./Packages";
import { paperOf, statement, type Side } from "./queries";
import { useDocuments } from "./useDocuments";
import { hub } from "./words";

/** One's own side of the money: what was issued to the caller, how it stands, and the statement. */
export function OwnBills({ side, party }: { side: Side; party: string }) {
  const found = useDocuments({ side, paper: paperOf(side), party, bounds: null, wanted: null });
  const account = useQuery(statement(party, side));
  const isEmpty = !found.isPending && found.rows.length === 0 && found.error === null;
  return (
    <Hub title={side === "charge" ? hub.mine : hub.pay}>
      {account.data && <Accounts accounts={account.data.accounts} />}
      {found.isPending && <Loading lines={6} />}
      {found.error !== null && found.error !== undefined && <Trouble thrown={found.error} again={found.again} />}
      {isEmpty && <Empty title={hub.statement.none}>{hub.statement.noneDetail}</Empty>}
      {found.rows.length > 0 && <DocumentTable rows={found.rows} hasParty={false} />}
      <MoreDocuments found={found} />
      {side === "charge" && <Packages party={party} />}
      {account.data && <Entries statements={account.data.statements} />}
    </Hub>
  );
}
