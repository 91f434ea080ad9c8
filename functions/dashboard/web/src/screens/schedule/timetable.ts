import { answered, api, type Schemas } from "../../api/client";
import type { Looked } from "../../tables/ImportTable";
import { clock, dateField, day, daysLater, weekStart } from "../../time/format";
import { conflictTold } from "./conflicts";
import { timetable } from "./words";

type Imported = Schemas["ImportClassesBody"];

/** What the API would book of a table, without booking it. */
export async function look(csv: string, allow_conflicts: boolean): Promise<Imported> {
  return answered(api.POST("/api/schedule/import", { body: { csv, allow_conflicts, dry_run: true } }));
}

/** Book a table: all of it, or nothing. */
export async function book(csv: string, allow_conflicts: boolean, key: string): Promise<Imported> {
  return answered(
    api.POST("/api/schedule/import", {
      params: { header: { "Idempotency-Key": key } },
      body: { csv, allow_conflicts, dry_run: false },
    }),
  );
}

/** A dry run in words: what becomes of each row, and what is wrong with it. */
export function lookedOf({ classes, errors }: Imported, zone: string): Looked {
  const rows = new Map<number, Imported["classes"]>();
  for (const each of classes) rows.set(each.row, [...(rows.get(each.row) ?? []), each]);
  const fates = [...rows].map(([row, own]): [number, string] => {
    const first = own.map(({ start_time }) => start_time).sort()[0] ?? "";
    return [row, timetable.classes(own.length, `${day(first, zone)}, ${clock(first, zone)}`)];
  });
  return {
    mistakes: errors.map(({ row, field, message, conflict }) => ({
      row,
      field,
      message: conflict ? conflictTold(message, zone) : message,
    })),
    fates: new Map(fates),
    act: timetable.book(classes.length),
    told: timetable.told(classes.length),
    isChoosable: errors.some(({ conflict }) => conflict),
  };
}

/** The day, as the address of the schedule has it, of the first class that was booked. */
export function firstDay({ classes }: Imported, zone: string): string | null {
  const first = classes.map(({ start_time }) => start_time).sort()[0];
  return first === undefined ? null : dateField(first, zone);
}

/** A table to begin with: one class and one series of next week. */
export function templateOf(teacher: string, now: number, zone: string): string[][] {
  const monday = daysLater(weekStart(now, zone), 7, zone);
  const [first, second] = [dateField(monday, zone), dateField(daysLater(monday, 2, zone), zone)];
  const students = "ben@school.example cleo@school.example";
  return [
    ["teacher_email", "subject", "start_time", "duration_minutes", "timezone", "student_emails", "course_id", "recurrence"],
    [teacher, "Algebra", `${first} 16:00`, "60", zone, students, "", ""],
    [teacher, "Geometry", `${second} 10:00`, "45", zone, students, "", "FREQ=WEEKLY;COUNT=10"],
  ];
}
