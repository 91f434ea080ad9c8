import { TZDate } from "@date-fns/tz";
import { addDays, format, startOfDay, startOfISOWeek } from "date-fns";

/** An instant as the API tells it, or as a number of milliseconds. */
export type Instant = string | number | Date;

function inZone(at: Instant, zone: string): TZDate {
  return new TZDate(new Date(at).getTime(), zone);
}

/** `14:05`, or `14:05:09` with seconds. */
export function clock(at: Instant, zone: string, withSeconds = false): string {
  return format(inZone(at, zone), withSeconds ? "HH:mm:ss" : "HH:mm");
}

/** `Sat 21 Nov`, with the year where it is not the present one. */
export function day(at: Instant, zone: string, now: Instant = Date.now()): string {
  const here = inZone(at, zone);
  return format(here, here.getFullYear() === inZone(now, zone).getFullYear() ? "EEE d MMM" : "EEE d MMM yyyy");
}

/** `Saturday, 21 November`. */
export function longDay(at: Instant, zone: string): string {
  return format(inZone(at, zone), "EEEE, d MMMM");
}

/** `2026-11-21`, as date fields want it. */
export function dateField(at: Instant, zone: string): string {
  return format(inZone(at, zone), "yyyy-MM-dd");
}

/** The instant at which a day of the zone begins. */
export function dayStart(at: Instant, zone: string): Date {
  return new Date(startOfDay(inZone(at, zone)).getTime());
}

/** The instant at which a week of the zone begins, on its Monday. */
export function weekStart(at: Instant, zone: string): Date {
  return new Date(startOfISOWeek(inZone(at, zone)).getTime());
}

/** So many days later at the same time of day, also where the clocks change between. */
export function daysLater(at: Instant, days: number, zone: string): Date {
  return new Date(addDays(inZone(at, zone), days).getTime());
}

/** The instant of a date and a time of day in the zone; null where the fields hold none. */
export function instantOf(date: string, time: string, zone: string): Date | null {
  const [year, month, dayOfMonth] = date.split("-").map(Number);
  const [hour, minute] = time.split(":").map(Number);
  const parts = [year, month, dayOfMonth, hour, minute];
  if (parts.some((part) => part === undefined || Number.isNaN(part))) return null;
  const found = new TZDate(year ?? 0, (month ?? 1) - 1, dayOfMonth ?? 1, hour ?? 0, minute ?? 0, 0, zone);
  return Number.isNaN(found.getTime()) ? null : new Date(found.getTime());
}

/** Minutes since midnight in the zone. */
export function minuteOfDay(at: Instant, zone: string): number {
  const here = inZone(at, zone);
  return here.getHours() * 60 + here.getMinutes();
}

/** Seconds as people say them: `1 h 05 min`, `12 min`, `40 s`. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${String(whole)} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${String(minutes)} min`;
  return `${String(Math.floor(minutes / 60))} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** Seconds to the second: `1:05:09`, `12:40`. */
export function exactSpan(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  const tail = String(rest).padStart(2, "0");
  return hours > 0 ? `${String(hours)}:${String(minutes).padStart(2, "0")}:${tail}` : `${String(minutes)}:${tail}`;
}
