import { expect, test } from "vitest";

import { axisOf, countedStays, staysOf, visitRows } from "./evidence";
import recorded from "./fixtures/evidence.json";
import type { LineEvidence } from "./queries";

const told = recorded as LineEvidence;
const [anyVisit] = told.visits;
if (anyVisit === undefined || told.lesson === null) throw new Error("the recorded evidence is gone");
const before = told.lesson;
const minutes = (text: string) => Date.parse(`2026-11-21T${text}:00Z`);
const visit = (source: string, joined: string, left: string | null, device: string | null = null) => ({
  ...anyVisit,
  source,
  device,
  joined_at: `2026-11-21T${joined}:00Z`,
  left_at: left === null ? null : `2026-11-21T${left}:00Z`,
});
const lesson = {
  ...before,
  start_at: "2026-11-21T10:00:00Z",
  end_at: "2026-11-21T11:00:00Z",
};

test("each source and device has a row of its own", () => {
  const rows = visitRows([
    visit("meet_api", "10:00", "10:20", "laptop"),
    visit("zoom_report", "10:00", "10:50"),
    visit("meet_api", "10:30", "10:50", "laptop"),
    visit("meet_api", "10:10", "10:40", "phone"),
  ]);
  expect(rows.map(({ source, device, stays }) => [source, device, stays.length])).toEqual([
    ["meet_api", "laptop", 2],
    ["zoom_report", null, 1],
    ["meet_api", "phone", 1],
  ]);
});

test("the line of time holds the class, and a quarter of it more on each side at most", () => {
  const visits = [visit("meet_api", "08:00", "10:30"), visit("meet_api", "10:30", "11:05")];
  const axis = axisOf({ ...told, lesson, verdict: null, visits });
  expect([axis.from, axis.to]).toEqual([minutes("09:45"), minutes("11:05")]);
});

test("whoever nobody saw go is drawn to the end", () => {
  const visits = [visit("zoom_webhook", "10:30", null)];
  const axis = axisOf({ ...told, lesson, verdict: null, visits });
  expect(staysOf(visits, axis)).toEqual([{ from: minutes("10:30"), to: minutes("11:00") }]);
});

test("what lies before the bell or after the end does not count", () => {
  const stays = [visit("meet_api", "09:50", "10:10"), visit("meet_api", "10:50", "11:20"), visit("meet_api", "11:30", null)];
  expect(countedStays(stays, lesson)).toEqual([
    { from: minutes("10:00"), to: minutes("10:10") },
    { from: minutes("10:50"), to: minutes("11:00") },
  ]);
});
