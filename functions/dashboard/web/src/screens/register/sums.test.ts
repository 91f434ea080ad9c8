import { expect, test } from "vitest";

import { came, percentTold } from "./sums";

test("whoever was there for however long has come, and unknown is neither", () => {
  expect(came({ present: 2, late: 1, left_early: 1, partial: 1, absent: 4, unknown: 3, excused: 2 })).toBe(5);
});

test("a share is never shown as more than it is", () => {
  expect([percentTold(74.99), percentTold(100), percentTold(0), percentTold(null)]).toEqual(["74.9 %", "100 %", "0 %", "–"]);
});
