import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";

import type { Schemas } from "../../api/client";
import { Loading, Trouble } from "../../ui/states";
import { AgedChart } from "./AgedChart";
import { Choice } from "./Choice";
import { Download } from "./Download";
import { agedOf } from "./figures";
import { OpenChart } from "./OpenChart";
import { outstandingBy } from "./queries";
import { usePartyNames } from "./useParties";
import { hub } from "./words";

interface Props {
  owed: readonly Schemas["OwedPart"][];
  currency: string | null;
}

/** What is open now: who owes it and since when, or by whose classes, or by the month of issuing. */
export function Outstanding({ owed, currency }: Props) {
  const nameOf = usePartyNames();
  const [search] = useSearchParams();
  const asked = search.get("open");
  const by = asked === "teacher" || asked === "month" ? asked : "party";
  return (
    <section className="panel hub-panel">
      <header className="hub-panel-head">
        <div>
          <h2 className="row">
            {hub.overview.openOf}
            <Choice label={hub.overview.openOf} name="open" value={by} options={hub.overview.openGroups} />
          </h2>
          <p className="small soft">{hub.overview.agedLead}</p>
        </div>
        <Download
          path="/api/billing/reports/outstanding"
          search={{ format: "csv", ...(by === "party" ? {} : { group_by: by }) }}
          label={hub.csv}
          told={hub.csvOf(by === "party" ? hub.overview.aged : hub.overview.openBy[by])}
          kind="plain"
        />
      </header>
      {currency === null || agedOf(owed, currency).open.amount_minor === 0 ? (
        <div>
          <h3>{hub.overview.nothingOpen}</h3>
          <p className="soft">{hub.overview.nothingOpenDetail}</p>
        </div>
      ) : by === "party" ? (
        <AgedChart rows={owed} currency={currency} nameOf={nameOf} />
      ) : (
        <OpenBy by={by} currency={currency} />
      )}
    </section>
  );
}

function OpenBy({ by, currency }: { by: "teacher" | "month"; currency: string }) {
  const nameOf = usePartyNames();
  const { data, isPending, isError, error, refetch } = useQuery(outstandingBy(by));
  return (
    <>
      {isPending && <Loading lines={4} />}
      {isError && !data && <Trouble thrown={error} again={() => void refetch()} />}
      {data && (
        <OpenChart
          sums={data}
          currency={currency}
          by={by}
          nameOf={(key) => (key === null ? hub.overview.openNone : nameOf(key))}
        />
      )}
    </>
  );
}
