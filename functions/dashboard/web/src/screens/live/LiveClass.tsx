import { useQuery } from "@tanstack/react-query";
import { TriangleAlert, Video } from "lucide-react";
import { Link } from "react-router";

import { useNames } from "../../people/names";
import { clock, span } from "../../time/format";
import { useNow } from "../../time/useNow";
import { useZone } from "../../time/zone";
import { Chip } from "../../ui/Chip";
import { Scale, type Axis } from "../../ui/PresenceBar";
import { words } from "../../words";
import { sessionSheet, type LiveSession, type PlannedClass } from "./queries";
import { Roll } from "./Roll";
import { rollOf, sumsOf, type RollSums } from "./roll";
import { useGraceMs } from "./policy";
import { useInView } from "./useInView";

const FEED_TONES = { live: "good", polling: "quiet", stale: "warn", none: "warn" } as const;
const LEAD_MS = 2 * 60_000;

interface Props {
  live: LiveSession;
  isConnected: boolean;
  today: PlannedClass[] | undefined;
}

/** A class that is on: its people on one time line. What is off the screen is not read. */
export function LiveClass({ live, isConnected, today }: Props) {
  const zone = useZone();
  const now = useNow();
  const { place, isInView } = useInView<HTMLElement>();
  const sheet = useQuery({ ...sessionSheet(live.session_id, true, isConnected), enabled: isInView });
  const nameOf = useNames();
  const graceMs = useGraceMs();
  const planned = today?.find(({ class_id }) => class_id === live.class_id);
  const students = planned?.student_emails ?? sheet.data?.student_emails ?? [];
  const lines = rollOf(live, sheet.data, { now, graceMs, nameOf, students });
  const sums = sumsOf(lines);
  const starts = Date.parse(planned?.start_time ?? sheet.data?.scheduled_start ?? live.started_at);
  const ends = Date.parse(live.scheduled_end);
  const axis = axisOf(starts, ends, now, lines);
  const meeting = planned?.meet_link ?? null;
  return (
    <article className="panel live-class" ref={place} aria-labelledby={`class-${live.session_id}`}>
      <header className="live-head">
        <div>
          <h2 id={`class-${live.session_id}`} className="wraps">
            {live.subject}
          </h2>
          <p className="soft small">
            {clock(starts, zone)}–{clock(ends, zone)} ·{" "}
            {now <= ends ? words.live.left(span((ends - now) / 1000)) : words.live.over(span((now - ends) / 1000))}
            {" · "}
            <span title={live.teacher_email}>{nameOf(live.teacher_email)}</span>
          </p>
        </div>
        <p className="live-count">
          <strong>
            {sums.expected > 0 ? words.live.inRoom(sums.here, sums.expected) : words.live.inRoomAlone(sums.hereAll)}
          </strong>
        </p>
      </header>
      {live.teacher_missing === true && <TeacherMissing who={nameOf(live.teacher_email)} since={span((now - starts) / 1000)} />}
      <div className="row live-chips">
        <Sums sums={sums} />
        <Chip tone={FEED_TONES[live.feed]} dot={live.feed === "live" ? "full" : "hollow"}>
          {words.live.feed[live.feed]}
        </Chip>
        <span className="live-links">
          {meeting !== null && (
            <a className="button" data-kind="plain" href={meeting} target="_blank" rel="noreferrer">
              <Video size={16} aria-hidden="true" />
              {words.live.join}
            </a>
          )}
          <Link className="button" data-kind="plain" to={`/sessions/${live.session_id}`}>
            {words.live.sheet}
          </Link>
        </span>
      </div>
      <div className="roll-scale">
        <Scale axis={axis} />
      </div>
      <Roll lines={lines} axis={axis} startsAt={starts} />
      {lines.every(({ stays }) => stays.length === 0) && <p className="small soft live-moment">{words.live.moment}</p>}
    </article>
  );
}

function Sums({ sums }: { sums: RollSums }) {
  return (
    <>
      {sums.missing > 0 && <Chip tone="bad">{words.live.missing(sums.missing)}</Chip>}
      {sums.late > 0 && <Chip tone="warn">{words.live.late(sums.late)}</Chip>}
      {sums.onTwo > 0 && <Chip>{words.live.twoDevices(sums.onTwo)}</Chip>}
    </>
  );
}

function TeacherMissing({ who, since }: { who: string; since: string }) {
  return (
    <div className="note live-alarm" data-tone="bad" role="alert">
      <TriangleAlert size={18} aria-hidden="true" />
      <div>
        <strong>{words.live.teacherMissing}.</strong> {words.live.teacherMissingDetail(who, since)}
      </div>
    </div>
  );
}

/** From the bell, or from whoever came first shortly before it, to the end, or to the present where the class goes on after it. */
function axisOf(starts: number, ends: number, now: number, lines: readonly { stays: readonly { from: number }[] }[]): Axis {
  const first = Math.min(starts, ...lines.flatMap(({ stays }) => stays.map(({ from }) => from)));
  return { from: Math.max(first, starts - LEAD_MS), to: Math.max(ends, now), now };
}
