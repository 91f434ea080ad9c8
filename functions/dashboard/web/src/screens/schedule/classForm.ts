import type { Schemas } from "../../api/client";
import { clock, dateField, instantOf } from "../../time/format";
import type { PlannedClass } from "./queries";

export type Repeat = "never" | "daily" | "weekly" | "fortnightly";

/** What is typed; addresses stand one per line. */
export interface ClassFields {
  subject: string;
  teacher: string;
  course: string;
  students: string;
  date: string;
  time: string;
  minutes: number;
  repeat: Repeat;
  count: number;
  provider: "google_meet" | "zoom";
}

/** What the form begins with: the class that is changed, or the next half hour. */
export function firstFields(changed: PlannedClass | null, teacher: string, now: number, zone: string): ClassFields {
  const start = changed?.start_time ?? Math.ceil((now + 5 * 60_000) / (30 * 60_000)) * 30 * 60_000;
  return {
    subject: changed?.subject ?? "",
    teacher: changed?.teacher_email ?? teacher,
    course: changed?.course_id ?? "",
    students: (changed?.student_emails ?? []).join("\n"),
    date: dateField(start, zone),
    time: clock(start, zone),
    minutes: changed?.duration_minutes ?? 60,
    repeat: "never",
    count: 10,
    provider: changed?.provider ?? "google_meet",
  };
}

/** The addresses of a text, however they are parted. */
export function addressesOf(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((part) => part !== ""))];
}

const RULES: Record<Exclude<Repeat, "never">, string> = {
  daily: "FREQ=DAILY",
  weekly: "FREQ=WEEKLY",
  fortnightly: "FREQ=WEEKLY;INTERVAL=2",
};

/** What is asked of the API for a new class. */
export function bookingOf(fields: ClassFields, zone: string, allowConflicts: boolean): Schemas["BookClassRequest"] {
  const repeats = fields.repeat === "never" ? {} : { recurrence: `${RULES[fields.repeat]};COUNT=${String(fields.count)}` };
  return {
    subject: fields.subject.trim(),
    teacher_email: fields.teacher.trim(),
    student_emails: addressesOf(fields.students),
    ...(fields.course.trim() === "" ? {} : { course_id: fields.course.trim() }),
    start_time: startOf(fields, zone),
    duration_minutes: fields.minutes,
    timezone: zone,
    provider: fields.provider,
    allow_conflicts: allowConflicts,
    ...repeats,
  };
}

/** What is asked of the API for a change: only what is another one now. */
export function changeOf(
  fields: ClassFields,
  before: PlannedClass,
  zone: string,
  allowConflicts: boolean,
): Schemas["ChangeClassRequest"] {
  const start = startOf(fields, zone);
  const students = addressesOf(fields.students);
  const course = fields.course.trim() === "" ? null : fields.course.trim();
  return {
    allow_conflicts: allowConflicts,
    ...(fields.subject.trim() === before.subject ? {} : { subject: fields.subject.trim() }),
    ...(course === before.course_id ? {} : { course_id: course }),
    ...(students.join() === before.student_emails.join() ? {} : { student_emails: students }),
    ...(Date.parse(start) === Date.parse(before.start_time) ? {} : { start_time: start }),
    ...(fields.minutes === before.duration_minutes ? {} : { duration_minutes: fields.minutes }),
  };
}

function startOf({ date, time }: ClassFields, zone: string): string {
  return instantOf(date, time, zone)?.toISOString() ?? "";
}

/** Beside which field it stands what the API finds wrong with one of its own. */
export const PLACES: Readonly<Record<string, keyof ClassFields>> = {
  subject: "subject",
  teacher_email: "teacher",
  student_emails: "students",
  course_id: "course",
  start_time: "time",
  duration_minutes: "minutes",
  recurrence: "count",
  provider: "provider",
};
