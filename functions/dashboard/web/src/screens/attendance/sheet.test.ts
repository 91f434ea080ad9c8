import { expect, test } from "vitest";

import over from "../../testing/session-over.json";
import { matrixOf } from "./matrix";
import { axisOf, inOrder, personKey, staysOf, stretchesBySource, type Row, type Sheet } from "./sheet";

const sheet = over as Sheet;

test("each source's word on somebody stands by itself, and a stay that was left and taken up again is two", () => {
  const amira = stretchesBySource(sheet).get("amira.haddad@school.example");
  expect([...(amira?.keys() ?? [])]).toEqual(["meet_api", "meet_event"]);
  expect(amira?.get("meet_event")).toHaveLength(2);
  expect(amira?.get("meet_event")?.[0]?.to).not.toBeNull();
});

test("the bars stand for the class, widened by whoever was there before or after it", () => {
  const axis = axisOf(sheet, 0);
  expect(axis).toMatchObject({ from: Date.parse(sheet.scheduled_start), now: null });
  for (const stay of sheet.participants.flatMap(staysOf)) {
    expect(stay.from).toBeGreaterThanOrEqual(axis.from);
    expect(stay.to ?? 0).toBeLessThanOrEqual(axis.to);
  }
});

test("a register begins with who teaches and ends with who is not known", () => {
  const rows = inOrder(sheet.participants);
  expect(rows[0]?.role).toBe("teacher");
  expect(rows.at(-1)?.role).toBe("phone");
  expect(new Set(rows.map(personKey)).size).toBe(sheet.participants.length);
});

test("the matrix counts neither what nobody knows nor what was excused, and leaves guests out", () => {
  const student = sheet.participants.find(({ role }) => role === "student");
  if (student === undefined) throw new Error("The recorded session has no student.");
  const row = (session: string, status: Row["status"]): Row => ({ ...student, session_id: session, status });
  const rows = [row("1", "present"), row("2", "absent"), row("3", "unknown"), row("4", "excused"), row("5", "late")];
  const { columns, lines } = matrixOf([...rows, ...sheet.participants.filter(({ role }) => role === "guest")]);
  expect(columns).toHaveLength(5);
  expect(lines).toHaveLength(1);
  expect(lines[0]?.share).toBe(67);
  expect(matrixOf([row("1", "unknown")]).lines[0]?.share).toBeNull();
});
