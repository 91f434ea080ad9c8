import { useEffect } from "react";

import { useConfig } from "../../app/config";
import { useSession } from "../../auth/session";
import { useCourseSessionTracking } from "../../live";

interface Props {
  courseId: string;
  onConnected: (courseId: string, isConnected: boolean) => void;
  onNews: (sessionId: string | null) => void;
}

/** Listens to one course and shows nothing; all of them share one socket. */
export function FollowCourse({ courseId, onConnected, onNews }: Props) {
  const { realtimeUrl } = useConfig();
  const token = useSession()?.token ?? null;
  const { isConnected, error } = useCourseSessionTracking(courseId, realtimeUrl === null ? null : token, {
    ...(realtimeUrl === null ? {} : { url: realtimeUrl }),
    onStarted: ({ session_id }) => {
      onNews(session_id);
    },
    onEnded: ({ session_id }) => {
      onNews(session_id);
    },
    onParticipant: ({ data }) => {
      onNews(data.session_id);
    },
    onAttendanceRead: ({ session_id }) => {
      onNews(session_id);
    },
  });
  const isOn = isConnected && error === null;
  useEffect(() => {
    onConnected(courseId, isOn);
    if (isOn) onNews(null);
    return () => {
      onConnected(courseId, false);
    };
  }, [courseId, isOn, onConnected, onNews]);
  return null;
}
