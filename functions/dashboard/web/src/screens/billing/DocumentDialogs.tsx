import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Link } from "react-router";

import { answered, api } from "../../api/client";
import { clock, day } from "../../time/format";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { TroubleNote } from "../../ui/states";
import { moneyText, type Money } from "./money";
import { HUB, pathOf, type Side, type WholeDocument } from "./queries";
import { usePartyNames } from "./useParties";
import { hub } from "./words";

const HOURS = [24, 168, 720];

interface Props {
  shown: WholeDocument;
  onClose: () => void;
}

/** A link that opens the document for whoever holds it, for some time. */
export function ShareDialog({ shown, onClose }: Props) {
  const zone = useZone();
  const [hours, setHours] = useState(168);
  const sharing = useMutation({
    mutationFn: () =>
      answered(
        api.POST("/api/billing/invoices/{document_id}/share", {
          params: { path: { document_id: shown.document_id } },
          body: { hours },
        }),
      ),
  });
  return (
    <Dialog title={hub.document.shareTitle} onClose={onClose}>
      <p>{hub.document.shareDetail}</p>
      {sharing.data ? (
        <>
          <CopyLink link={sharing.data.url} />
          <p className="soft small">
            {hub.document.sharedUntil(`${day(sharing.data.expires_at, zone)}, ${clock(sharing.data.expires_at, zone)}`)}
          </p>
        </>
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            sharing.mutate();
          }}
        >
          <Field label={hub.document.shareHours}>
            {(parts) => (
              <select
                {...parts}
                className="input"
                value={hours}
                onChange={(event) => {
                  setHours(Number(event.target.value));
                }}
              >
                {HOURS.map((each) => (
                  <option key={each} value={each}>
                    {hub.document.hours[each]}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <TroubleNote thrown={sharing.error} />
          <div className="actions">
            <Button kind="main" type="submit" isBusy={sharing.isPending}>
              {hub.document.shareGo}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

/** The link by which what is open is paid by card; where cards are not set up, the API says so. */
export function PayDialog({ shown, onClose }: Props) {
  const linking = useMutation({
    mutationFn: async () =>
      (
        await answered(
          api.POST("/api/billing/invoices/{document_id}/payment-link", {
            params: { path: { document_id: shown.document_id } },
          }),
        )
      ).payment_link,
  });
  return (
    <Dialog title={hub.document.payTitle} onClose={onClose}>
      {linking.data ? (
        <>
          <p>{hub.document.payDetail(moneyText(linking.data.amount))}</p>
          <CopyLink link={linking.data.url} />
          <div className="actions">
            <a className="button" data-kind="main" href={linking.data.url} target="_blank" rel="noreferrer">
              {hub.document.payGo}
            </a>
          </div>
        </>
      ) : (
        <>
          <TroubleNote thrown={linking.error} />
          <div className="actions">
            <Button
              kind="main"
              isBusy={linking.isPending}
              onClick={() => {
                linking.mutate();
              }}
            >
              {hub.document.shareGo}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

/** Taking a document back whole, asked once more with what follows from it. */
export function VoidDialog({ shown, side, paid, onClose }: Props & { side: Side; paid: Money | null }) {
  const client = useQueryClient();
  const nameOf = usePartyNames();
  const path = { params: { path: { document_id: shown.document_id } } };
  const voiding = useMutation({
    mutationFn: async () =>
      side === "charge"
        ? (await answered(api.POST("/api/billing/invoices/{document_id}/void", path))).documents
        : (await answered(api.POST("/api/billing/payroll/{document_id}/void", path))).documents,
    onSuccess: () => client.invalidateQueries({ queryKey: [HUB] }),
  });
  if (voiding.data) {
    return (
      <Dialog title={hub.document.voided} onClose={onClose}>
        <ul>
          {voiding.data.map(({ document_id, number }) => (
            <li key={document_id}>
              <Link to={pathOf(side, document_id)} onClick={onClose}>
                {number}
              </Link>
            </li>
          ))}
        </ul>
        <div className="actions">
          <Button kind="main" onClick={onClose}>
            {hub.done}
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={hub.document.voidTitle(shown.number)} onClose={onClose}>
      <p>{hub.document.voidDetail[side](moneyText(shown.gross), nameOf(shown.party))}</p>
      {paid !== null && paid.amount_minor > 0 && (
        <p className="note" data-tone="warn">
          {hub.document.voidPaid(moneyText(paid))}
        </p>
      )}
      <TroubleNote thrown={voiding.error} />
      <div className="actions">
        <Button
          kind="bad"
          isBusy={voiding.isPending}
          onClick={() => {
            voiding.mutate();
          }}
        >
          {hub.document.voidGo}
        </Button>
        <Button onClick={onClose}>{hub.document.keep}</Button>
      </div>
    </Dialog>
  );
}

function CopyLink({ link }: { link: string }) {
  const [isCopied, setIsCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(link);
    setIsCopied(true);
  };
  return (
    <span className="row">
      <a className="wraps" href={link} target="_blank" rel="noreferrer">
        {link}
      </a>
      <Button onClick={() => void copy()}>
        {isCopied ? <Check size={15} aria-hidden="true" /> : <Copy size={15} aria-hidden="true" />}
        <span aria-live="polite">{isCopied ? hub.copied : hub.copy}</span>
      </Button>
    </span>
  );
}
