import type { NameOf } from "../../people/names";
import type { Stretch } from "../../ui/PresenceBar";
import type { LiveSession, SessionSheet } from "./queries";

/** How somebody of a class that is on stands now. */
export type Standing = "here" | "gone" | "missing" | "awaited";

/** One line of a class that is on: a person who is expected, or one who came. */
export interface RollLine {
  key: string;
  name: string;
  email: string | null;
  role: "teacher" | "student" | "guest" | "phone";
  standing: Standing;
  lateSeconds: number;
  devices: number;
  isMatched: boolean;
  stays: readonly Stretch[];
}

const ORDER = { teacher: 0, student: 1, guest: 2, phone: 3 };

/** What a roll is read with: the present, the minutes that nobody is late in, and what people are called. */
export interface Reading {
  /** Who is enrolled, as the class was booked. */
  students: readonly string[];
  now: number;
  graceMs: number;
  nameOf: NameOf;
}

/**
 * Everybody of a class that is on: who teaches, who is enrolled, and whoever else came, each once and in an order that does not
 * change as people come and go.
 */
export function rollOf(live: LiveSession, sheet: SessionSheet | undefined, reading: Reading): RollLine[] {
  const { now, graceMs, nameOf } = reading;
  const stays = staysByPerson(sheet);
  const open = sheet && openConnections(sheet);
  const absent = now - Date.parse(live.started_at) > graceMs ? "missing" : "awaited";
  const lines = live.participants.map((one): RollLine => {
    const row = stays.get(keyOf(one.email, one.display_name));
    const isExpected = one.role === "teacher" || one.role === "student";
    return {
      key: keyOf(one.email, one.display_name),
      name: one.email === null ? (one.display_name ?? "?") : nameOf(one.email),
      email: one.email,
      role: one.role,
      standing: one.present ? "here" : one.joined_at ? "gone" : absent,
      lateSeconds: isExpected && row && row.late * 1000 > graceMs ? row.late : 0,
      devices: one.present ? Math.min(one.devices, open?.get(keyOf(one.email, one.display_name)) ?? 1) : 0,
      isMatched: one.match !== "unmatched" && one.match !== "suggested",
      stays: row?.stays ?? (one.joined_at ? [{ from: Date.parse(one.joined_at), to: one.present ? null : now }] : []),
    };
  });
  const known = new Set(lines.map(({ email }) => email));
  const expected = [...(known.has(live.teacher_email) ? [] : [[live.teacher_email, "teacher"] as const])];
  const students = reading.students.filter((email) => !known.has(email)).map((email) => [email, "student"] as const);
  for (const [email, role] of [...expected, ...students]) {
    const line = { key: email, name: nameOf(email), email, role, lateSeconds: 0, devices: 0, isMatched: true };
    lines.push({ ...line, standing: absent, stays: [] });
  }
  return lines.sort((one, other) => ORDER[one.role] - ORDER[other.role] || one.name.localeCompare(other.name));
}

/** What the head of a class says in numbers. */
export interface RollSums {
  expected: number;
  here: number;
  hereAll: number;
  missing: number;
  late: number;
  onTwo: number;
}

/** The numbers of a class: of the enrolled students, except `hereAll` and `onTwo`, which count everybody. */
export function sumsOf(lines: readonly RollLine[]): RollSums {
  const students = lines.filter(({ role }) => role === "student");
  return {
    expected: students.length,
    here: students.filter(({ standing }) => standing === "here").length,
    hereAll: lines.filter(({ standing }) => standing === "here").length,
    missing: students.filter(({ standing }) => standing === "missing").length,
    late: students.filter(({ lateSeconds }) => lateSeconds > 0).length,
    onTwo: lines.filter(({ devices }) => devices > 1).length,
  };
}

/**
 * How many connections of each person are open now: joined by one source's word and left by nobody's. The API's own number of
 * devices is the most there ever were at once, so that before the sheet is read nobody is on two.
 */
function openConnections(sheet: SessionSheet): Map<string, number> {
  const left = new Set(sheet.timeline.filter(({ kind }) => kind === "leave").map(({ connection }) => connection));
  const open = new Map<string, Set<string>>();
  for (const { kind, connection, email, display_name } of sheet.timeline) {
    if (kind !== "join" || left.has(connection)) continue;
    const key = keyOf(email, display_name);
    open.set(key, (open.get(key) ?? new Set()).add(connection));
  }
  return new Map([...open].map(([key, connections]) => [key, connections.size]));
}

function staysByPerson(sheet: SessionSheet | undefined): Map<string, { stays: Stretch[]; late: number }> {
  const found = new Map<string, { stays: Stretch[]; late: number }>();
  for (const row of sheet?.participants ?? []) {
    const stays = row.sessions.map(({ start_time, end_time }) => ({
      from: Date.parse(start_time),
      to: end_time === null ? null : Date.parse(end_time),
    }));
    found.set(keyOf(row.email, row.display_name), { stays, late: row.late_seconds });
  }
  return found;
}

function keyOf(email: string | null, displayName: string | null): string {
  return email ?? `name:${displayName ?? ""}`;
}
