/** Free time in the calendar, where a class can be booked. */

/** A day and a time of day, as a form has them. */
export interface Slot {
  date: string;
  time: string;
}

const STEP_MINUTES = 30;
/** From the keyboard, which points at no time. */
const USUAL_MINUTE = 9 * 60;

/** The half hour of the day at a share of the height of a column that shows the hours from `first` to `last`; null is no share. */
export function minuteAt(share: number | null, [first, last]: readonly [number, number]): number {
  const [from, to] = [first * 60, last * 60 - STEP_MINUTES];
  if (share === null) return Math.min(Math.max(USUAL_MINUTE, from), to);
  const pointed = from + Math.floor((share * (last - first) * 60) / STEP_MINUTES) * STEP_MINUTES;
  return Math.min(Math.max(pointed, from), to);
}

/** A minute of the day as a form has it: `09:30`. */
export function timeOf(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");
}
