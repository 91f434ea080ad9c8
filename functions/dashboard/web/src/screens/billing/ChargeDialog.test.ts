import { expect, test } from "vitest";

import { chargeOf, type ChargeFields } from "./ChargeDialog";

const typed: ChargeFields = {
  party: " maria@school.example ",
  kind: "charge",
  description: "Workbook",
  net: "24.50",
  currency: "EUR",
  tax: "7.5",
  lessons: 10,
  student: "",
  course: "",
  goodDays: "",
};

test("a charge is whole minor units and hundredths of a percent", () => {
  expect(chargeOf(typed)).toEqual({
    party: "maria@school.example",
    description: "Workbook",
    net: { amount_minor: 2450, currency: "EUR" },
    tax_basis_points: 750,
    paper: "invoice",
  });
});

test("a discount takes off", () => {
  expect(chargeOf({ ...typed, kind: "discount" }).net.amount_minor).toBe(-2450);
});

test("what is paid to staff has no tax and is for their payment order", () => {
  expect(chargeOf({ ...typed, kind: "pay" })).toMatchObject({ paper: "payment_order", tax_basis_points: 0 });
});

test("a package sells its lessons, and says nothing of what was left open", () => {
  expect(chargeOf({ ...typed, kind: "package" }).package).toEqual({ lessons: 10 });
  const narrow = { ...typed, kind: "package" as const, student: "lena@school.example", course: "maths", goodDays: "180" };
  expect(chargeOf(narrow).package).toEqual({ lessons: 10, student: "lena@school.example", course_id: "maths", good_days: 180 });
  expect(chargeOf(typed)).not.toHaveProperty("package");
});
