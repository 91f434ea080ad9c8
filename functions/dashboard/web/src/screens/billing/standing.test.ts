import { expect, test } from "vitest";

import invoices from "./fixtures/invoices.json";
import type { DocumentRow } from "./queries";
import { isWanted, rowOf, sideOf, stateOf } from "./standing";

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
  expect(stateOf({ ...late, open: eur(999), standing: "partly_paid" }, NOW)).toBe("overdue");
  expect(stateOf({ ...standing, open: eur(999), standing: "partly_paid" }, NOW)).toBe("partly_paid");
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

test("a row tells what the API says of it, and a credit note does not stand anyhow", () => {
  const [head] = invoices.documents as DocumentRow[];
  if (head === undefined) throw new Error("no recorded invoice");
  const row = rowOf({ ...head, standing: "unpaid", open: eur(700), due_at: "2026-11-20T00:00:00Z" }, NOW);
  expect([row.state, row.open, row.side]).toEqual(["overdue", eur(700), "charge"]);
  const note = rowOf({ ...head, paper: "credit_note", cancels: "PO-000001", standing: null, open: null, paid: null }, NOW);
  expect([note.state, note.open, note.side]).toEqual(["credit_note", null, "pay"]);
});

test("what is asked for as open is everything of which something is left, and unpaid is what is not overdue", () => {
  const [head] = invoices.documents as DocumentRow[];
  if (head === undefined) throw new Error("no recorded invoice");
  const row = (standing: "unpaid" | "partly_paid" | "paid", open: number, due_at = "2026-12-05T00:00:00Z") =>
    rowOf({ ...head, standing, open: eur(open), due_at }, NOW);
  expect([isWanted(row("partly_paid", 1), "open"), isWanted(row("paid", 0), "open")]).toEqual([true, false]);
  expect([isWanted(row("unpaid", 5), "unpaid"), isWanted(row("unpaid", 5, "2026-11-20T00:00:00Z"), "unpaid")]).toEqual([
    true,
    false,
  ]);
  expect(isWanted(row("paid", 0), null)).toBe(true);
});
