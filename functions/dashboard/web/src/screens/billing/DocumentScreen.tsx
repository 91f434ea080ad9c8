import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "react-router";

import { useSession } from "../../auth/session";
import { day } from "../../time/format";
import { useNow } from "../../time/useNow";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Loading, Trouble } from "../../ui/states";
import { wordOf } from "../../words";
import { Amount } from "./Amount";
import { StateChip } from "./DocumentTable";
import { Download } from "./Download";
import { Hub } from "./Hub";
import { Lines } from "./Lines";
import { percentText } from "./money";
import { PayDialog, ShareDialog, VoidDialog } from "./DocumentDialogs";
import { spanLabel } from "./period";
import { document, statement, type Side, type Standing, type WholeDocument } from "./queries";
import { stateOf } from "./standing";
import { usePartyNames } from "./useParties";
import { hub } from "./words";

/** One document whole: what it says, how it stands, and what can be done with it. */
export function DocumentScreen({ side }: { side: Side }) {
  const { documentId = "" } = useParams();
  const { data, isPending, isError, error, refetch } = useQuery(document(side, documentId));
  const account = useQuery({ ...statement(data?.party ?? "", side), enabled: data !== undefined });
  const standing = account.data?.accounts.flatMap(({ documents }) => documents).find((each) => each.document_id === documentId);
  const title = data ? `${wordOf(hub.paper, data.paper)} ${data.number}` : hub.document.loading;
  return (
    <Hub title={title} actions={data && <Doing shown={data} side={side} standing={standing} />}>
      {isPending && <Loading lines={10} />}
      {isError && <Trouble thrown={error} again={() => void refetch()} />}
      {data && (
        <>
          <Facts shown={data} standing={standing} />
          <section className="panel hub-panel">
            <h2>{hub.document.lines}</h2>
            <Lines lines={data.lines} of={{ side, documentId }} />
            <Totals shown={data} standing={standing} />
          </section>
          <Hashes shown={data} />
        </>
      )}
    </Hub>
  );
}

function Doing({ shown, side, standing }: { shown: WholeDocument; side: Side; standing: Standing | undefined }) {
  const role = useSession()?.role;
  const [asking, setAsking] = useState<"share" | "pay" | "void" | null>(null);
  const close = (): void => {
    setAsking(null);
  };
  const isNote = shown.paper === "credit_note";
  const isOpen = side === "charge" && (standing?.open.amount_minor ?? 0) > 0;
  const base = `/api/billing/${side === "charge" ? "invoices" : "payroll"}/${shown.document_id}`;
  return (
    <>
      {isOpen && (
        <Button
          {...(role === "admin" ? {} : { kind: "main" })}
          onClick={() => {
            setAsking("pay");
          }}
        >
          {role === "admin" ? hub.document.payLinkAdmin : hub.document.payLink}
        </Button>
      )}
      <Download path={`${base}/pdf`} label={hub.document.pdf} told={`${hub.document.pdf} ${shown.number}`} />
      {side === "charge" && (
        <Button
          onClick={() => {
            setAsking("share");
          }}
        >
          {hub.document.share}
        </Button>
      )}
      {role === "admin" && !isNote && standing !== undefined && standing.standing !== "cancelled" && (
        <Button
          kind="bad"
          onClick={() => {
            setAsking("void");
          }}
        >
          {hub.document.void}
        </Button>
      )}
      {asking === "share" && <ShareDialog shown={shown} onClose={close} />}
      {asking === "pay" && <PayDialog shown={shown} onClose={close} />}
      {asking === "void" && <VoidDialog shown={shown} side={side} paid={standing?.paid ?? null} onClose={close} />}
    </>
  );
}

function Facts({ shown, standing }: { shown: WholeDocument; standing: Standing | undefined }) {
  const zone = useZone();
  const nameOf = usePartyNames();
  const now = useNow("minute");
  const isAdmin = useSession()?.role === "admin";
  const isNote = shown.paper === "credit_note";
  return (
    <dl className="panel document-facts">
      <div>
        <dt>{hub.document.to}</dt>
        <dd className="wraps">
          {isAdmin ? (
            <Link to={`/billing/parties/${encodeURIComponent(shown.party)}`} title={shown.party}>
              {nameOf(shown.party)}
            </Link>
          ) : (
            nameOf(shown.party)
          )}
        </dd>
      </div>
      <div>
        <dt>{hub.document.period}</dt>
        <dd>{spanLabel(shown.period_from, shown.period_to, zone)}</dd>
      </div>
      <div>
        <dt>{hub.document.issued}</dt>
        <dd>{day(shown.issued_at, zone)}</dd>
      </div>
      {shown.cancels !== null && (
        <div>
          <dt>{hub.document.cancels}</dt>
          <dd>{shown.cancels}</dd>
        </div>
      )}
      {!isNote && (
        <div>
          <dt>{hub.document.due}</dt>
          <dd>{day(shown.due_at, zone)}</dd>
        </div>
      )}
      {!isNote && standing && (
        <div>
          <dt>{hub.list.state}</dt>
          <dd>
            <StateChip state={stateOf(standing, now)} />
          </dd>
        </div>
      )}
    </dl>
  );
}

function Totals({ shown, standing }: { shown: WholeDocument; standing: Standing | undefined }) {
  return (
    <dl className="totals">
      <dt>{hub.document.net}</dt>
      <dd>
        <Amount of={shown.net} />
      </dd>
      {shown.taxes.map(({ basis_points, tax }) => (
        <div key={basis_points} className="totals-row">
          <dt>{hub.document.tax(percentText(basis_points))}</dt>
          <dd>
            <Amount of={tax} />
          </dd>
        </div>
      ))}
      <dt className="totals-strong">{hub.document.gross}</dt>
      <dd className="totals-strong">
        <Amount of={shown.gross} isStrong />
      </dd>
      {standing && shown.paper !== "credit_note" && (
        <>
          <dt>{hub.document.paid}</dt>
          <dd>
            <Amount of={standing.paid} />
          </dd>
          <dt>{hub.document.open}</dt>
          <dd>
            <Amount of={standing.open} isStrong={standing.open.amount_minor > 0} />
          </dd>
        </>
      )}
    </dl>
  );
}

function Hashes({ shown }: { shown: WholeDocument }) {
  return (
    <dl className="hashes small">
      <dt title={hub.document.hashHint}>{hub.document.hash}</dt>
      <dd className="wraps">{shown.content_hash}</dd>
      {shown.previous_hash !== "" && (
        <>
          <dt>{hub.document.previous}</dt>
          <dd className="wraps">{shown.previous_hash}</dd>
        </>
      )}
    </dl>
  );
}
