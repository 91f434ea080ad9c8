import type { Schemas } from "../../api/client";
import { clock, day } from "../../time/format";
import { useZone } from "../../time/zone";
import { wordOf } from "../../words";
import { Amount } from "./Amount";
import { hub } from "./words";

/** What a party owes in the end, one for each currency. */
export function Accounts({ accounts }: { accounts: readonly Schemas["AccountPart"][] }) {
  if (accounts.length === 0) return null;
  return (
    <dl className="sums panel">
      {accounts.map(({ currency, open, credit, balance }) => (
        <div key={currency}>
          <dt>{hub.statement.balance}</dt>
          <dd>
            <Amount of={balance} isStrong />
            <span className="small soft">
              {hub.statement.owes} <Amount of={open} />
              {credit.amount_minor > 0 && (
                <>
                  , <Amount of={credit} /> {hub.statement.credit}
                </>
              )}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Everything that was issued and paid, in order, with the balance after each; a table for each currency. */
export function Entries({ statements }: { statements: readonly Schemas["StatementPart"][] }) {
  const zone = useZone();
  return statements
    .filter(({ entries }) => entries.length > 0)
    .map(({ currency, opening, entries, closing }) => (
      <section key={currency} className="panel hub-panel">
        <h2>
          {hub.statement.title}, {currency}
        </h2>
        <div className="table-scroll">
          <table className="table statement">
            <thead>
              <tr>
                <th scope="col">{hub.statement.at}</th>
                <th scope="col">{hub.statement.what}</th>
                <th scope="col" className="number">
                  {hub.statement.amount}
                </th>
                <th scope="col" className="number">
                  {hub.statement.balance}
                </th>
              </tr>
            </thead>
            <tbody>
              {opening.amount_minor !== 0 && (
                <tr>
                  <td colSpan={3}>{hub.statement.opening}</td>
                  <td className="number">
                    <Amount of={opening} hasCode={false} />
                  </td>
                </tr>
              )}
              {entries.map(({ at, what, number, amount, balance }, place) => (
                <tr key={`${at}${what}${number ?? ""}${String(place)}`}>
                  <td className="nowrap" title={clock(at, zone)}>
                    {day(at, zone)}
                  </td>
                  <td>
                    {wordOf(hub.statement.whats, what)} {number !== null && <span className="soft nowrap">{number}</span>}
                  </td>
                  <td className="number">
                    <Amount of={amount} hasCode={false} />
                  </td>
                  <td className="number">
                    <Amount of={balance} hasCode={false} />
                  </td>
                </tr>
              ))}
              <tr>
                <th scope="row" colSpan={3}>
                  {hub.statement.closing}
                </th>
                <td className="number">
                  <Amount of={closing} isStrong hasCode={false} />
                </td>
              </tr>
            </tbody>
          </table>
        </div>
      </section>
    ));
}
