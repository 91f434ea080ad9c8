import "./live.css";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { useOnline } from "../../app/useOnline";
import { clock, dayStart, longDay } from "../../time/format";
import { useNow } from "../../time/useNow";
import { useZone } from "../../time/zone";
import { Chip } from "../../ui/Chip";
import { Page } from "../../ui/Page";
import { Empty, Loading, Trouble } from "../../ui/states";
import { words } from "../../words";
import { connectednessOf, useConnections, useLiveReadings, type Connectedness } from "./connection";
import { FollowCourse } from "./FollowCourse";
import { LiveClass } from "./LiveClass";
import { activeSessions, areFollowed, classesOfDay, POLL_S, type LiveSession, type PlannedClass } from "./queries";
import { EndedToday, Upcoming } from "./RestOfDay";

const AHEAD_MS = 60 * 60_000;
const MOST_COURSES = 50;

/** What is on now: who is in the room, who is missing; what comes today, and what has just ended. */
export default function LiveScreen() {
  const zone = useZone();
  const now = useNow("minute");
  const start = dayStart(now, zone).getTime();
  const today = useQuery(classesOfDay(new Date(start), zone));
  const news = useLiveReadings();
  const courses = useCourses(today.data, now);
  const { tell, isConnected } = useConnections(courses);
  const live = useQuery(activeSessions(isConnected));
  const sessions = live.data?.sessions ?? [];
  const isComing = live.isPending || today.isPending;
  return (
    <Page
      title={words.live.title}
      lead={words.live.lead(longDay(now, zone), live.data ? sessions.length : null)}
      actions={
        <Connection isConnected={isConnected && areFollowed(sessions)} readAt={live.dataUpdatedAt} hasFailed={live.isError} />
      }
    >
      {courses.map((courseId) => (
        <FollowCourse key={courseId} courseId={courseId} onConnected={tell} onNews={news} />
      ))}
      <div className="live-columns">
        <div className="stack">
          {isComing && <Loading lines={12} />}
          {live.isError && !live.data && <Trouble thrown={live.error} again={() => void live.refetch()} />}
          {live.data && !isComing && (
            <OnNow sessions={sessions} isConnected={isConnected && areFollowed(sessions)} today={today.data} />
          )}
        </div>
        <aside className="stack live-rest">
          {today.isError && !today.data && <Trouble thrown={today.error} again={() => void today.refetch()} />}
          {today.data && !isComing && <Upcoming classes={today.data} onNow={new Set(sessions.map(({ class_id }) => class_id))} />}
          {today.data && !isComing && <EndedToday classes={today.data} />}
        </aside>
      </div>
    </Page>
  );
}

function OnNow({
  sessions,
  isConnected,
  today,
}: {
  sessions: LiveSession[];
  isConnected: boolean;
  today: PlannedClass[] | undefined;
}) {
  const zone = useZone();
  if (sessions.length > 0) {
    return sessions.map((one) => <LiveClass key={one.session_id} live={one} isConnected={isConnected} today={today} />);
  }
  const next = (today ?? []).find(({ status }) => status === "scheduled");
  return (
    <Empty title={words.live.none}>
      {next ? words.live.noneNext(next.subject, clock(next.start_time, zone)) : words.live.noneToday}
    </Empty>
  );
}

const TONES = { connected: "good", polling: "quiet", stale: "bad" } as const;

/** How fresh the page is, said plainly. */
function Connection({ isConnected, readAt, hasFailed }: { isConnected: boolean; readAt: number; hasFailed: boolean }) {
  const zone = useZone();
  const now = useNow();
  const isOnline = useOnline();
  const isUnread = hasFailed && readAt === 0;
  const state = isUnread ? "stale" : connectednessOf(isConnected, readAt, now, isOnline);
  const hints: Record<Connectedness, string> = {
    connected: words.live.connectedHint,
    polling: words.live.pollingHint(POLL_S),
    stale: readAt > 0 ? words.live.staleHint(clock(readAt, zone, true)) : words.live.unread,
  };
  return (
    <p className="row" role="status">
      <Chip tone={TONES[state]} dot={state === "connected" ? "full" : "hollow"}>
        {words.live[state]}
      </Chip>
      <span className="small soft">{hints[state]}</span>
    </p>
  );
}

/** The courses of the classes that are on or about to be, which is whom there may be news of; as many as one connection takes. */
function useCourses(today: PlannedClass[] | undefined, now: number): string[] {
  const names = (today ?? [])
    .filter(
      ({ status, start_time }) => status === "active" || (status === "scheduled" && Date.parse(start_time) < now + AHEAD_MS),
    )
    .flatMap(({ course_id }) => (course_id === null ? [] : [course_id]));
  const key = [...new Set(names)].slice(0, MOST_COURSES).sort().join("\n");
  return useMemo(() => (key === "" ? [] : key.split("\n")), [key]);
}
