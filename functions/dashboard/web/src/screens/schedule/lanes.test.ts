import { expect, test } from "vitest";

import { placed } from "./lanes";

function lanes(...spans: [number, number][]): [number, number][] {
  return placed(spans.map(([from, to]) => ({ item: null, from, to }))).map(({ lane, lanes: of }) => [lane, of]);
}

test("classes one after the other have the whole width", () => {
  expect(lanes([0, 60], [60, 120])).toEqual([
    [0, 1],
    [0, 1],
  ]);
});

test("overlapping ones stand side by side, and a lane that is free again is used again", () => {
  expect(lanes([0, 60], [30, 90], [60, 120])).toEqual([
    [0, 2],
    [1, 2],
    [0, 2],
  ]);
});

test("no two classes cover each other, whatever their times", () => {
  const found = placed(
    Array.from({ length: 40 }, (_, n) => ({ item: n, from: (n * 37) % 300, to: ((n * 37) % 300) + 20 + ((n * 13) % 90) })),
  );
  for (const one of found) {
    expect(one.lane).toBeLessThan(one.lanes);
    for (const other of found) {
      const overlap = one !== other && one.from < other.to && other.from < one.to;
      if (overlap) expect(one.lane).not.toBe(other.lane);
    }
  }
});
