import { expect, test } from "vitest";

import classes from "../../testing/classes.json";
import { addressesOf, bookingOf, changeOf, firstFields } from "./classForm";
import type { PlannedClass } from "./queries";

const BERLIN = "Europe/Berlin";
const booked = classes.classes[0] as PlannedClass;
const fields = { ...firstFields(null, "ada@school.example", Date.parse("2026-11-21T15:14:00Z"), BERLIN), subject: " Algebra " };

test("a new class begins at the next half hour that leaves time to book it", () => {
  expect([fields.date, fields.time]).toEqual(["2026-11-21", "16:30"]);
  expect(firstFields(null, "", Date.parse("2026-11-21T15:27:00Z"), BERLIN).time).toBe("17:00");
});

test("addresses may be parted by anything, and each counts once", () => {
  expect(addressesOf("a@x.y, b@x.y\n\nc@x.y;a@x.y ")).toEqual(["a@x.y", "b@x.y", "c@x.y"]);
});

test("what is typed becomes the API's words: the time as an instant, with the zone it was meant in", () => {
  expect(bookingOf({ ...fields, students: "b@x.y" }, BERLIN, false)).toEqual({
    subject: "Algebra",
    teacher_email: "ada@school.example",
    student_emails: ["b@x.y"],
    start_time: "2026-11-21T15:30:00.000Z",
    duration_minutes: 60,
    timezone: BERLIN,
    provider: "google_meet",
    allow_conflicts: false,
  });
});

test("repeating is a rule with an end", () => {
  expect(bookingOf({ ...fields, repeat: "fortnightly", count: 6 }, BERLIN, false).recurrence).toBe(
    "FREQ=WEEKLY;INTERVAL=2;COUNT=6",
  );
});

test("a change asks only for what is another one now", () => {
  const shown = firstFields(booked, "", 0, BERLIN);
  expect(
    changeOf({ ...shown, subject: "Algebra two" }, { ...booked, start_time: "2026-11-21T15:14:00Z" }, BERLIN, false),
  ).toEqual({
    subject: "Algebra two",
    allow_conflicts: false,
  });
});
