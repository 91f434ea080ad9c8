import type { SessionSheet } from "./queries";

/** Of the students of a class that is over: how many came, came late, are missing, and of how many nobody knows yet. */
export interface Outcome {
  came: number;
  late: number;
  missing: number;
  unknown: number;
}

const CAME: readonly string[] = ["present", "late", "left_early", "partial"];
const MISSING: readonly string[] = ["absent", "no_show"];

/** The verdicts of a class in numbers. What is unknown is nobody's absence. */
export function outcomeOf(sheet: SessionSheet): Outcome {
  const verdicts = sheet.participants.filter(({ role }) => role === "student").map(({ status }) => status);
  const count = (which: readonly string[]): number => verdicts.filter((status) => which.includes(status)).length;
  return { came: count(CAME), late: count(["late"]), missing: count(MISSING), unknown: count(["unknown"]) };
}

/** How far the reading of the meeting's own record is. */
export type Reading = "waits" | "partly" | "read" | "unread";

/** Whether the record is read, is read and not final, is still waited for, or could not be read. */
export function readingOf({ sync }: SessionSheet): Reading {
  if (sync === null) return "waits";
  if (sync.status === "pending") return "partly";
  if (sync.status === "success") return sync.complete ? "read" : "partly";
  return "unread";
}
