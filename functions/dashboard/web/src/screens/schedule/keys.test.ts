import { expect, test } from "vitest";

import { keyed, nextOf } from "./keys";

const WEEK = [[100, 300], [], [280, 500], [90]];

test("up and down go through the classes of a day and stop at its ends", () => {
  expect(nextOf(WEEK, [0, 0], "later")).toEqual([0, 1]);
  expect(nextOf(WEEK, [0, 1], "later")).toBeNull();
  expect(nextOf(WEEK, [2, 0], "earlier")).toBeNull();
});

test("left and right go to the nearest class of the next day that has any", () => {
  expect(nextOf(WEEK, [0, 1], "dayAfter")).toEqual([2, 0]);
  expect(nextOf(WEEK, [3, 0], "dayBefore")).toEqual([2, 0]);
  expect(nextOf(WEEK, [3, 0], "dayAfter")).toBeNull();
});

test("the page keys turn the week, and other keys are left alone", () => {
  expect([keyed("PageUp"), keyed("PageDown"), keyed("ArrowLeft"), keyed("a")]).toEqual([-7, 7, "dayBefore", null]);
});
