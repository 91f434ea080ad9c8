import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { answered, api, type Schemas } from "../../api/client";
import { useNames } from "../../people/names";
import { clock, day } from "../../time/format";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Empty, Loading, Trouble, TroubleNote } from "../../ui/states";
import { words } from "../../words";
import { useFilters } from "../attendance/filters";
import { Narrowing } from "./Narrowing";
import { excusesOf } from "./queries";
import { excuses } from "./words";

type Excuse = Schemas["ExcusePart"];

/** A student's excuses from classes to come, each of which can be taken back. */
export function Excuses({ onTold }: { onTold: (told: string) => void }) {
  const { filters, set } = useFilters(1);
  const { data, error, isLoading, refetch } = useQuery(excusesOf(filters.student));
  const [withdrawn, setWithdrawn] = useState<Excuse | null>(null);
  return (
    <div className="stack">
      <p className="soft">{excuses.lead}</p>
      <Narrowing filters={filters} set={set} which={["student"]} />
      {filters.student === "" && <Empty title={excuses.choose}>{excuses.chooseDetail}</Empty>}
      {isLoading && <Loading lines={4} />}
      {data === undefined && error !== null && <Trouble thrown={error} again={() => void refetch()} />}
      {data?.length === 0 && <Empty title={excuses.none}>{excuses.noneDetail}</Empty>}
      {data !== undefined && data.length > 0 && <ExcuseTable rows={data} onWithdraw={setWithdrawn} />}
      {withdrawn && (
        <WithdrawDialog
          shown={withdrawn}
          onClose={() => {
            setWithdrawn(null);
          }}
          onTold={onTold}
        />
      )}
    </div>
  );
}

function ExcuseTable({ rows, onWithdraw }: { rows: readonly Excuse[]; onWithdraw: (excuse: Excuse) => void }) {
  const zone = useZone();
  const nameOf = useNames();
  return (
    <div className="panel table-scroll">
      <table className="table">
        <caption className="hidden-text">{excuses.title}</caption>
        <thead>
          <tr>
            <th scope="col">{excuses.for}</th>
            <th scope="col">{excuses.reason}</th>
            <th scope="col" className="only-desk">
              {excuses.by}
            </th>
            <th scope="col">
              <span className="hidden-text">{excuses.withdraw}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((each) => {
            const at = `${day(each.classStart, zone)}, ${clock(each.classStart, zone)}`;
            return (
              <tr key={each.id}>
                <td className="wraps">
                  {each.subject}
                  <br />
                  <span className="soft small">{at}</span>
                </td>
                <td className="wraps">{each.reason}</td>
                <td className="wraps only-desk">{nameOf(each.by)}</td>
                <td>
                  <Button
                    kind="plain"
                    aria-label={excuses.withdrawOf(each.subject, at)}
                    onClick={() => {
                      onWithdraw(each);
                    }}
                  >
                    {excuses.withdraw}
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

interface WithdrawProps {
  shown: Excuse;
  onClose: () => void;
  onTold: (told: string) => void;
}

function WithdrawDialog({ shown, onClose, onTold }: WithdrawProps) {
  const zone = useZone();
  const client = useQueryClient();
  const [reason, setReason] = useState("");
  const withdrawing = useMutation({
    mutationFn: () =>
      answered(
        api.DELETE("/api/attendance-tracker/excuses/{excuse_id}", {
          params: { path: { excuse_id: shown.id }, query: { reason: reason.trim() } },
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["excuses"] });
      onTold(excuses.withdrawn);
      onClose();
    },
  });
  const at = `${day(shown.classStart, zone)}, ${clock(shown.classStart, zone)}`;
  return (
    <Dialog title={excuses.withdrawOf(shown.subject, at)} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          withdrawing.mutate();
        }}
      >
        <Field label={excuses.withdrawReason} hint={excuses.reasonHint}>
          {(parts) => (
            <input
              {...parts}
              className="input"
              required
              value={reason}
              onChange={(event) => {
                setReason(event.target.value);
              }}
            />
          )}
        </Field>
        <TroubleNote thrown={withdrawing.error} />
        <div className="actions">
          <Button kind="bad" type="submit" isBusy={withdrawing.isPending}>
            {excuses.withdraw}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </div>
      </form>
    </Dialog>
  );
}
