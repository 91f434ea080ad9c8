import { useQuery } from "@tanstack/react-query";
import { Link } from "react-router";

import { useNames } from "../../people/names";
import { clock } from "../../time/format";
import { useZone } from "../../time/zone";
import { Chip } from "../../ui/Chip";
import { asProblem } from "../../api/problem";
import { words } from "../../words";
import { outcomeOf, readingOf } from "./ended";
import { sessionSheet, type PlannedClass, type SessionSheet } from "./queries";
import { useInView } from "./useInView";

const READ_TONES = { read: "good", partly: "quiet", waits: "quiet", unread: "warn" } as const;
const AGAIN_MS = 20_000;

/** A class that has just ended: who came of it, and whether the meeting's own record is read already. */
export function EndedClass({ ended }: { ended: PlannedClass }) {
  const zone = useZone();
  const nameOf = useNames();
  const { place, isInView } = useInView<HTMLLIElement>();
  const sheet = useQuery({
    ...sessionSheet(ended.session_id, false),
    enabled: isInView,
    refetchInterval: ({ state }) => (state.data && ["waits", "partly"].includes(readingOf(state.data)) ? AGAIN_MS : false),
  });
  return (
    <li ref={place}>
      <span className="rest-time">{clock(ended.end_time, zone)}</span>
      <span className="rest-what">
        <Link className="wraps" to={`/sessions/${ended.session_id}`}>
          {ended.subject}
        </Link>
        <span className="soft small" title={ended.teacher_email}>
          {nameOf(ended.teacher_email)}
        </span>
        <span className="ended-told small">
          {sheet.data ? <Outcome sheet={sheet.data} /> : sheet.isError && <span className="soft">{unknown(sheet.error)}</span>}
        </span>
      </span>
    </li>
  );
}

function unknown(thrown: unknown): string {
  const { isOffline, title } = asProblem(thrown);
  return isOffline || title === "" ? words.states.failed : title;
}

function Outcome({ sheet }: { sheet: SessionSheet }) {
  const { came, late, missing, unknown: open } = outcomeOf(sheet);
  const reading = readingOf(sheet);
  return (
    <>
      <span>{words.live.came(came)}</span>
      {late > 0 && <span className="ended-late">{words.live.late(late)}</span>}
      {missing > 0 && <span className="ended-missing">{words.live.missing(missing)}</span>}
      {open > 0 && <span className="soft">{words.live.unknown(open)}</span>}
      <Chip tone={READ_TONES[reading]} dot={reading === "read" ? "full" : "hollow"}>
        {words.live.reading[reading]}
      </Chip>
      {reading === "unread" && sheet.sync !== null && <span className="soft ended-why">{sheet.sync.message}</span>}
    </>
  );
}
