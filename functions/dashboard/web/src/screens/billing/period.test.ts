import { expect, test } from "vitest";

import { boundsOf, periodAround, periodLabel, readPeriod, spanLabel, turned, type Period } from "./period";

function read(text: string): Period {
  const period = readPeriod(text);
  if (period === null) throw new Error(`${text} is no period`);
  return period;
}

test.each([
  ["2026-11", "2026-11-01", "2026-11-30", "November 2026"],
  ["2028-02", "2028-02-01", "2028-02-29", "February 2028"],
  ["2026-Q4", "2026-10-01", "2026-12-31", "Oct – Dec 2026"],
  ["2026", "2026-01-01", "2026-12-31", "2026"],
  ["2026-11-01..2026-11-15", "2026-11-01", "2026-11-15", "1 – 15 Nov 2026"],
  ["2026-12-30..2027-01-02", "2026-12-30", "2027-01-02", "30 Dec 2026 – 2 Jan 2027"],
  ["2026-11-21..2026-11-21", "2026-11-21", "2026-11-21", "21 Nov 2026"],
])("%s goes from %s to %s", (text, first, last, label) => {
  const period = read(text);
  expect([period.first, period.last, periodLabel(period)]).toEqual([first, last, label]);
});

test.each(["", "2026-13", "2026-Q5", "26", "2026-02-30..2026-03-01", "2026-03-02..2026-03-01", "november"])(
  "%j is no period",
  (text) => {
    expect(readPeriod(text)).toBeNull();
  },
);

test("turning there and back ends where it began, in every unit", () => {
  for (const text of ["2026-01", "2026-12", "2026-Q1", "2026-Q4", "2026", "2026-11-01..2026-11-15"]) {
    expect(turned(turned(read(text), 1), -1)).toEqual(read(text));
  }
  expect(turned(read("2026-12"), 1).text).toBe("2027-01");
  expect(turned(read("2026-Q1"), -1).text).toBe("2025-Q4");
  expect(turned(read("2026-11-01..2026-11-15"), 1).text).toBe("2026-11-16..2026-11-30");
});

test("the period around a day holds it", () => {
  expect(periodAround("2026-11-21", "quarter").text).toBe("2026-Q4");
  expect(periodAround("2026-11-21", "days").first).toBe("2026-11-21");
});

test("a period's bounds are midnights of the zone, also where its clocks change within it", () => {
  expect(boundsOf(read("2026-10"), "Europe/Berlin")).toEqual({
    from: "2026-09-30T22:00:00.000Z",
    to: "2026-10-31T23:00:00.000Z",
  });
  expect(boundsOf(read("2026-11"), "UTC")).toEqual({ from: "2026-11-01T00:00:00.000Z", to: "2026-12-01T00:00:00.000Z" });
});

test("what a document is for is named as a month where it is one", () => {
  expect(spanLabel("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", "UTC")).toBe("November 2026");
  expect(spanLabel("2026-11-21T00:00:00Z", "2026-11-23T00:00:00Z", "UTC")).toBe("21 – 22 Nov 2026");
  expect(spanLabel("2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z", "Europe/Berlin")).toBe("October 2026");
});
