// After a class: the sheet, a correction with its reason and back again, filters in the address, a table to take away, and a
// card that is decided by keyboard.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { origin, pageOf, withBrowser } from "./browser.mjs";

const SESSION = process.env.SESSION_ID;

await withBrowser(async (browser) => {
  const { page, complaints } = await pageOf(browser, "teacher");
  await page.goto(`${origin}/attendance?status=present`);
  const rows = page.getByRole("row").filter({ hasText: "Fractions" });
  await rows.first().waitFor();
  assert.equal(await rows.filter({ hasText: "Absent" }).count(), 0);
  await page.getByLabel("Student").selectOption("cleo@school.example");
  await page.waitForURL(/student=cleo/);
  await page.getByText("No attendance here").waitFor();
  await page.getByLabel("Status").selectOption("");
  await page.getByRole("row").filter({ hasText: "Absent" }).waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Export CSV" }).click()]);
  assert.match(readFileSync(await file.path(), "utf8"), /cleo@school\.example/);

  await page.getByRole("link", { name: "Fractions" }).first().click();
  await page.waitForURL(new RegExp(SESSION));
  await page.getByRole("button", { name: "Correct the status of Cleo Clark" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Status").selectOption("excused");
  await dialog.getByLabel("Reason").fill("Ill, her mother called");
  await dialog.getByRole("button", { name: "Correct" }).click();
  const cleo = page.getByRole("row").filter({ hasText: "Cleo Clark" });
  await cleo.getByText("was absent: Ill, her mother called").waitFor();
  await page.getByRole("heading", { name: "What people decided" }).waitFor();
  await page.getByRole("button", { name: "Correct the status of Cleo Clark" }).click();
  await dialog.getByLabel("Reason").fill("It was another Cleo");
  await dialog.getByRole("button", { name: "Take the correction back" }).click();
  await cleo.getByText("Absent").waitFor();
  await page.getByRole("button", { name: "Sync now" }).click();
  await page.getByText("Nothing is new.").waitFor();

  await page.getByRole("link", { name: /^Review/ }).click();
  await page.getByRole("article", { name: "Kitchen tablet" }).waitFor();
  await page.keyboard.press("g");
  await page.getByText("Decided: Kitchen tablet.").waitFor();
  await page.getByText("Nothing to decide").waitFor();
  await page.keyboard.press("u");
  await page.getByRole("article", { name: "Kitchen tablet" }).waitFor();
  assert.deepEqual(complaints, []);
});
