import { expect, test } from "vitest";

import { clock, dateField, dayStart, daysLater, exactSpan, instantOf, span, weekStart } from "./format";

const BERLIN = "Europe/Berlin";

test("an instant is told in the zone of the organisation, whatever the reader's own is", () => {
  expect(clock("2026-11-21T23:30:05Z", BERLIN, true)).toBe("00:30:05");
  expect(dateField("2026-11-21T23:30:00Z", BERLIN)).toBe("2026-11-22");
  expect(clock("2026-11-21T23:30:00Z", "America/New_York")).toBe("18:30");
});

test("what is typed as a date and a time is that time in the zone, in winter and in summer", () => {
  expect(instantOf("2026-01-15", "09:00", BERLIN)?.toISOString()).toBe("2026-01-15T08:00:00.000Z");
  expect(instantOf("2026-07-15", "09:00", BERLIN)?.toISOString()).toBe("2026-07-15T07:00:00.000Z");
  expect(instantOf("", "09:00", BERLIN)).toBeNull();
  expect(instantOf("2026-01-15", "", BERLIN)).toBeNull();
});

test("a week begins on its Monday at midnight of the zone", () => {
  expect(weekStart("2026-11-22T22:59:00Z", BERLIN).toISOString()).toBe("2026-11-15T23:00:00.000Z");
  expect(dayStart("2026-11-22T23:30:00Z", BERLIN).toISOString()).toBe("2026-11-22T23:00:00.000Z");
});

test("seven days later is the same time of day, also over the change of the clocks", () => {
  expect(daysLater("2026-10-24T07:00:00Z", 7, BERLIN).toISOString()).toBe("2026-10-31T08:00:00.000Z");
});

test("spans are said as people say them", () => {
  expect([span(-3), span(59), span(60), span(3900)]).toEqual(["0 s", "59 s", "1 min", "1 h 05 min"]);
  expect([exactSpan(9), exactSpan(110), exactSpan(3909)]).toEqual(["0:09", "1:50", "1:05:09"]);
});
