import { useMutation, useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";

import { answered, api, type Schemas } from "../../api/client";
import { clock, day } from "../../time/format";
import { useZone } from "../../time/zone";
import { Button } from "../../ui/Button";
import { Chip } from "../../ui/Chip";
import { TroubleNote } from "../../ui/states";
import { words } from "../../words";
import type { Sheet } from "./sheet";

/** How the meeting's own record was read, and reading it now, with what came of it and not what one would like. */
export function SyncPanel({ sheet }: { sheet: Sheet }) {
  const client = useQueryClient();
  const syncing = useMutation({
    mutationFn: () =>
      answered(
        api.POST("/api/webhook/sessions/{session_id}/sync-participants", { params: { path: { session_id: sheet.session_id } } }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: ["session", sheet.session_id] }),
  });
  return (
    <section className="panel sheet-part sync">
      <div className="sync-told">
        <Told sheet={sheet} />
      </div>
      <Button
        isBusy={syncing.isPending}
        onClick={() => {
          syncing.mutate();
        }}
      >
        <RefreshCw size={15} aria-hidden="true" />
        {syncing.isPending ? words.sheet.syncing : words.sheet.sync}
      </Button>
      <div aria-live="polite" className="sync-result">
        {syncing.data && <Result answer={syncing.data} />}
        <TroubleNote thrown={syncing.error} />
      </div>
    </section>
  );
}

function Told({ sheet }: { sheet: Sheet }) {
  const zone = useZone();
  const { sync, next_sync_at: next } = sheet;
  if (sync === null) return <p>{words.sheet.unread}</p>;
  return (
    <>
      <p className="row">
        <Chip tone={sync.complete ? "good" : sync.status === "failed" ? "bad" : "warn"}>
          {sync.complete ? words.sheet.complete : words.sheet.syncStatus[sync.status]}
        </Chip>
        <strong>{sync.message}</strong>
        <span className="soft small">{words.sheet.readAt(`${day(sync.read_at, zone)} ${clock(sync.read_at, zone, true)}`)}</span>
      </p>
      {sync.remedy !== null && <p className="soft small">{sync.remedy}</p>}
      <p className="soft small">
        {next !== null && !sync.complete && words.sheet.next(`${day(next, zone)} ${clock(next, zone)}`)}{" "}
        {sync.data_expires_at !== null && !sync.complete && words.sheet.expires(day(sync.data_expires_at, zone))}
      </p>
    </>
  );
}

function Result({ answer }: { answer: Schemas["SyncAnswer"] }) {
  const tone = answer.status === "success" ? "good" : "warn";
  return (
    <p className="note" data-tone={tone}>
      <strong>{answer.message}.</strong> {words.sheet.result(answer.created, answer.updated)}{" "}
      {answer.status === "pending" && words.sheet.pending} {answer.detail}
    </p>
  );
}
