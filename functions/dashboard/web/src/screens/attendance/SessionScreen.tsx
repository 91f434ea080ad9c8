import "./attendance.css";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useParams, useSearchParams } from "react-router";

import { useSession } from "../../auth/session";
import { useNames } from "../../people/names";
import { clock, longDay } from "../../time/format";
import { useNow } from "../../time/useNow";
import { useZone } from "../../time/zone";
import { Chip } from "../../ui/Chip";
import { Page } from "../../ui/Page";
import { Empty, Loading, Trouble } from "../../ui/states";
import { words } from "../../words";
import { sessionSheet } from "../live/queries";
import { OverrideDialog } from "./OverrideDialog";
import { Rulings } from "./Rulings";
import { SheetTable } from "./SheetTable";
import type { Row, Sheet } from "./sheet";
import { SyncPanel } from "./SyncPanel";

/** One session whole: who was there by which source, what is odd about it, what people decided. */
export default function SessionScreen() {
  const { sessionId = "" } = useParams();
  const [isOn, setIsOn] = useState(false);
  const { data, isPending, isError, error, refetch } = useQuery(sessionSheet(sessionId, isOn));
  if (data && (data.status === "active") !== isOn) setIsOn(data.status === "active");
  if (isPending) return <Loading lines={10} />;
  if (isError && !data) return <Trouble thrown={error} again={() => void refetch()} />;
  return <Found sheet={data} />;
}

function Found({ sheet }: { sheet: Sheet }) {
  const zone = useZone();
  const now = useNow(sheet.status === "active" ? "second" : "minute");
  const nameOf = useNames();
  const isStaff = useSession()?.role !== "user";
  const [search, setSearch] = useSearchParams();
  const [ruled, setRuled] = useState<Row | null>(null);
  const withSources = search.get("sources") === "1";
  return (
    <Page
      title={sheet.subject}
      lead={
        <span className="row">
          {longDay(sheet.scheduled_start, zone)}, {clock(sheet.scheduled_start, zone)}–{clock(sheet.scheduled_end, zone)} ·{" "}
          {nameOf(sheet.teacher_email)}
          <Chip tone={sheet.status === "active" ? "good" : "quiet"}>{words.classStatus[sheet.status]}</Chip>
        </span>
      }
      actions={
        <label className="check">
          <input
            type="checkbox"
            checked={withSources}
            onChange={(event) => {
              setSearch(event.target.checked ? { sources: "1" } : {}, { replace: true });
            }}
          />
          {words.sheet.sources}
        </label>
      }
    >
      <div className="stack">
        {isStaff && <SyncPanel sheet={sheet} />}
        {sheet.participants.length === 0 ? (
          <Empty title={words.sheet.nobody}>{words.sheet.nobodyDetail}</Empty>
        ) : (
          <SheetTable sheet={sheet} now={now} withSources={withSources} onRule={isStaff ? setRuled : null} />
        )}
        {isStaff && <Oddities sheet={sheet} />}
        {isStaff && <Rulings sessionId={sheet.session_id} />}
      </div>
      {ruled && (
        <OverrideDialog
          row={ruled}
          meetCode={sheet.meet_code}
          onClose={() => {
            setRuled(null);
          }}
        />
      )}
    </Page>
  );
}

function Oddities({ sheet }: { sheet: Sheet }) {
  if (sheet.exceptions.length === 0) return null;
  return (
    <section className="panel sheet-part">
      <h2>{words.sheet.odd}</h2>
      <ul className="lines">
        {sheet.exceptions.map((one) => (
          <li key={one.kind + (one.email ?? one.display_name ?? "")}>
            <strong className="wraps">{one.display_name ?? one.email}</strong> <span className="soft">{one.detail}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
