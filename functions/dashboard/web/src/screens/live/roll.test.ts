import { expect, test } from "vitest";

import activeSessions from "../../testing/active-sessions.json";
import sheet from "../../testing/session-live.json";
import type { LiveSession, SessionSheet } from "./queries";
import { rollOf, sumsOf, type Reading } from "./roll";

const live = activeSessions.sessions[0] as LiveSession;
const whole = sheet as SessionSheet;
const starts = Date.parse(live.started_at);
const MINUTE = 60_000;

function reading(minutes: number): Reading {
  return { now: starts + minutes * MINUTE, graceMs: 5 * MINUTE, nameOf: (email) => email, students: whole.student_emails };
}

test("everybody who is expected or came stands in the roll once, who teaches first and guests last", () => {
  const lines = rollOf(live, whole, reading(20));
  expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length);
  expect(lines.filter(({ role }) => role === "student")).toHaveLength(10);
  expect([lines[0]?.role, lines.at(-1)?.role]).toEqual(["teacher", "guest"]);
});

test("the order stays while people come and go", () => {
  const gone = { ...live, participants: live.participants.map((one) => ({ ...one, present: false })).reverse() };
  const names = (session: LiveSession) => rollOf(session, whole, reading(20)).map(({ key }) => key);
  expect(names(gone)).toEqual(names(live));
});

test("who has not come is awaited during the grace and missing after it", () => {
  const standing = (minutes: number) =>
    rollOf(live, whole, reading(minutes)).find(({ key }) => key.startsWith("chloe"))?.standing;
  expect([standing(2), standing(6)]).toEqual(["awaited", "missing"]);
});

test("the numbers are those of the students, but devices are everybody's", () => {
  expect(sumsOf(rollOf(live, whole, reading(20)))).toMatchObject({ expected: 10, here: 5, missing: 5, onTwo: 1, hereAll: 7 });
});

test("nobody is late within the minutes of grace", () => {
  const late = { ...whole, participants: whole.participants.map((row) => ({ ...row, late_seconds: 299 })) };
  expect(sumsOf(rollOf(live, late, reading(20))).late).toBe(0);
  const later = { ...whole, participants: whole.participants.map((row) => ({ ...row, late_seconds: 301 })) };
  expect(sumsOf(rollOf(live, later, reading(20))).late).toBe(5);
});

test("a device that left does not count any more, although there were two once", () => {
  const [joined] = whole.timeline.filter(({ kind, email }) => kind === "join" && email === "ben.student@school.example");
  if (joined === undefined) throw new Error("The recorded class has no Ben.");
  const left = { ...joined, kind: "leave" as const, at: new Date(starts + 10 * MINUTE).toISOString() };
  expect(sumsOf(rollOf(live, { ...whole, timeline: [...whole.timeline, left] }, reading(20))).onTwo).toBe(0);
});

test("before the sheet is read, a bar begins when somebody came", () => {
  const [teacher] = rollOf(live, undefined, reading(20));
  expect(teacher?.stays).toEqual([{ from: Date.parse(live.participants[0]?.joined_at ?? ""), to: null }]);
});
