import type { Schemas } from "../../api/client";
import { sumOf, type Money } from "./money";

type Margin = Schemas["MarginPart"];
type Owed = Schemas["OwedPart"];
type Sum = Schemas["SumPart"];

export type Age = keyof Schemas["AgedPart"];

/** How long something is over due, from the youngest on. */
export const AGES: readonly Age[] = ["not_due", "up_to_30_days", "up_to_60_days", "up_to_90_days", "over_90_days"];

/** The currencies of some rows, those of most rows first; sums of two are never mixed. */
export function currenciesOf(codes: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts.keys()].sort((one, other) => (counts.get(other) ?? 0) - (counts.get(one) ?? 0) || one.localeCompare(other));
}

/** A month as the reports name it, drawn beside its neighbours. */
export interface MonthBar {
  key: string;
  charged: Money;
  paid: Money;
  margin: Money;
}

/** Every month from the first to the last day, those without a row too. */
export function monthBars(rows: readonly Margin[], currency: string, first: string, last: string): MonthBar[] {
  const none = { amount_minor: 0, currency };
  const known = new Map(rows.filter(({ charged }) => charged.currency === currency).map((row) => [row.key, row]));
  const keys = [...known.keys()].filter((key) => key !== null);
  return monthsAround([first.slice(0, 7), last.slice(0, 7), ...keys]).map((key) => {
    const row = known.get(key);
    return { key, charged: row?.charged ?? none, paid: row?.paid ?? none, margin: row?.margin ?? none };
  });
}

/** Every month from the first to the last of some, ten years at most. */
export function monthsAround(keys: readonly string[]): string[] {
  const found = [];
  const [first = "", last = first] = [...keys].sort().filter((_, place) => place === 0 || place === keys.length - 1);
  let [year = 0, month = 1] = first.split("-").map(Number);
  for (let key = first; key !== "" && key <= last && found.length < 120;) {
    found.push(key);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
    key = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}`;
  }
  return found;
}

/** One row of a ranking: what was charged and, where the staff's side is known, what was paid for it. */
export interface Ranked {
  key: string | null;
  charged: Money;
  paid: Money | null;
  margin: Money | null;
}

/** Those who brought most, first; what belongs to none stands last. */
export function ranked(rows: readonly (Sum | Margin)[], currency: string): Ranked[] {
  return rows
    .map((row): Ranked =>
      "net" in row
        ? { key: row.key, charged: row.net, paid: null, margin: null }
        : { key: row.key, charged: row.charged, paid: row.paid, margin: row.margin },
    )
    .filter(({ charged }) => charged.currency === currency)
    .sort(
      (one, other) =>
        Number(one.key === null) - Number(other.key === null) || other.charged.amount_minor - one.charged.amount_minor,
    );
}

/** What is open in one currency: in all, by age, and what of it is over due. */
export interface Aged {
  open: Money;
  overdue: Money;
  ages: Record<Age, Money>;
}

/** The sums over everybody who owes in a currency. */
export function agedOf(rows: readonly Owed[], currency: string): Aged {
  const own = rows.filter((row) => row.currency === currency);
  const ages = Object.fromEntries(
    AGES.map((age) => [
      age,
      sumOf(
        own.map(({ aged }) => aged[age]),
        currency,
      ),
    ]),
  ) as Record<Age, Money>;
  return {
    open: sumOf(
      own.map(({ open }) => open),
      currency,
    ),
    overdue: sumOf(
      AGES.slice(1).map((age) => ages[age]),
      currency,
    ),
    ages,
  };
}

/** Whole percent that one amount is of another, as people read it; null of nothing. */
export function wholePercent(part: Money, whole: Money): string | null {
  if (whole.amount_minor <= 0) return null;
  return `${String(Math.round((part.amount_minor * 100) / whole.amount_minor))}\u00a0%`;
}
