// The office bills a month: a charge is entered, its draft issued, the payment recorded, and the bill is paid; a payer sees own bills only.
import assert from "node:assert/strict";

import { ask, origin, pageOf, picture, seriousViolations, withBrowser } from "./browser.mjs";

const once = String(Date.now());
const payer = `payer-${once}@school.example`;
const name = "Vera Vogel";
const teacher = "ada.teacher@school.example";

await withBrowser(async (browser) => {
  const { page, complaints } = await pageOf(browser, "admin");
  await page.goto(`${origin}/billing/parties`);
  await page.getByRole("button", { name: "Enter a party" }).click();
  await page.getByLabel("E-mail", { exact: true }).fill(payer);
  await page.getByLabel("Name on the bill").fill(name);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("link", { name }).click();

  await page.getByRole("button", { name: "Add a charge" }).click();
  await page.getByLabel("As it stands on the bill").fill("Workbook");
  await page.getByLabel("Amount without tax").fill("24,50");
  await page.getByLabel("Currency").fill("eur");
  await page.getByLabel("Tax in percent").fill("7");
  await page.getByRole("dialog").getByRole("button", { name: "Add a charge" }).click();
  await page.getByText("Workbook").waitFor();

  await page.goto(`${origin}/billing/invoices?view=drafts`);
  await page.getByRole("button", { name: `Issue the draft of ${name}` }).click();
  await page.getByRole("button", { name: `Issue the draft of ${name}` }).waitFor({ state: "detached" });
  await page.goto(`${origin}/billing/invoices?party=${encodeURIComponent(payer)}`);
  await page.getByRole("row", { name: /Unpaid/ }).getByRole("link").first().click();
  await page.getByRole("heading", { level: 1, name: /^Invoice INV-/ }).waitFor();
  await page.getByText("26.22").first().waitFor();
  await picture(page, "bill-desk-light");
  const number = (await page.getByRole("heading", { level: 1 }).textContent()).replace("Invoice ", "");

  await page.goto(`${origin}/billing/payments?party=${encodeURIComponent(payer)}`);
  await page.getByRole("button", { name: "Record a payment" }).click();
  await page.getByLabel("For", { exact: true }).fill(number);
  await page.getByLabel("Amount").fill("26.22");
  await page.getByLabel("Currency").fill("EUR");
  await page.getByRole("dialog").getByRole("button", { name: "Record a payment" }).click();
  await page.getByRole("row", { name: new RegExp(number) }).waitFor();
  await page.goto(`${origin}/billing/parties/${encodeURIComponent(payer)}`);
  await page.getByRole("row", { name: new RegExp(`${number}.*Paid`) }).waitFor();

  // What the teacher earned beside classes is ordered to be paid, and a charge waits for the next bill.
  const eur = (amount_minor) => ({ amount_minor, currency: "EUR" });
  const add = (what) => ask("POST", "/billing/ad-hoc", { tax_basis_points: 0, ...what }, { "Idempotency-Key": crypto.randomUUID() });
  await add({ party: teacher, paper: "payment_order", description: "Open day", net: eur(9000) });
  await add({ party: payer, paper: "invoice", description: "Exam fee", net: eur(3500) });
  await page.goto(`${origin}/billing/payroll?view=drafts`);
  await page.getByRole("button", { name: /^Issue the draft of/ }).first().click();
  await page.getByRole("button", { name: /^Issue the draft of/ }).waitFor({ state: "detached" });
  await page.goto(`${origin}/billing/payroll`);
  await page.getByRole("row", { name: /90\.00/ }).waitFor();

  // A list asks for standings, and for no account beside.
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url())));
  await page.goto(`${origin}/billing/invoices?state=paid`, { waitUntil: "networkidle" });
  await page.getByRole("row", { name: new RegExp(`${number}.*Paid`) }).waitFor();
  assert.ok(asked.some(({ pathname, search }) => pathname === "/api/billing/invoices" && search.includes("standing=paid")));
  assert.deepEqual(asked.filter(({ pathname }) => pathname.startsWith("/api/billing/statements")), []);

  assert.deepEqual(complaints, []);
  for (const size of ["desk", "phone"]) {
    for (const theme of ["light", "dark"]) {
      const office = await pageOf(browser, "admin", { size, theme });
      await office.page.goto(`${origin}/billing`, { waitUntil: "networkidle" });
      await office.page.locator(".recharts-bar-rectangle").first().waitFor();
      const width = await office.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(width <= 0, `/billing is ${width} px too wide on a ${size}`);
      await picture(office.page, `money-${size}-${theme}`);
      assert.deepEqual(office.complaints, []);
      assert.deepEqual(await seriousViolations(office.page), [], `/billing, ${size}, ${theme}`);
    }
  }

  const other = await pageOf(browser, "user");
  await other.page.goto(`${origin}/billing`);
  await other.page.getByRole("heading", { level: 1, name: "My bills" }).waitFor();
  assert.equal(await other.page.getByText(number).count(), 0);
  await other.page.goto(`${origin}/billing/payments`);
  await other.page.getByText("This is not open to you").waitFor();
});
