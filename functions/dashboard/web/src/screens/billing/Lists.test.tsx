import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test } from "vitest";

import HubScreen from "./HubScreen";
import InvoicesScreen from "./InvoicesScreen";
import { officeAnswers, renderOffice } from "./office.testing";
import PayrollScreen from "./PayrollScreen";
import PlansScreen from "./PlansScreen";
import statement from "./fixtures/statement.json";
import invoices from "./fixtures/invoices.json";

afterEach(cleanup);

const owner = invoices.documents.find(({ party }) => party === statement.party) ?? invoices.documents[0];
const own = (party: string) => ({ ...statement, party });

function standings() {
  return Object.fromEntries(
    invoices.documents.map((head) => [
      `GET /api/billing/statements/${head.party}`,
      {
        ...own(head.party),
        accounts: statement.accounts.map((account) => ({
          ...account,
          documents: account.documents.map((each) => ({ ...each, document_id: head.document_id, number: head.number })),
        })),
      },
    ]),
  );
}

test("each invoice is listed with how it stands by its payer's account", async () => {
  officeAnswers(standings());
  renderOffice(<InvoicesScreen />, "/billing/invoices");
  const row = await screen.findByRole("row", { name: new RegExp(owner?.number ?? "") });
  expect(await within(row).findByText("Partly paid")).toBeTruthy();
  expect(within(row).getByText("9.28 EUR")).toBeTruthy();
});

test("filters stand in the address, and the API is asked for them", async () => {
  const asked = officeAnswers(standings());
  const { router } = renderOffice(<InvoicesScreen />, "/billing/invoices");
  await userEvent.type(await screen.findByLabelText("Payer's e-mail"), "tom.whitfield@school.example{Enter}");
  await userEvent.selectOptions(screen.getByLabelText("Issued in"), "some");
  await waitFor(() => {
    expect(router.state.location.search).toContain("party=tom.whitfield%40school.example");
    expect(router.state.location.search).toContain("period=");
  });
  await waitFor(() => {
    const last = asked.filter(({ path }) => path === "/api/billing/invoices").at(-1);
    expect(last?.query.get("party")).toBe("tom.whitfield@school.example");
    expect(last?.query.get("from")).toBeTruthy();
  });
});

test("what is open is found by the accounts of those who owe, not by the pages of the ledger", async () => {
  const asked = officeAnswers();
  renderOffice(<InvoicesScreen />, "/billing/invoices?state=open&party=cleo.clark%40school.example");
  expect(await screen.findByRole("row", { name: /INV-000005/ })).toBeTruthy();
  expect(asked.some(({ path }) => path === "/api/billing/invoices")).toBe(false);
});

test("nothing that matches is said as such, not as nothing issued", async () => {
  officeAnswers({ "GET /api/billing/invoices": { documents: [], next_page_token: null } });
  renderOffice(<InvoicesScreen />, "/billing/invoices?party=nobody%40school.example");
  expect(await screen.findByText("Nothing matches")).toBeTruthy();
});

test("a teacher sees what they were paid, and asks for no charge", async () => {
  const asked = officeAnswers({
    "GET /api/billing/payroll": { documents: [], next_page_token: null },
    "GET /api/billing/statements/teacher@school.example": {
      ...own("teacher@school.example"),
      side: "pay",
      statements: [],
      accounts: [],
    },
  });
  renderOffice(<HubScreen />, "/billing", "teacher");
  expect(await screen.findByRole("heading", { level: 1, name: "My pay" })).toBeTruthy();
  await screen.findByText("Nothing was issued or paid yet");
  const charges = asked.filter(({ path, query }) => path === "/api/billing/invoices" || query.get("side") === "charge");
  expect(charges).toEqual([]);
});

test("an order that is not there for somebody who is not staff asks for none of the others' either", async () => {
  const asked = officeAnswers({
    "GET /api/billing/payroll": { documents: [], next_page_token: null },
    "GET /api/billing/statements/teacher@school.example": { ...own("teacher@school.example"), statements: [], accounts: [] },
  });
  renderOffice(<PayrollScreen />, "/billing/payroll", "teacher");
  await screen.findByText("Nothing was issued or paid yet");
  expect(
    asked
      .filter(({ path }) => path === "/api/billing/payroll")
      .every(({ query }) => query.get("party") === "teacher@school.example"),
  ).toBe(true);
});

test("the overview draws months, teachers and who owes, each told in words too", async () => {
  officeAnswers();
  renderOffice(<HubScreen />, "/billing?period=2026&currency=EUR");
  expect(
    await screen.findByText(/^November 2026: charged 869\.50.EUR, paid to staff 9\.00.EUR, margin 860\.50.EUR\.$/),
  ).toBeTruthy();
  expect(await screen.findByText("No teacher: packages and other charges")).toBeTruthy();
  expect(screen.getByText(/^Sofia Rossi: up to 30 days late 226\.10/)).toBeTruthy();
});

test("a version of a plan is told in words, and the line of time names those to come", async () => {
  officeAnswers();
  renderOffice(<PlansScreen />, "/billing/plans");
  const versions = await screen.findByRole("list", { name: "Versions of Usual lessons" });
  expect(within(versions).getByText(/^Version 2 from Fri 1 Jan 2027, counts later$/)).toBeTruthy();
  expect(screen.getAllByText("A class of 45 minutes: 13.88 EUR.").length).toBeGreaterThan(0);
});

test.each([
  ["the overview", <HubScreen key="o" />, "/billing?period=2026"],
  ["invoices", <InvoicesScreen key="i" />, "/billing/invoices"],
  ["drafts", <InvoicesScreen key="d" />, "/billing/invoices?view=drafts&period=2026-11"],
  ["rate plans", <PlansScreen key="p" />, "/billing/plans"],
])("axe finds nothing serious about %s", async (_, shown, at) => {
  officeAnswers(standings());
  const { container } = renderOffice(shown, at);
  await screen.findAllByText(/EUR|What students pay/);
  const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  window.eval(source);
  const { axe } = window as unknown as typeof globalThis & { axe: typeof import("axe-core") };
  const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id }) => id)).toEqual([]);
});
