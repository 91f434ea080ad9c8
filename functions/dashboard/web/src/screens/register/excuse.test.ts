import { expect, test } from "vitest";

import { excuseOf, mistakesOf, type ExcuseFields } from "./excuse";

const DAYS: ExcuseFields = {
  email: "ben@school.example",
  is: "time",
  classId: "",
  first: "2030-03-30",
  last: "2030-03-31",
  reason: " a journey ",
};

test("whole days of the zone are excused, also where the clocks change in them", () => {
  expect(excuseOf(DAYS, "Europe/Berlin")).toEqual({
    email: "ben@school.example",
    reason: "a journey",
    from: "2030-03-29T23:00:00.000Z",
    to: "2030-03-31T22:00:00.000Z",
  });
});

test("one class is excused by its id alone", () => {
  expect(excuseOf({ ...DAYS, is: "class", classId: "c1" }, "UTC")).toEqual({
    email: "ben@school.example",
    reason: "a journey",
    classId: "c1",
  });
});

test("what is missing is said by field, and days in the wrong order too", () => {
  expect(mistakesOf(DAYS)).toEqual({});
  expect(mistakesOf({ ...DAYS, is: "class", reason: " " })).toEqual({ classId: "Fill this in.", reason: "Fill this in." });
  expect(mistakesOf({ ...DAYS, last: "2030-03-01" })).toEqual({ last: "This is before the first day." });
});
