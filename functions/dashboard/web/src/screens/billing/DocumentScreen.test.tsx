import { cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";

import evidence from "./fixtures/evidence.json";
import invoice from "./fixtures/invoice.json";
import statement from "./fixtures/statement.json";
import InvoiceScreen from "./InvoiceScreen";
import { officeAnswers, renderOffice, Replied } from "./office.testing";

afterEach(cleanup);

const { document_id: id } = invoice.document;
const [line] = invoice.document.lines;
const EVIDENCE = `GET /api/billing/invoices/${id}/lines/${line?.line_id ?? ""}/evidence`;

function open(role = "admin") {
  return renderOffice(<InvoiceScreen />, `/billing/invoices/${id}`, role, "/billing/invoices/:documentId");
}

const openEvidence = async () => userEvent.click(await screen.findByRole("button", { name: /^Evidence of: Demo/ }));

test("a document says what it is, how it stands, its tax and its hash", async () => {
  officeAnswers();
  open();
  expect(await screen.findByRole("heading", { level: 1, name: "Invoice INV-000005" })).toBeTruthy();
  expect(await screen.findByText("Partly paid")).toBeTruthy();
  expect(screen.getByText("14.28 EUR")).toBeTruthy();
  expect(screen.getByText("9.28 EUR")).toBeTruthy();
  expect(screen.getByText("2.28 EUR")).toBeTruthy();
  expect(screen.getByText(invoice.document.content_hash)).toBeTruthy();
});

test("a line opens its evidence: stays by source as bars, rules and price in words, and whether it is still as billed", async () => {
  officeAnswers();
  open();
  await openEvidence();
  expect(await screen.findByText("Still as billed")).toBeTruthy();
  expect(screen.getByText("Meet's record")).toBeTruthy();
  expect(screen.getByText("Meet, live")).toBeTruthy();
  const bars = screen.getAllByRole("img");
  expect(bars).toHaveLength(4);
  expect(bars[0]?.getAttribute("aria-label")).toMatch(/^In the room .* to .*, .* to .*; 45 s in all\.$/);
  expect(screen.getByText("Each student pays 12.00 EUR a lesson.")).toBeTruthy();
  expect(screen.getByText(evidence.policy.words[0] ?? "")).toBeTruthy();
});

test.each([
  [false, "Changed since"],
  [null, "Nothing to compare with"],
])("where pricing it today says %s, the line says so", async (asBilled, told) => {
  officeAnswers({ [EVIDENCE]: { ...evidence, as_billed: asBilled } });
  open();
  await openEvidence();
  expect(await screen.findByText(told)).toBeTruthy();
});

test("a document whose hash does not fit is told as broken", async () => {
  officeAnswers({ [EVIDENCE]: { ...evidence, is_intact: false } });
  open();
  await openEvidence();
  expect(await screen.findByText("The document's hash does not fit what it says")).toBeTruthy();
});

test("an adjustment names what it changes, and why", async () => {
  const changed = { ...line, kind: "adjustment", corrects: "INV-000001", cause: "present instead of absent" };
  officeAnswers({ [`GET /api/billing/invoices/${id}`]: { document: { ...invoice.document, lines: [changed] } } });
  open();
  expect(await screen.findByText("Changes INV-000001")).toBeTruthy();
  expect(screen.getByText("present instead of absent")).toBeTruthy();
});

test("taking back asks first, says what was paid already, and gives the credit note", async () => {
  const asked = officeAnswers({
    [`POST /api/billing/invoices/${id}/void`]: { documents: [{ ...invoice.document, document_id: "cn", number: "CN-000001" }] },
  });
  open();
  await userEvent.click(await screen.findByRole("button", { name: "Take back" }));
  const dialog = screen.getByRole("dialog");
  expect(within(dialog).getByText(/A credit note over 14\.28/)).toBeTruthy();
  expect(within(dialog).getByText(/5\.00.EUR was paid for it already/)).toBeTruthy();
  expect(asked.some(({ method }) => method === "POST")).toBe(false);
  await userEvent.click(within(dialog).getByRole("button", { name: "Take it back whole" }));
  expect((await screen.findByRole("link", { name: "CN-000001" })).getAttribute("href")).toBe("/billing/invoices/cn");
});

test("where cards are not set up, the API's own words say so", async () => {
  const refusal = { title: "Not possible", status: 409, detail: "Card payments are not set up." };
  officeAnswers({ [`POST /api/billing/invoices/${id}/payment-link`]: new Replied(409, refusal) });
  open();
  await userEvent.click(await screen.findByRole("button", { name: "Payment link" }));
  await userEvent.click(screen.getByRole("button", { name: "Make the link" }));
  expect((await screen.findByRole("alert")).textContent).toContain("Card payments are not set up.");
});

test("a payer can pay and share, and cannot take back", async () => {
  officeAnswers({ [`GET /api/billing/statements/${statement.party}`]: statement });
  open("user");
  expect(await screen.findByRole("button", { name: "Pay by card" })).toBeTruthy();
  expect(screen.getByRole("button", { name: "Share" })).toBeTruthy();
  await waitFor(() => {
    expect(screen.queryByRole("button", { name: "Take back" })).toBeNull();
  });
  expect(screen.queryByRole("navigation")).toBeNull();
});

test("a document that is nobody's of theirs is told in the API's words", async () => {
  const absent = { title: "Not found", status: 404, detail: "No such document." };
  officeAnswers({ [`GET /api/billing/invoices/${id}`]: new Replied(404, absent) });
  open("user");
  expect(await screen.findByText("No such document.")).toBeTruthy();
});
