import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";

import { PresenceBar, placeOn, secondsOf, ticksOf } from "./PresenceBar";

const MINUTE = 60_000;
const axis = { from: 0, to: 60 * MINUTE, now: null };

afterEach(cleanup);

test("a bar says when somebody was there to whoever does not see it", () => {
  render(
    <PresenceBar
      stays={[
        { from: 0, to: 20 * MINUTE },
        { from: 30 * MINUTE, to: null },
      ]}
      axis={{ ...axis, now: 45 * MINUTE }}
    />,
  );
  expect(screen.getByRole("img").getAttribute("aria-label")).toMatch(/^In the room .* to .*, .* to now; 35 min in all\.$/);
});

test("somebody who never came has a bar that says so", () => {
  render(<PresenceBar stays={[]} axis={axis} />);
  expect(screen.getByRole("img", { name: "not in the room" })).toBeDefined();
});

test("two devices at once count once", () => {
  expect(
    secondsOf(
      [
        { from: 0, to: 10 * MINUTE },
        { from: 5 * MINUTE, to: 12 * MINUTE },
        { from: 6 * MINUTE, to: 7 * MINUTE },
      ],
      60 * MINUTE,
    ),
  ).toBe(12 * 60);
});

test("nothing is drawn outside the axis", () => {
  expect([placeOn(axis, -MINUTE), placeOn(axis, 15 * MINUTE), placeOn(axis, 90 * MINUTE)]).toEqual([0, 25, 100]);
});

test("the times over the bars are round and few, however long the class is", () => {
  expect(ticksOf({ from: 61_000, to: 60 * MINUTE, now: null }).map((at) => at / MINUTE)).toEqual([10, 20, 30, 40, 50, 60]);
  for (const minutes of [1, 7, 45, 90, 300, 1440]) {
    expect(ticksOf({ from: 0, to: minutes * MINUTE, now: null }).length).toBeLessThanOrEqual(8);
  }
});
