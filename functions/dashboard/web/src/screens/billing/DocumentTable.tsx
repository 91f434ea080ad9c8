import { Link } from "react-router";

import { day } from "../../time/format";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Amount } from "./Amount";
import { spanLabel } from "./period";
import { pathOf } from "./queries";
import { TONES, type Row, type State } from "./standing";
import type { Documents } from "./useDocuments";
import { usePartyNames } from "./useParties";
import { hub } from "./words";

/** Documents, a row each; on a phone each is a card of its own. `hasParty` is false where all are of one party. */
export function DocumentTable({ rows, hasParty }: { rows: readonly Row[]; hasParty: boolean }) {
  const zone = useZone();
  const nameOf = usePartyNames();
  return (
    <div className="panel table-scroll">
      <table className="table cards">
        <thead>
          <tr>
            <th scope="col">{hub.list.number}</th>
            {hasParty && <th scope="col">{hub.list.party}</th>}
            <th scope="col">{hub.list.period}</th>
            <th scope="col">{hub.list.issued}</th>
            <th scope="col">{hub.list.due}</th>
            <th scope="col">{hub.list.state}</th>
            <th scope="col" className="number">
              {hub.list.gross}
            </th>
            <th scope="col" className="number">
              {hub.list.open}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.documentId}>
              <th scope="row" data-label={hub.list.number}>
                <Link className="nowrap" to={pathOf(row.side, row.documentId)}>
                  {row.number}
                </Link>
              </th>
              {hasParty && (
                <td data-label={hub.list.party} className="wraps" title={row.party}>
                  {nameOf(row.party)}
                </td>
              )}
              <td data-label={hub.list.period}>{spanLabel(row.period.from, row.period.to, zone)}</td>
              <td data-label={hub.list.issued} className="nowrap">
                {day(row.issuedAt, zone)}
              </td>
              <td data-label={hub.list.due} className="nowrap">
                {row.state === "credit_note" ? hub.none : day(row.dueAt, zone)}
              </td>
              <td data-label={hub.list.state}>
                <StateChip state={row.state} />
              </td>
              <td data-label={hub.list.gross} className="number">
                <Amount of={row.gross} />
              </td>
              <td data-label={hub.list.open} className="number">
                {row.open === null ? hub.none : <Amount of={row.open} isStrong={row.open.amount_minor > 0} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The way on where a list of documents has more of them. */
export function MoreDocuments({ found }: { found: Documents }) {
  return (
    found.more !== null && (
      <div className="row">
        <Button onClick={found.more} isBusy={found.isReadingMore}>
          {hub.more}
        </Button>
      </div>
    )
  );
}

/** How a document stands, in a word. */
export function StateChip({ state }: { state: State }) {
  return (
    <Chip tone={TONES[state]} dot={state === "paid" ? "full" : "hollow"}>
      {hub.standing[state]}
    </Chip>
  );
}
