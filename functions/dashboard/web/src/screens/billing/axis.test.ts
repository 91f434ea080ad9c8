import { expect, test } from "vitest";

import { roundTicks, ticksOf } from "./axis";

const eur = (amount_minor: number) => ({ amount_minor, currency: "EUR" });
const columns = [
  { key: "open", label: "Open" },
  { key: "overdue", label: "Overdue" },
];

test("an axis names round amounts from nothing to above the most", () => {
  expect(roundTicks(0, 2622)).toEqual([0, 1000, 2000, 3000]);
  expect(roundTicks(0, 130_000)).toEqual([0, 50_000, 100_000, 150_000]);
  expect(roundTicks(-400, 900)).toEqual([-500, 0, 500, 1000]);
});

test("an axis has a length where nothing is drawn, and whole units where little is", () => {
  expect(roundTicks(0, 0)).toEqual([0, 1]);
  expect(roundTicks(0, 3)).toEqual([0, 1, 2, 3]);
});

test("every amount lies on its axis, which has few steps", () => {
  for (let most = 1; most < 10 ** 9; most = Math.ceil(most * 1.37)) {
    for (const least of [0, -1, -most, -Math.round(most / 7)]) {
      const ticks = roundTicks(least, most);
      expect(ticks[0]).toBeLessThanOrEqual(least);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
      expect(ticks.length).toBeLessThanOrEqual(8);
      expect(ticks).toContain(0);
    }
  }
});

test("bars on top of each other need an axis for their sum, and those below nothing one for theirs", () => {
  const rows = [{ key: "a", name: "A", values: { open: eur(800), overdue: eur(700) } }];
  expect(ticksOf({ rows, columns })).toEqual([0, 200, 400, 600, 800]);
  expect(ticksOf({ rows, columns, isStacked: true })).toEqual([0, 500, 1000, 1500]);
  const credit = [{ key: "a", name: "A", values: { open: eur(800), overdue: eur(-700) } }];
  expect(ticksOf({ rows: credit, columns, isStacked: true })).toEqual([-1000, -500, 0, 500, 1000]);
});
