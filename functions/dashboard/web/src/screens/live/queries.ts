import { queryOptions } from "@tanstack/react-query";

import { answered, api, type Schemas } from "../../api/client";
import { everyPage } from "../../api/pages";
import { daysLater } from "../../time/format";

export type LiveSession = Schemas["ActiveSession"];
export type SessionSheet = Schemas["SessionBody"];
export type PlannedClass = Schemas["ClassBody"];

export const LIVE_KEY = ["live"] as const;
export const POLL_S = 5;
const CONNECTED_POLL_MS = 10_000;

/** The classes that are on. While a live connection tells of changes it is only read to be sure. */
export function activeSessions(isConnected: boolean) {
  return queryOptions({
    queryKey: LIVE_KEY,
    queryFn: () => answered(api.GET("/api/monitoring/active-sessions", { params: { query: { limit: 200 } } })),
    refetchInterval: ({ state }) => (isConnected && areFollowed(state.data?.sessions) ? CONNECTED_POLL_MS : POLL_S * 1000),
    refetchIntervalInBackground: false,
    staleTime: 1000,
  });
}

/** Whether a live connection can tell of all of these: it tells of classes by their course. */
export function areFollowed(sessions: readonly LiveSession[] = []): boolean {
  return sessions.every(({ course_id }) => course_id !== null);
}

/** One session whole. A class that is on is read again like the list of those that are. */
export function sessionSheet(sessionId: string, isOn: boolean, isConnected = false) {
  return queryOptions({
    queryKey: ["session", sessionId],
    queryFn: () => answered(api.GET("/api/monitoring/sessions/{session_id}", { params: { path: { session_id: sessionId } } })),
    refetchInterval: isOn ? (isConnected ? CONNECTED_POLL_MS : POLL_S * 1000) : false,
    staleTime: 1000,
  });
}

/** The classes that touch a day, whoever teaches them, by their start. */
export function classesOfDay(dayStart: Date, zone: string) {
  const query = { from: dayStart.toISOString(), to: daysLater(dayStart, 1, zone).toISOString(), limit: 500 };
  return queryOptions({
    queryKey: ["classes", query.from, query.to],
    queryFn: async () => {
      const { pages } = await everyPage((page_token) =>
        answered(api.GET("/api/schedule/classes", { params: { query: { ...query, ...(page_token ? { page_token } : {}) } } })),
      );
      return pages.flatMap(({ classes }) => classes);
    },
    refetchInterval: 30_000,
  });
}
