import { useCallback, useLayoutEffect, useRef, useSyncExternalStore } from "react";

import { followCourse, viewOf } from "./client";
import type { CourseView } from "./connection";
import type { AttendanceDataFetched, CourseEvent, CourseSessionEnded, CourseSessionStarted, LiveError } from "./events";

/** What happens to people in the room of a class: they come, go, and are found out to be somebody. */
export type ParticipantEvent = Extract<CourseEvent, { name: `participant${string}` }>;
/** What people say of themselves: they registered for a meeting, or left it. */
export type RegistrationEvent = Extract<CourseEvent, { name: `user${string}` | "meetingSessionsEnded" }>;

export interface TrackingOptions {
  /** The gateway's address; else what VITE_REALTIME_URL was when the page was built, else this machine's. */
  url?: string;
  onStarted?: (session: CourseSessionStarted) => void;
  onEnded?: (session: CourseSessionEnded) => void;
  onParticipant?: (event: ParticipantEvent) => void;
  onRegistration?: (event: RegistrationEvent) => void;
  onAttendanceRead?: (reading: AttendanceDataFetched) => void;
  onError?: (error: LiveError) => void;
}

export interface CourseSessionTracking extends CourseView {
  readonly hasActiveSessions: boolean;
}

const DEFAULT_URL = import.meta.env.VITE_REALTIME_URL ?? "http://localhost:4002";

/**
 * The classes of a course that are on, live. Without a course or a token it does nothing. While `isConnected` is false, the
 * classes are those that were known last; `error` says what is wrong, and is null when all is well.
 */
export function useCourseSessionTracking(
  courseId: string | null | undefined,
  authToken: string | null | undefined,
  options: TrackingOptions = {},
): CourseSessionTracking {
  const url = options.url ?? DEFAULT_URL;
  const latest = useRef(options);
  useLayoutEffect(() => {
    latest.current = options;
  });
  const follow = useCallback(
    (changed: () => void) => {
      if (!courseId || !authToken) return () => undefined;
      const heard = (event: CourseEvent) => {
        tell(latest.current, event);
      };
      const failed = (error: LiveError) => latest.current.onError?.(error);
      return followCourse({ url, token: authToken }, courseId, { changed, heard, failed });
    },
    [courseId, authToken, url],
  );
  const look = () => viewOf(authToken ? { url, token: authToken } : null, courseId ?? "");
  const view = useSyncExternalStore(follow, look);
  return { ...view, hasActiveSessions: view.activeSessions.length > 0 };
}

function tell(options: TrackingOptions, event: CourseEvent): void {
  switch (event.name) {
    case "courseSessionStarted":
      options.onStarted?.(event.data);
      break;
    case "courseSessionEnded":
      options.onEnded?.(event.data);
      break;
    case "attendanceDataFetched":
      options.onAttendanceRead?.(event.data);
      break;
    case "participantJoined":
    case "participantLeft":
    case "participantLinked":
      options.onParticipant?.(event);
      break;
    default:
      options.onRegistration?.(event);
  }
}

export default useCourseSessionTracking;
