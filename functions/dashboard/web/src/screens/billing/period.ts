import { addMonths, addYears, endOfMonth, format } from "date-fns";
import { useMemo } from "react";
import { useSearchParams } from "react-router";

import { dateField, daysLater, instantOf } from "../../time/format";
import { useNow } from "../../time/useNow";
import { useZone } from "../../time/zone";

export type Unit = "month" | "quarter" | "year" | "days";

/** A time to look at or to bill: whole days of the organisation's zone, `last` included. */
export interface Period {
  unit: Unit;
  /** As the address holds it: `2026-11`, `2026-Q4`, `2026`, `2026-11-01..2026-11-15`. */
  text: string;
  first: string;
  last: string;
}

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;
const QUARTER = /^(\d{4})-Q([1-4])$/;
const YEAR = /^(\d{4})$/;
const DAYS = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/;

/** Read a period of an address; null for what is none. */
export function readPeriod(text: string): Period | null {
  const month = MONTH.exec(text);
  if (month) return { unit: "month", text, ...months(Number(month[1]), Number(month[2]) - 1, 1) };
  const quarter = QUARTER.exec(text);
  if (quarter) return { unit: "quarter", text, ...months(Number(quarter[1]), (Number(quarter[2]) - 1) * 3, 3) };
  const year = YEAR.exec(text);
  if (year) return { unit: "year", text, ...months(Number(year[1]), 0, 12) };
  const days = DAYS.exec(text);
  const [, first = "", last = ""] = days ?? [];
  return days && isDate(first) && isDate(last) && first <= last ? { unit: "days", text, first, last } : null;
}

function months(year: number, month: number, count: number): { first: string; last: string } {
  const first = new Date(year, month, 1);
  return { first: format(first, "yyyy-MM-dd"), last: format(endOfMonth(addMonths(first, count - 1)), "yyyy-MM-dd") };
}

function isDate(text: string): boolean {
  const found = new Date(`${text}T12:00:00`);
  return !Number.isNaN(found.getTime()) && format(found, "yyyy-MM-dd") === text;
}

/** The period of a unit that holds a day. */
export function periodAround(date: string, unit: Unit): Period {
  const [year = "", month = ""] = date.split("-");
  const texts = {
    month: `${year}-${month}`,
    quarter: `${year}-Q${String(Math.ceil(Number(month) / 3))}`,
    year,
    days: `${date}..${date}`,
  };
  return readPeriod(texts[unit]) ?? { unit: "days", text: texts.days, first: date, last: date };
}

/** The period of the same length before (-1) or after (1). */
export function turned(period: Period, by: -1 | 1): Period {
  const first = new Date(`${period.first}T12:00:00`);
  if (period.unit === "days") {
    const days = Math.round((Date.parse(`${period.last}T12:00Z`) - Date.parse(`${period.first}T12:00Z`)) / 86_400_000) + 1;
    const moved = (date: string): string => dateField(daysLater(`${date}T12:00Z`, by * days, "UTC"), "UTC");
    const [from, to] = [moved(period.first), moved(period.last)];
    return { unit: "days", text: `${from}..${to}`, first: from, last: to };
  }
  const step = { month: addMonths(first, by), quarter: addMonths(first, 3 * by), year: addYears(first, by) };
  return periodAround(format(step[period.unit], "yyyy-MM-dd"), period.unit);
}

/** A period as people say it: `November 2026`, `October – December 2026`, `2026`, `1 – 15 Nov 2026`. */
export function periodLabel({ unit, first, last }: Pick<Period, "unit" | "first" | "last">): string {
  const [from, to] = [new Date(`${first}T12:00:00`), new Date(`${last}T12:00:00`)];
  if (unit === "month") return format(from, "MMMM yyyy");
  if (unit === "quarter") return `${format(from, "MMM")} – ${format(to, "MMM yyyy")}`;
  if (unit === "year") return format(from, "yyyy");
  if (first === last) return format(to, "d MMM yyyy");
  const start = format(
    from,
    first.slice(0, 7) === last.slice(0, 7) ? "d" : first.slice(0, 4) === last.slice(0, 4) ? "d MMM" : "d MMM yyyy",
  );
  return `${start} – ${format(to, "d MMM yyyy")}`;
}

/** From which instant on, and before which, as the API is asked. */
export interface Bounds {
  from: string;
  to: string;
}

/** The instants that a period begins and ends at in a zone. */
export function boundsOf(period: Pick<Period, "first" | "last">, zone: string): Bounds {
  const start = instantOf(period.first, "00:00", zone) ?? new Date(0);
  const end = instantOf(period.last, "12:00", zone) ?? new Date(0);
  const after = instantOf(dateField(daysLater(end, 1, zone), zone), "00:00", zone) ?? end;
  return { from: start.toISOString(), to: after.toISOString() };
}

/** The period of two instants of a document, as people say it. */
export function spanLabel(from: string, to: string, zone: string): string {
  const [first, last] = [dateField(from, zone), dateField(Date.parse(to) - 1, zone)];
  for (const unit of ["month", "quarter", "year"] as const) {
    const whole = periodAround(first, unit);
    if (whole.first === first && whole.last === last) return periodLabel(whole);
  }
  return periodLabel({ unit: "days", first, last });
}

/** The period that the address names, and how to name another one. */
export function usePeriod(usual: Unit): { period: Period; bounds: Bounds; choose: (period: Period) => void } {
  const zone = useZone();
  const today = dateField(useNow("minute"), zone);
  const [search, setSearch] = useSearchParams();
  const text = search.get("period") ?? "";
  const period = useMemo(() => readPeriod(text) ?? periodAround(today, usual), [text, today, usual]);
  const bounds = useMemo(() => boundsOf(period, zone), [period, zone]);
  const choose = (next: Period): void => {
    setSearch((before) => {
      before.set("period", next.text);
      return before;
    });
  };
  return { period, bounds, choose };
}
