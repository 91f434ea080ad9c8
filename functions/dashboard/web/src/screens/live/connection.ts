import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import { LIVE_KEY } from "./queries";

const GATHER_MS = 400;

/** News of a session; of none where anything may have changed. `isOfClass` says that a class began or ended. */
export type OnNews = (sessionId: string | null, isOfClass: boolean) => void;

/** What the live connection tells, gathered: many people who come at once are one reading of what there is now. */
export function useLiveReadings(): OnNews {
  const client = useQueryClient();
  const waiting = useRef(new Set<string>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  return useCallback(
    (sessionId, isOfClass) => {
      if (isOfClass) void client.invalidateQueries({ queryKey: ["classes"] });
      if (sessionId !== null) waiting.current.add(sessionId);
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        const ids = [...waiting.current];
        waiting.current.clear();
        void client.invalidateQueries({ queryKey: LIVE_KEY });
        for (const id of ids) void client.invalidateQueries({ queryKey: ["session", id] });
      }, GATHER_MS);
    },
    [client],
  );
}

/** Which courses are connected live, gathered from the followers of each. */
export function useConnections(courseIds: readonly string[]) {
  const [connected, setConnected] = useState<ReadonlySet<string>>(new Set());
  const tell = useCallback((courseId: string, isConnected: boolean) => {
    setConnected((before) => {
      if (before.has(courseId) === isConnected) return before;
      const after = new Set(before);
      if (isConnected) after.add(courseId);
      else after.delete(courseId);
      return after;
    });
  }, []);
  return useMemo(
    () => ({ tell, isConnected: courseIds.length > 0 && courseIds.every((id) => connected.has(id)), connected }),
    [tell, courseIds, connected],
  );
}

export type Connectedness = "connected" | "polling" | "stale";

const STALE_MS = 30_000;

/** How fresh the page is: told live, read every few seconds, or not read for a while. */
export function connectednessOf(isConnected: boolean, readAt: number, now: number, isOnline: boolean): Connectedness {
  if (!isOnline || (readAt > 0 && now - readAt > STALE_MS)) return "stale";
  return isConnected ? "connected" : "polling";
}
