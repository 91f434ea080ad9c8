import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { StrictMode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { CourseSessionStarted, ParticipantFrame } from "./events";
import { startGateway, type Gateway } from "./gateway.testing";
import { useCourseSessionTracking, type TrackingOptions } from "./useCourseSessionTracking";

const SLOW = { timeout: 9000 };
let gateway: Gateway;

beforeEach(async () => {
  gateway = await startGateway();
});

afterEach(async () => {
  cleanup();
  await gateway.stop();
});

interface Props {
  course?: string | null;
  token?: string | null;
}

function track(first: Props = {}, options: TrackingOptions = {}, isStrict = false) {
  return renderHook(
    ({ course = "physics", token = "ada" }: Props) => useCourseSessionTracking(course, token, { url: gateway.url, ...options }),
    { initialProps: first, ...(isStrict ? { wrapper: StrictMode } : {}) },
  );
}

type Tracked = ReturnType<typeof track>["result"];

function shown(result: Tracked): string[] {
  return result.current.activeSessions.map(({ sessionId }) => sessionId);
}

async function shows(result: Tracked, ...sessionIds: string[]): Promise<void> {
  await waitFor(() => {
    expect(shown(result)).toEqual(sessionIds);
    expect(result.current.isConnected).toBe(true);
  }, SLOW);
}

async function heard(...words: string[]): Promise<void> {
  await waitFor(() => {
    expect(gateway.heard).toEqual(words);
  }, SLOW);
}

/** Long enough for a frame that was sent to have come, and for whatever follows it. */
async function aMoment(): Promise<void> {
  await act(() => new Promise((resolve) => setTimeout(resolve, 150)));
}

function started(rev: number, course_id = "physics"): CourseSessionStarted {
  const who = { teacher_id: "t1", teacher_name: "Ada", started_by: "Ada" };
  return { course_id, session_id: "s1", ...who, started_at: "2026-03-02T10:00:00.000Z", subject: "Physics", rev };
}

function joined(rev: number): ParticipantFrame {
  const person = { participant_id: "p1", email: null, display_name: "<b>Omar</b>", role: "student", present: true };
  const participant = { ...person, joined_at: null, left_at: null, devices: 1, match: "unmatched" };
  return { meetingId: "abc-defg-hij", session_id: "s1", course_id: "physics", rev, participant };
}

test("shows the classes that are on, and each change of them", async () => {
  gateway.state("physics", 5, "s1");
  const { result } = track();
  expect(result.current).toMatchObject({ activeSessions: [], isConnected: false, hasActiveSessions: false, error: null });
  await shows(result, "s1");
  expect(result.current.hasActiveSessions).toBe(true);
  expect(result.current.socket?.connected).toBe(true);
  gateway.state("physics", 6, "s1", "s2");
  await shows(result, "s1", "s2");
  gateway.state("physics", 7);
  await shows(result);
  expect(result.current.hasActiveSessions).toBe(false);
});

test("tells what happens in the course, to the callbacks of the last rendering, and of no other course", async () => {
  const onStarted = vi.fn();
  const onParticipant = vi.fn();
  const { result } = track({}, { onStarted, onParticipant });
  await shows(result);
  gateway.send("courseSessionStarted", started(3, "chemistry"));
  gateway.send("courseSessionStarted", started(3));
  gateway.send("participantJoined", joined(3));
  await waitFor(() => {
    expect(onParticipant).toHaveBeenCalledWith({ name: "participantJoined", data: joined(3) });
  });
  expect(onStarted.mock.calls).toEqual([[started(3)]]);
});

test("a state or a frame that is older than what is known changes nothing", async () => {
  gateway.state("physics", 50, "s1");
  const onParticipant = vi.fn();
  const { result } = track({}, { onParticipant });
  await shows(result, "s1");
  gateway.state("physics", 49);
  gateway.send("participantJoined", joined(20));
  gateway.send("participantLeft", joined(19));
  await aMoment();
  expect(shown(result)).toEqual(["s1"]);
  expect(onParticipant).toHaveBeenCalledTimes(1);
});

test("without a course or a token there is no connection", async () => {
  const { result, rerender } = track({ token: null });
  rerender({ course: null });
  await aMoment();
  expect(result.current).toMatchObject({ socket: null, isConnected: false });
  expect(gateway.connections()).toBe(0);
});

test("in StrictMode, which mounts twice, one connection subscribes once", async () => {
  gateway.state("physics", 5, "s1");
  const { result } = track({}, {}, true);
  await shows(result, "s1");
  await aMoment();
  expect(gateway.heard).toEqual(["connect ada", "subscribe physics"]);
});

test("another course is followed over the same connection, and the first is left", async () => {
  gateway.state("physics", 5, "s1");
  gateway.state("chemistry", 5, "s2");
  const { result, rerender } = track();
  await shows(result, "s1");
  rerender({ course: "chemistry" });
  expect(shown(result)).toEqual([]);
  await shows(result, "s2");
  await waitFor(() => {
    expect([...gateway.heard].sort()).toEqual(["connect ada", "subscribe chemistry", "subscribe physics", "unsubscribe physics"]);
  });
});

test("another token means another connection, and nothing that the first one saw", async () => {
  gateway.state("physics", 5, "s1");
  const { result, rerender } = track();
  await shows(result, "s1");
  rerender({ token: "bea" });
  expect(shown(result)).toEqual([]);
  await shows(result, "s1");
  await waitFor(() => {
    expect(gateway.heard).toContain("disconnect ada");
  });
  expect(gateway.sockets()).toHaveLength(1);
});

test("whoever leaves last unsubscribes and disconnects", async () => {
  const { result, unmount } = track();
  await shows(result);
  unmount();
  await heard("connect ada", "subscribe physics", "unsubscribe physics", "disconnect ada");
});

test("two hooks share one socket, which stays as long as one of them does", async () => {
  gateway.state("physics", 5, "s1");
  const first = track();
  const second = track();
  await shows(first.result, "s1");
  await shows(second.result, "s1");
  expect(first.result.current.socket).toBe(second.result.current.socket);
  first.unmount();
  await aMoment();
  expect(gateway.heard).toEqual(["connect ada", "subscribe physics"]);
  second.unmount();
  await heard("connect ada", "subscribe physics", "unsubscribe physics", "disconnect ada");
});

test("coming back shows at once what was known", async () => {
  gateway.state("physics", 5, "s1");
  const before = track();
  await shows(before.result, "s1");
  before.unmount();
  await waitFor(() => {
    expect(gateway.heard).toContain("disconnect ada");
  });
  const seen: string[][] = [];
  renderHook(() => {
    const { activeSessions } = useCourseSessionTracking("physics", "ada", { url: gateway.url });
    seen.push(activeSessions.map(({ sessionId }) => sessionId));
  });
  expect(seen[0]).toEqual(["s1"]);
});

test("after the gateway was gone it connects again by itself and shows what is on now", async () => {
  gateway.state("physics", 5, "s1");
  const { result } = track();
  await shows(result, "s1");
  const { port } = new URL(gateway.url);
  await gateway.stop();
  await waitFor(() => {
    expect(result.current).toMatchObject({
      isConnected: false,
      error: expect.stringContaining("cannot be reached") as string,
    });
  }, SLOW);
  expect(shown(result)).toEqual(["s1"]);
  gateway = await startGateway(Number(port));
  gateway.state("physics", 9, "s2");
  await shows(result, "s2");
  expect(result.current.error).toBeNull();
}, 20_000);

test.each(["full", "unavailable", "too-many-requests"])("refused as %s, it tries again when it was told to", async (code) => {
  gateway.refusals.push({ message: "Not now.", code, retry_after: 0.3 });
  const onError = vi.fn();
  const { result } = track({}, { onError });
  await waitFor(() => {
    expect(result.current.error).toBe("Not now.");
  });
  await shows(result);
  expect(result.current.error).toBeNull();
  expect(onError.mock.calls).toEqual([[{ message: "Not now.", code }]]);
  expect(gateway.connections()).toBe(2);
});

test("a token that is not taken is not shown again", async () => {
  const detail = "Sign in again.";
  gateway.refusals.push({ message: "Invalid or expired token", code: "unauthorised", detail, retry_after: 0.01 });
  const { result } = track();
  await waitFor(() => {
    expect(result.current.error).toBe("Invalid or expired token. Sign in again.");
  });
  await aMoment();
  expect(gateway.connections()).toBe(1);
  expect(result.current.isConnected).toBe(false);
});

test("a token that expires on the way ends the connection, and what it showed", async () => {
  gateway.state("physics", 5, "s1");
  const { result } = track();
  await shows(result, "s1");
  gateway.send("activeSessionsError", { message: "Invalid or expired token", code: "unauthorised" });
  await waitFor(() => {
    expect(result.current).toMatchObject({ error: "Invalid or expired token", isConnected: false, activeSessions: [] });
  });
  await aMoment();
  expect(gateway.connections()).toBe(1);
});

test("a course of others is an error of that course alone", async () => {
  gateway.foreign.add("chemistry");
  gateway.state("physics", 5, "s1");
  const onError = vi.fn();
  const mine = track();
  const foreign = track({ course: "chemistry" }, { onError });
  await shows(mine.result, "s1");
  await waitFor(() => {
    expect(foreign.result.current).toMatchObject({ error: "There is no such course.", isConnected: true });
  });
  expect(mine.result.current.error).toBeNull();
  expect(onError).toHaveBeenCalledTimes(1);
});

test("whoever no longer belongs to a course sees nothing of it any more", async () => {
  gateway.state("physics", 5, "s1");
  const { result } = track();
  await shows(result, "s1");
  gateway.send("activeSessionsError", { message: "You do not belong to it.", course_id: "physics" });
  await waitFor(() => {
    expect(result.current).toMatchObject({ error: "You do not belong to it.", activeSessions: [], isConnected: true });
  });
});

test("cut off by the gateway on purpose, it comes back after a while", async () => {
  const { result } = track();
  await shows(result);
  for (const socket of gateway.sockets()) socket.disconnect();
  await waitFor(() => {
    expect(result.current.isConnected).toBe(false);
  });
  await shows(result);
  expect(gateway.connections()).toBe(2);
}, 15_000);
