import { expect, test } from "vitest";

import plans from "./fixtures/plans.json";
import { exampleOf, otherSentences, outcomeSentences, rateSentences } from "./meaning";

const price = { currency: "EUR", rate_minor: 1850, minimum_minor: 0, cap_minor: null };
const rate = {
  prices: [price],
  per: "hour",
  among: "each",
  minutes: "scheduled",
  step_minutes: 1,
  rounding: "nearest",
  least_minutes: 0,
  most_minutes: null,
};

test("half a minor unit is rounded away from nothing, as the API does it", () => {
  expect(exampleOf(rate, price, 45).amount_minor).toBe(1388);
  expect(exampleOf(rate, { ...price, rate_minor: 1 }, 29).amount_minor).toBe(0);
  expect(exampleOf(rate, { ...price, rate_minor: 1 }, 30).amount_minor).toBe(1);
});

test.each([
  ["up", 46, 60],
  ["up", 45, 45],
  ["nearest", 52, 45],
  ["nearest", 53, 60],
  ["down", 59, 45],
])("time is rounded %s to steps of a quarter of an hour: %i minutes count as %i", (rounding, minutes, counted) => {
  const stepped = { ...rate, step_minutes: 15, rounding };
  expect(exampleOf(stepped, { ...price, rate_minor: 6000 }, minutes).amount_minor).toBe(counted * 100);
});

test("time is held between the least and the most, and a price between its minimum and its cap", () => {
  const held = { ...rate, least_minutes: 30, most_minutes: 60 };
  const hundred = { ...price, rate_minor: 6000 };
  expect([10, 45, 90].map((minutes) => exampleOf(held, hundred, minutes).amount_minor)).toEqual([3000, 4500, 6000]);
  const capped = { ...hundred, minimum_minor: 2000, cap_minor: 5000 };
  expect([10, 45, 90].map((minutes) => exampleOf(rate, capped, minutes).amount_minor)).toEqual([2000, 4500, 5000]);
});

test("the largest rate is still worked out to the unit", () => {
  expect(exampleOf(rate, { ...price, rate_minor: Number.MAX_SAFE_INTEGER }, 60).amount_minor).toBe(Number.MAX_SAFE_INTEGER);
});

test("a lesson's price says nothing of time", () => {
  expect(rateSentences({ ...rate, per: "lesson", step_minutes: 15 }, "charge")).toEqual([
    "Each student pays 18.50\u00a0EUR a lesson.",
    "How long the class was makes no difference.",
  ]);
});

test("a shared price is shared by students only", () => {
  const split = { ...rate, among: "split" };
  expect(rateSentences(split, "charge")[0]).toBe("All who are charged share 18.50\u00a0EUR an hour.");
  expect(rateSentences(split, "pay")[0]).toBe("A teacher earns 18.50\u00a0EUR an hour.");
});

test("a recorded plan is told in sentences, statuses that mean the same in one", () => {
  const plan = plans.plans.find(({ plan_id, version }) => plan_id === "usual" && version === 1);
  if (plan === undefined) throw new Error("the recorded plan is gone");
  expect(outcomeSentences(plan)).toEqual([
    "Present, Late, Left early, Partly, Absent, No-show: charged in full.",
    "Excused: charged at 100 %, and a lesson can be made up within 90 days.",
  ]);
  expect(otherSentences(plan)).toEqual([
    "19\u00a0% tax comes on top.",
    "Every further student of a payer pays 10 % less.",
    "Cancelled less than 6 hours before: 100\u00a0% is charged and 80\u00a0% is paid.",
    "Cancelled less than 24 hours before: 50\u00a0% is charged and 50\u00a0% is paid.",
  ]);
});
