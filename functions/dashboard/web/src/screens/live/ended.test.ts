import { expect, test } from "vitest";

import sessionOver from "../../testing/session-over.json";
import { outcomeOf, readingOf } from "./ended";
import type { SessionSheet } from "./queries";

const over = sessionOver as unknown as SessionSheet;
const [row] = over.participants;
const sync = { ...over.sync, status: "success", complete: true } as NonNullable<SessionSheet["sync"]>;

function sheet(...statuses: string[]): SessionSheet {
  return { ...over, participants: statuses.map((status) => ({ ...row, role: "student", status })) } as SessionSheet;
}

test("whoever came late came, and what is unknown is nobody's absence", () => {
  const told = outcomeOf(sheet("present", "late", "partial", "left_early", "absent", "no_show", "unknown", "excused"));
  expect(told).toEqual({ came: 4, late: 1, missing: 2, unknown: 1 });
});

test("a teacher and guests are counted among no students", () => {
  const others = {
    ...over,
    participants: [
      { ...row, role: "teacher" },
      { ...row, role: "guest" },
    ],
  } as SessionSheet;
  expect(outcomeOf(others)).toEqual({ came: 0, late: 0, missing: 0, unknown: 0 });
});

test("a record is waited for until it is complete, and what could not be read is said to be so", () => {
  const of = (changed: object | null): string => readingOf({ ...over, sync: changed === null ? null : { ...sync, ...changed } });
  expect([of(null), of({ status: "pending" }), of({ complete: false })]).toEqual(["waits", "partly", "partly"]);
  expect(of({})).toBe("read");
  expect([of({ status: "failed" }), of({ status: "no_data" })]).toEqual(["unread", "unread"]);
});
