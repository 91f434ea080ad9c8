import { useInfiniteQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";

import { answered, api, type Schemas } from "../../api/client";
import { clock, day } from "../../time/format";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Empty, Loading, Trouble } from "../../ui/states";
import { wordOf } from "../../words";
import { Amount } from "./Amount";
import { Download } from "./Download";
import { Hub } from "./Hub";
import { PartyFilter } from "./PartyFilter";
import { PaymentDialog } from "./PaymentDialog";
import { HUB } from "./queries";
import { usePartyNames } from "./useParties";
import { hub } from "./words";

const AT_ONCE = 100;

/** What was paid, the newest first, and recording what came in by hand. */
export default function PaymentsScreen() {
  const [search, setSearch] = useSearchParams();
  const [isRecording, setIsRecording] = useState(false);
  const party = search.get("party");
  const { data, isPending, isError, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [HUB, "payments", party],
    queryFn: ({ pageParam }: { pageParam: string | null }) => {
      const query = {
        limit: AT_ONCE,
        ...(party === null ? {} : { party }),
        ...(pageParam === null ? {} : { page_token: pageParam }),
      };
      return answered(api.GET("/api/billing/payments", { params: { query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_page_token }) => next_page_token,
  });
  const payments = data?.pages.flatMap((page) => page.payments) ?? [];
  return (
    <Hub
      title={hub.sections.payments}
      lead={hub.payments.lead}
      actions={
        <Button
          kind="main"
          onClick={() => {
            setIsRecording(true);
          }}
        >
          <Plus size={16} aria-hidden="true" />
          {hub.payments.record}
        </Button>
      }
    >
      <div className="row hub-filters" role="search">
        <PartyFilter
          label={hub.who}
          value={party}
          onChoose={(chosen) => {
            setSearch(chosen === null ? {} : { party: chosen });
          }}
        />
        <span className="hub-filters-end">
          <Download
            path="/api/billing/payments"
            search={{ format: "csv", ...(party === null ? {} : { party }) }}
            label={hub.csv}
            told={hub.csvOf(hub.sections.payments)}
          />
        </span>
      </div>
      {isPending && <Loading lines={8} />}
      {isError && !data && <Trouble thrown={error} again={() => void refetch()} />}
      {data && payments.length === 0 && <Empty title={hub.payments.none}>{hub.payments.noneDetail}</Empty>}
      {payments.length > 0 && <PaymentTable payments={payments} />}
      {hasNextPage && (
        <div>
          <Button onClick={() => void fetchNextPage()} isBusy={isFetchingNextPage}>
            {hub.more}
          </Button>
        </div>
      )}
      {isRecording && (
        <PaymentDialog
          party={party}
          onClose={() => {
            setIsRecording(false);
          }}
        />
      )}
    </Hub>
  );
}

function PaymentTable({ payments }: { payments: readonly Schemas["PaymentPart"][] }) {
  const zone = useZone();
  const nameOf = usePartyNames();
  return (
    <div className="panel table-scroll">
      <table className="table cards">
        <thead>
          <tr>
            <th scope="col">{hub.payments.received}</th>
            <th scope="col">{hub.payments.from}</th>
            <th scope="col">{hub.payments.method}</th>
            <th scope="col">{hub.payments.number}</th>
            <th scope="col">{hub.payments.reference}</th>
            <th scope="col" className="number">
              {hub.payments.amount}
            </th>
          </tr>
        </thead>
        <tbody>
          {payments.map((payment) => (
            <tr key={payment.payment_id}>
              <td data-label={hub.payments.received} className="nowrap" title={clock(payment.received_at, zone)}>
                {day(payment.received_at, zone)}
              </td>
              <td data-label={hub.payments.from} className="wraps" title={payment.party}>
                <Link to={`/billing/parties/${encodeURIComponent(payment.party)}`}>{nameOf(payment.party)}</Link>
              </td>
              <td data-label={hub.payments.method}>{wordOf(hub.payments.methods, payment.method)}</td>
              <td data-label={hub.payments.number} className="nowrap">
                {payment.number ?? <span className="soft">{hub.payments.oldest}</span>}
              </td>
              <td data-label={hub.payments.reference} className="wraps">
                {payment.reference ?? hub.none}
              </td>
              <td data-label={hub.payments.amount} className="number">
                <Amount of={payment.amount} isStrong />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
