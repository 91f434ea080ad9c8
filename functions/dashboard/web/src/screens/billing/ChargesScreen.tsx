import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { answered, api, type Schemas } from "../../api/client";
import { day } from "../../time/format";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { Empty, Loading, Trouble, TroubleNote } from "../../ui/states";
import { Amount } from "./Amount";
import { ChargeDialog } from "./ChargeDialog";
import { Hub } from "./Hub";
import { percentText } from "./money";
import { HUB, waiting } from "./queries";
import { usePartyNames } from "./useParties";
import { hub } from "./words";

/** What waits for somebody's next document beside classes: charges, discounts, packages, pay. */
export default function ChargesScreen() {
  const { data, isPending, isError, error, refetch } = useQuery(waiting(null));
  const [isAdding, setIsAdding] = useState(false);
  return (
    <Hub
      title={hub.sections.charges}
      lead={hub.charges.lead}
      actions={
        <Button
          kind="main"
          onClick={() => {
            setIsAdding(true);
          }}
        >
          <Plus size={16} aria-hidden="true" />
          {hub.charges.add}
        </Button>
      }
    >
      {isPending && <Loading lines={6} />}
      {isError && !data && <Trouble thrown={error} again={() => void refetch()} />}
      {data?.length === 0 && <Empty title={hub.charges.none}>{hub.charges.noneDetail}</Empty>}
      {data && data.length > 0 && <WaitingTable rows={data} />}
      {isAdding && (
        <ChargeDialog
          onClose={() => {
            setIsAdding(false);
          }}
        />
      )}
    </Hub>
  );
}

/** Charges that wait, each of which can be withdrawn as long as it does. */
export function WaitingTable({ rows }: { rows: readonly Schemas["AdHocPart"][] }) {
  const zone = useZone();
  const nameOf = usePartyNames();
  const client = useQueryClient();
  const withdrawing = useMutation({
    mutationFn: (adHocId: string) =>
      answered(api.DELETE("/api/billing/ad-hoc/{ad_hoc_id}", { params: { path: { ad_hoc_id: adHocId } } })),
    onSettled: () => client.invalidateQueries({ queryKey: [HUB] }),
  });
  return (
    <>
      <TroubleNote thrown={withdrawing.error} />
      <ul className="panel draft-list">
        {rows.map((row) => (
          <li key={row.ad_hoc_id}>
            <div className="draft-head">
              <span className="draft-who">
                <span className="row">
                  <strong className="wraps">{row.description}</strong>
                  {row.lessons !== null && <Chip tone="good">{hub.charges.lessonsSold(row.lessons)}</Chip>}
                  {row.paper === "payment_order" && <Chip>{hub.charges.kinds.pay}</Chip>}
                </span>
                <span className="soft small">
                  <Link to={`/billing/parties/${encodeURIComponent(row.party)}`}>{nameOf(row.party)}</Link>
                  {` · ${hub.charges.at} ${day(row.at, zone)} · ${row.by}`}
                </span>
              </span>
              <span className="small soft">
                {row.tax_basis_points > 0 && hub.document.tax(percentText(row.tax_basis_points))}
              </span>
              <span className="draft-sum">
                <Amount of={row.net} isStrong />
              </span>
              <span className="row draft-do">
                <Button
                  kind="plain"
                  aria-label={hub.charges.withdrawOf(row.description)}
                  isBusy={withdrawing.isPending && withdrawing.variables === row.ad_hoc_id}
                  onClick={() => {
                    withdrawing.mutate(row.ad_hoc_id);
                  }}
                >
                  {hub.charges.withdraw}
                </Button>
              </span>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
