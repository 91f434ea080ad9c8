import { expect, test } from "vitest";

import invoices from "./fixtures/invoices.json";
import { isWanted, rowOf, rowOfAccount, sideOf, stateOf } from "./standing";

const eur = (amount_minor: number) => ({ amount_minor, currency: "EUR" });
const NOW = Date.parse("2026-12-01T00:00:00Z");
const standing = {
  document_id: "d",
  number: "INV-000001",
  due_at: "2026-12-05T00:00:00Z",
  gross: eur(1000),
  paid: eur(0),
  open: eur(1000),
  standing: "unpaid",
};
const late = { ...standing, due_at: "2026-11-20T00:00:00Z" };

test("what is open after its day is overdue, also when a part is paid", () => {
  expect(stateOf(standing, NOW)).toBe("unpaid");
  expect(stateOf(late, NOW)).toBe("overdue");
  expect(stateOf({ ...late, paid: eur(1), open: eur(999), standing: "partly_paid" }, NOW)).toBe("overdue");
  expect(stateOf({ ...standing, paid: eur(1), open: eur(999), standing: "partly_paid" }, NOW)).toBe("partly_paid");
});

test("what is paid or was taken back is never overdue", () => {
  expect(stateOf({ ...late, open: eur(0), standing: "paid" }, NOW)).toBe("paid");
  expect(stateOf({ ...late, open: eur(0), standing: "cancelled" }, NOW)).toBe("cancelled");
});

test("a credit note is of the side of what it takes back", () => {
  expect(sideOf({ paper: "credit_note", cancels: "PO-000001" })).toBe("pay");
  expect(sideOf({ paper: "credit_note", cancels: "INV-000001" })).toBe("charge");
  expect(sideOf({ paper: "payment_order", cancels: null })).toBe("pay");
});

test("a document whose account is not read yet has no state", () => {
  const [head] = invoices.documents;
  if (head === undefined) throw new Error("no recorded invoice");
  expect(rowOf(head, undefined, NOW).state).toBeNull();
  expect(isWanted(rowOf(head, undefined, NOW), "paid")).toBe(false);
  expect(isWanted(rowOf(head, undefined, NOW), null)).toBe(true);
});

test("what is asked for as open is everything of which something is left", () => {
  const partly = rowOfAccount("a@b.c", "charge", { ...standing, open: eur(1), standing: "partly_paid" }, NOW);
  const paid = rowOfAccount("a@b.c", "charge", { ...standing, open: eur(0), standing: "paid" }, NOW);
  expect([isWanted(partly, "open"), isWanted(paid, "open")]).toEqual([true, false]);
});
