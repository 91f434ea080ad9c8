import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";

import drafts from "./fixtures/drafts.json";
import { officeAnswers, renderOffice, Replied } from "./office.testing";
import InvoicesScreen from "./InvoicesScreen";
import { remedyOf } from "./Questions";

afterEach(cleanup);

const AT = "/billing/invoices?view=drafts&period=2026-11";
const [draft] = drafts.drafts;
const question = {
  side: "charge",
  session_id: "s1",
  class_id: "c1",
  subject: "Fractions",
  start_at: "2026-11-21T15:51:00Z",
  person: null,
  display_name: "Kitchen tablet",
  doubt: "unidentified",
  remedy: "Somebody was there whom nobody knows; say in the review queue who it was, or that it was a guest.",
};

test("what would be issued is shown with its sum in each currency", async () => {
  officeAnswers();
  renderOffice(<InvoicesScreen />, AT);
  expect(await screen.findByText("Fatima Al-Sayed")).toBeTruthy();
  expect((await screen.findAllByText("92,400 JPY")).length).toBe(2);
  expect(screen.getByText(/What would be issued for November 2026/)).toBeTruthy();
});

test("a draft is issued by the digest that was looked at", async () => {
  const asked = officeAnswers({ "POST /api/billing/invoices/issue": new Replied(201, { documents: [] }) });
  renderOffice(<InvoicesScreen />, AT);
  await userEvent.click(await screen.findByRole("button", { name: /^Issue the draft of Fatima/ }));
  await waitFor(() => {
    expect(asked.find(({ method }) => method === "POST")?.body).toEqual({
      party: draft?.party,
      currency: draft?.currency,
      digest: draft?.digest,
      from: "2026-10-31T23:00:00.000Z",
      to: "2026-11-30T23:00:00.000Z",
    });
  });
});

test("a draft that changed meanwhile is read again, and the person is told to look again", async () => {
  const stale = { title: "It has changed", status: 409, detail: "The draft has changed since it was looked at." };
  const asked = officeAnswers({ "POST /api/billing/invoices/issue": new Replied(409, stale) });
  renderOffice(<InvoicesScreen />, AT);
  const before = () => asked.filter(({ path }) => path.endsWith("/drafts")).length;
  await userEvent.click(await screen.findByRole("button", { name: /^Issue the draft of Fatima/ }));
  expect((await screen.findByRole("alert")).textContent).toContain("look at it once more");
  await waitFor(() => {
    expect(before()).toBe(2);
  });
});

test("issuing all is asked once more, then followed to its end", async () => {
  const progress = (issued: number, left: unknown[]) => ({ issued, sums: [], left, questions: 0 });
  const left = [{ party: "a@b.c", gross: { amount_minor: 1, currency: "EUR" }, digest: "d" }];
  const asked = officeAnswers({
    "POST /api/billing/runs": new Replied(202, progress(0, left)),
    "GET /api/billing/runs": progress(2, []),
  });
  renderOffice(<InvoicesScreen />, AT);
  await userEvent.click(await screen.findByRole("button", { name: "Issue all 2" }));
  expect(asked.some(({ method }) => method === "POST")).toBe(false);
  await userEvent.click(screen.getByRole("button", { name: "Issue all" }));
  expect(await screen.findByText("All is issued: 2 documents for this period.", {}, { timeout: 5000 })).toBeTruthy();
  expect(asked.find(({ method }) => method === "POST")?.body).toMatchObject({ paper: "invoice" });
});

test("an open question says who, what to do, and leads there", async () => {
  officeAnswers({ "GET /api/billing/invoices/drafts": { ...drafts, questions: [question] } });
  renderOffice(<InvoicesScreen />, AT);
  expect(await screen.findByText(question.remedy)).toBeTruthy();
  expect(screen.getByText(/Kitchen tablet/)).toBeTruthy();
  expect(screen.getByRole("link", { name: "To the review queue" }).getAttribute("href")).toBe("/review");
});

test.each([
  ["guessed", "/review"],
  ["unidentified", "/review"],
  ["may_be_stranger", "/review"],
  ["unknown", "/sessions/s1"],
  ["teacher_unknown", "/sessions/s1"],
  ["not_read", "/sessions/s1"],
  ["no_plan", "/billing/plans"],
  ["no_price", "/billing/plans"],
])("%s is answered at %s", (doubt, to) => {
  expect(remedyOf({ doubt, session_id: "s1" }).to).toBe(to);
});
