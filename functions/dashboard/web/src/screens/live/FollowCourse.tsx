import { useEffect } from "react";

import { useConfig } from "../../app/config";
import { useSession } from "../../auth/session";
import { useCourseSessionTracking } from "../../live";
import type { OnNews } from "./connection";

interface Props {
  courseId: string;
  onConnected: (courseId: string, isConnected: boolean) => void;
  onNews: OnNews;
}

/** Listens to one course and shows nothing; all of them share one socket. */
export function FollowCourse({ courseId, onConnected, onNews }: Props) {
  const { realtimeUrl } = useConfig();
  const token = useSession()?.token ?? null;
  const { isConnected, error } = useCourseSessionTracking(courseId, realtimeUrl === null ? null : token, {
    ...(realtimeUrl === null ? {} : { url: realtimeUrl }),
    onStarted: ({ session_id }) => {
      onNews(session_id, true);
    },
    onEnded: ({ session_id }) => {
      onNews(session_id, true);
    },
    onParticipant: ({ data }) => {
      onNews(data.session_id, false);
    },
    onAttendanceRead: ({ session_id }) => {
      onNews(session_id, false);
    },
  });
  const isOn = isConnected && error === null;
  useEffect(() => {
    onConnected(courseId, isOn);
    if (isOn) onNews(null, false);
    return () => {
      onConnected(courseId, false);
    };
  }, [courseId, isOn, onConnected, onNews]);
  return null;
}
