import { expect, test } from "vitest";

import { minuteAt, timeOf } from "./slots";

const HOURS = [8, 18] as const;

test("free time is booked by the half hour that is pointed at", () => {
  expect([0, 0.049, 0.05, 0.5, 0.99].map((share) => timeOf(minuteAt(share, HOURS)))).toEqual([
    "08:00",
    "08:00",
    "08:30",
    "13:00",
    "17:30",
  ]);
});

test("beside the column it is the first or the last half hour", () => {
  expect([-0.2, 1, 1.7].map((share) => timeOf(minuteAt(share, HOURS)))).toEqual(["08:00", "17:30", "17:30"]);
});

test("from the keyboard it is a usual time that the column shows", () => {
  expect(timeOf(minuteAt(null, HOURS))).toBe("09:00");
  expect(timeOf(minuteAt(null, [11, 24]))).toBe("11:00");
});
