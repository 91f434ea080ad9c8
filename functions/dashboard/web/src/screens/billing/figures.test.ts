import { expect, test } from "vitest";

import outstanding from "./fixtures/outstanding.json";
import { agedOf, currenciesOf, monthBars, ranked, wholePercent } from "./figures";

const eur = (amount_minor: number) => ({ amount_minor, currency: "EUR" });
const usd = (amount_minor: number) => ({ amount_minor, currency: "USD" });

test("a year has twelve months, also those without money, and one currency at a time", () => {
  const rows = [
    { key: "2026-11", charged: eur(500), paid: eur(200), margin: eur(300) },
    { key: "2026-11", charged: usd(9), paid: usd(0), margin: usd(9) },
  ];
  const bars = monthBars(rows, "EUR", "2026-01-01", "2026-12-31");
  expect(bars.map(({ key }) => key)).toEqual(
    Array.from({ length: 12 }, (_, month) => `2026-${String(month + 1).padStart(2, "0")}`),
  );
  expect(bars.map(({ margin }) => margin.amount_minor).filter((units) => units !== 0)).toEqual([300]);
});

test("a month of issuing outside of the zone's period is not lost", () => {
  const rows = [{ key: "2026-10", charged: eur(5), paid: eur(0), margin: eur(5) }];
  expect(monthBars(rows, "EUR", "2026-11-01", "2026-11-30").map(({ key }) => key)).toEqual(["2026-10", "2026-11"]);
});

test("those who brought most stand first, and what belongs to none stands last", () => {
  const rows = [
    { key: null, net: eur(900), lines: 1 },
    { key: "ada", net: eur(10), lines: 1 },
    { key: "ben", net: eur(20), lines: 1 },
    { key: "ada", net: usd(90), lines: 1 },
  ];
  expect(ranked(rows, "EUR").map(({ key }) => key)).toEqual(["ben", "ada", null]);
});

test("what is open adds up to its ages", () => {
  const { open, overdue, ages } = agedOf(outstanding.rows, "EUR");
  expect(Object.values(ages).reduce((sum, { amount_minor }) => sum + amount_minor, 0)).toBe(open.amount_minor);
  expect(overdue.amount_minor).toBe(open.amount_minor - ages.not_due.amount_minor);
  expect(open.amount_minor).toBeGreaterThan(0);
});

test("the currency of most rows comes first", () => {
  expect(currenciesOf(["USD", "EUR", "EUR", "CHF"])).toEqual(["EUR", "CHF", "USD"]);
});

test("a share of nothing is not told", () => {
  expect(wholePercent(eur(5), eur(0))).toBeNull();
  expect(wholePercent(eur(333), eur(1000))).toBe("33\u00a0%");
});
