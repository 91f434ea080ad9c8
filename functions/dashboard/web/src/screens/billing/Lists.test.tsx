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
import outstanding from "./fixtures/outstanding.json";

afterEach(cleanup);

const own = (party: string) => ({ ...statement, party });

test("each invoice is listed with how it stands, and no account is asked for", async () => {
  const asked = officeAnswers();
  renderOffice(<InvoicesScreen />, "/billing/invoices");
  const row = await screen.findByRole("row", { name: /INV-000009/ });
  expect(within(row).getByText("Partly paid")).toBeTruthy();
  expect(within(row).getByText("9.28 EUR")).toBeTruthy();
  expect(asked.some(({ path }) => path.startsWith("/api/billing/statements"))).toBe(false);
});

test("filters stand in the address, and the API is asked for them", async () => {
  const asked = officeAnswers();
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

test("the API is asked for a standing, and for the next page where it found few", async () => {
  const [, , partly] = invoices.documents;
  let pages = 0;
  const asked = officeAnswers({
    "GET /api/billing/invoices": () => {
      pages += 1;
      return pages === 1 ? { documents: [], next_page_token: "f".repeat(32) } : { documents: [partly], next_page_token: null };
    },
  });
  renderOffice(<InvoicesScreen />, "/billing/invoices?state=partly_paid");
  expect(await screen.findByRole("row", { name: /INV-000009/ })).toBeTruthy();
  const lists = asked.filter(({ path }) => path === "/api/billing/invoices").map(({ query }) => query);
  expect(lists.map((query) => [query.get("standing"), query.get("page_token")])).toEqual([
    ["partly_paid", null],
    ["partly_paid", "f".repeat(32)],
  ]);
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

test("the overview tells what it draws as tables too", async () => {
  officeAnswers();
  renderOffice(<HubScreen />, "/billing?period=2026&currency=EUR");
  const months = await screen.findByRole("table", { name: "Month by month" });
  const cells = within(within(months).getByRole("row", { name: /^November 2026/ })).getAllByRole("cell");
  expect(cells.map(({ textContent }) => textContent)).toEqual(["869.50", "9.00", "860.50"]);
  expect(await screen.findByText("No teacher: packages and other charges")).toBeTruthy();
  const debtor = screen.getByRole("row", { name: /^Sofia Rossi/ });
  expect(within(debtor).getByRole("link").getAttribute("href")).toBe("/billing/parties/sofia.rossi%40school.example");
  expect(within(debtor).getAllByText("226.10")).toHaveLength(2);
});

test("what is open is told by month too, those between without anything among them", async () => {
  const eur = (amount_minor: number) => ({ amount_minor, currency: "EUR" });
  const asked = officeAnswers({
    "GET /api/billing/reports/outstanding month": {
      ...outstanding,
      group_by: "month",
      sums: [
        { key: "2026-09", open: eur(1000), overdue: eur(1000) },
        { key: "2026-11", open: eur(5000), overdue: eur(0) },
      ],
    },
  });
  renderOffice(<HubScreen />, "/billing?period=2026&currency=EUR");
  await userEvent.selectOptions(await screen.findByLabelText("Outstanding by"), "month");
  const table = await screen.findByRole("table", { name: "What is open by the month of issuing" });
  const rows = within(table).getAllByRole("row").slice(1);
  expect(rows.map(({ textContent }) => textContent)).toEqual([
    "September 202610.00–10.00",
    "October 2026–––",
    "November 2026–50.0050.00",
  ]);
  expect(asked.some(({ query }) => query.get("group_by") === "month" && query.get("side") === "charge")).toBe(true);
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
  officeAnswers();
  const { container } = renderOffice(shown, at);
  await screen.findAllByText(/EUR|What students pay/);
  const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  window.eval(source);
  const { axe } = window as unknown as typeof globalThis & { axe: typeof import("axe-core") };
  const { violations } = await axe.run(container, { rules: { "color-contrast": { enabled: false } } });
  expect(violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id }) => id)).toEqual([]);
});
