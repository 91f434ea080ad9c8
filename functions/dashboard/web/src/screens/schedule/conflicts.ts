import { clock, day } from "../../time/format";
import { timetable } from "./words";

const ASKED_OF_THE_API = /Choose another time, or send allow_conflicts: true\.?/;
const SPAN = /from (\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})Z to (\d{2}:\d{2})Z/g;
const INSTANT = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z/g;
const A_CLASS = /\bclass [0-9a-f]{16,}/g;

/** What the API says of two classes at once, with the times of the page's zone and without its ids. */
export function conflictTold(message: string, zone: string): string {
  return message
    .replace(SPAN, (_, date: string, from: string, to: string) => {
      const [start, end] = [`${date}T${from}Z`, `${date}T${to}Z`];
      return `on ${day(start, zone)}, ${clock(start, zone)}–${clock(end, zone)}`;
    })
    .replace(INSTANT, (at) => `${day(at, zone)}, ${clock(at, zone)}`)
    .replace(A_CLASS, timetable.anotherClass)
    .replace(ASKED_OF_THE_API, timetable.conflictRemedy);
}
