import { expect, test } from "vitest";

import plans from "./fixtures/plans.json";
import { spansOf } from "./versions";

const [plan] = plans.plans;
if (plan === undefined) throw new Error("no recorded plan");
const version = (number: number, from: string) => ({ ...plan, version: number, effective_from: from });
const NOW = Date.parse("2026-11-21T12:00:00Z");

test("each version counts until the next one does", () => {
  const spans = spansOf([version(2, "2027-01-01T00:00:00Z"), version(1, "2026-01-01T00:00:00Z")], NOW);
  expect(spans.map(({ plan: { version: number }, when }) => [number, when])).toEqual([
    [1, "now"],
    [2, "later"],
  ]);
  expect(spans[0]?.to).toBe(Date.parse("2027-01-01T00:00:00Z"));
  expect(spans[1]?.to).toBeNull();
});

test("a version that was set later for an earlier day counts until the other one's day", () => {
  const spans = spansOf(
    [version(1, "2026-06-01T00:00:00Z"), version(2, "2027-06-01T00:00:00Z"), version(3, "2026-11-01T00:00:00Z")],
    NOW,
  );
  expect(spans.map(({ plan: { version: number }, when }) => [number, when])).toEqual([
    [1, "past"],
    [3, "now"],
    [2, "later"],
  ]);
});

test("of two versions from the same instant the later one counts", () => {
  const spans = spansOf([version(1, "2026-06-01T00:00:00Z"), version(2, "2026-06-01T00:00:00Z")], NOW);
  expect(spans.map(({ when }) => when)).toEqual(["past", "now"]);
});
