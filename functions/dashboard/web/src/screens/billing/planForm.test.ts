import { expect, test } from "vitest";

import plans from "./fixtures/plans.json";
import { firstPlan, planOf, termsOf } from "./planForm";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const ZONE = "Europe/Berlin";

test("a version that is opened and sent without a change says the same again, to the unit", () => {
  for (const plan of plans.plans) {
    const asked = planOf({ ...firstPlan(plan), reason: plan.reason }, ZONE, NOW);
    expect(plan).toMatchObject(asked);
    expect(Object.keys(asked)).toHaveLength(Object.keys(plan).length - ["version", "by", "effective_from"].length);
  }
});

test("a day that lies ahead begins at its midnight in the zone; today counts from now on", () => {
  const fields = firstPlan(null);
  expect(planOf({ ...fields, date: "2027-07-01" }, ZONE, NOW).effective_from).toBe("2027-06-30T22:00:00.000Z");
  expect(planOf({ ...fields, date: "2026-11-21" }, ZONE, NOW)).not.toHaveProperty("effective_from");
  expect(planOf({ ...fields, date: "" }, ZONE, NOW)).not.toHaveProperty("effective_from");
});

test("what is not whole yet is not told in sentences", () => {
  const [plan] = plans.plans;
  const fields = firstPlan(plan ?? null);
  expect(termsOf(fields, ZONE, NOW)).not.toBeNull();
  expect(termsOf({ ...fields, tax: "a lot" }, ZONE, NOW)).toBeNull();
  const [price] = fields.charge.prices;
  if (price === undefined) throw new Error("no price");
  expect(termsOf({ ...fields, charge: { ...fields.charge, prices: [{ ...price, rate: "12.345" }] } }, ZONE, NOW)).toBeNull();
  expect(termsOf(firstPlan(null), ZONE, NOW)).toBeNull();
});
