// Every screen, on a desk and on a phone, in light and in dark: it comes soon, complains of nothing, stays where it is, fits,
// and keeps nobody out.
import assert from "node:assert/strict";

import { origin, pageOf, picture, seriousViolations, withBrowser } from "./browser.mjs";

const SESSION = process.env.SESSION_ID;
const LOOKS = [
  { size: "desk", theme: "light" },
  { size: "phone", theme: "dark" },
  { size: "desk", theme: "dark" },
  { size: "phone", theme: "light" },
];
const SCREENS = [
  [null, "sign-in", "/live", "Sign in"],
  ["admin", "live", "/live", "Live"],
  ["admin", "schedule", "/schedule", "Schedule"],
  ["admin", "attendance", "/attendance", "Attendance"],
  ["admin", "matrix", "/matrix", "Matrix"],
  ["admin", "session", `/sessions/${SESSION}?sources=1`, "Fractions"],
  ["admin", "review", "/review", "Review"],
  ["admin", "register", "/register", "Register"],
  ["admin", "register-warnings", "/register?view=warnings", "Register"],
  ["admin", "register-excuses", "/register?view=excuses", "Register"],
  ["admin", "people", "/people", "People"],
  ["admin", "people-teachers", "/people?list=teachers", "People"],
  ["admin", "people-courses", "/people?list=courses", "People"],
  ["admin", "invoices", "/billing/invoices", "Invoices"],
  ["admin", "drafts", "/billing/invoices?view=drafts", "Invoices"],
  ["admin", "payroll", "/billing/payroll", "Payroll"],
  ["admin", "payments", "/billing/payments", "Payments"],
  ["admin", "charges", "/billing/charges", "Other charges"],
  ["admin", "parties", "/billing/parties", "Payers and staff"],
  ["admin", "plans", "/billing/plans", "Rate plans"],
  ["admin", "settings", "/settings", "Settings"],
  ["user", "register-own", "/register", "Register"],
  ["user", "mine", "/mine", "My attendance"],
  ["user", "bills", "/billing", "My bills"],
  ["user", "not-allowed", "/settings", null],
];
const MOST_SHIFT = 0.1;

await withBrowser(async (browser) => {
  const wrong = [];
  for (const [role, name, path, heading] of SCREENS) {
    for (const look of LOOKS) {
      const where = `${name}-${look.size}-${look.theme}`;
      const { page, complaints } = await pageOf(browser, role, look);
      await page.goto(origin + path);
      if (heading === null) await page.getByText("This is not open to you").waitFor();
      else await page.getByRole("heading", { level: 1, name: heading }).waitFor();
      await page.waitForFunction(() => document.querySelector(".skeleton") === null);
      await page.evaluate(() => document.fonts.ready);
      await picture(page, where);
      const told = await page.evaluate(() => ({ shift: window.shifts, over: document.documentElement.scrollWidth - window.innerWidth }));
      if (told.over > 0) wrong.push(`${where}: ${told.over} px too wide`);
      if (told.shift > MOST_SHIFT) wrong.push(`${where}: moved by ${told.shift}`);
      wrong.push(...complaints.map((text) => `${where}: ${text}`), ...(await seriousViolations(page)).map((text) => `${where}: ${text}`));
      await page.context().close();
    }
  }
  assert.deepEqual(wrong, []);
});
