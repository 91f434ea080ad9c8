// The gateway is killed, and then the API is out of reach: the page says so, and since when, and comes back by itself. And a
// sign-in that ends in the middle of a correction loses nothing of it.
import assert from "node:assert/strict";

import { origin, pageOf, picture, withBrowser } from "./browser.mjs";

const { GATEWAY_GROUP, SESSION_ID } = process.env;
const SUBJECT = `Far away at ${new Date().toISOString()}`;
const STALE_WITHIN_MS = 60_000;
const BACK_WITHIN_MS = 90_000;

async function book() {
  const { token } = (await (await fetch(`${origin}/_local/tokens`)).json()).admin;
  const start_time = new Date(Date.now() + 4000).toISOString().replace(/\.\d+/, "");
  const body = { teacher_email: "ada.teacher@school.example", student_emails: [], subject: SUBJECT, course_id: "newcomers", start_time, duration_minutes: 20, allow_conflicts: true };
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const answer = await fetch(`${origin}/api/schedule/class`, { method: "POST", headers, body: JSON.stringify(body) });
  assert.ok(answer.ok, await answer.clone().text());
}

await book();
await withBrowser(async (browser) => {
  const { page } = await pageOf(browser, "admin");
  await page.goto(`${origin}/live`);
  const lesson = page.getByRole("article", { name: SUBJECT });
  await lesson.waitFor({ timeout: 60_000 });
  const state = page.getByRole("status").filter({ hasText: /Connected|Polling|Stale/ });
  await state.getByText("Connected").waitFor({ timeout: 20_000 });

  process.kill(-Number(GATEWAY_GROUP), "SIGKILL");
  await state.getByText("Polling").waitFor({ timeout: 20_000 });
  await picture(page, "without-gateway");
  await state.getByText("Connected").waitFor({ timeout: BACK_WITHIN_MS });

  await page.context().route(`${origin}/api/**`, (route) => route.abort());
  const cut = Date.now();
  await state.getByText("Stale").waitFor({ timeout: STALE_WITHIN_MS });
  const [, since] = /Last read at (\d\d:\d\d:\d\d)/.exec(await state.textContent()) ?? [];
  const clock = (at) => new Date(at).toLocaleTimeString("en-GB", { timeZone: "Europe/Berlin" });
  assert.ok(since <= clock(cut + 3000) && since >= clock(cut - 15_000), `last read at ${since}, cut off at ${clock(cut)}`);
  assert.ok(await lesson.isVisible(), "what was read last stays");
  assert.equal(await page.getByText("No active attendance sessions").count(), 0, "no network is no empty school");
  await picture(page, "stale");
  await page.context().unroute(`${origin}/api/**`);
  await state.getByText("Connected").waitFor({ timeout: BACK_WITHIN_MS });
});

await withBrowser(async (browser) => {
  const { page, complaints } = await pageOf(browser, "teacher");
  await page.goto(`${origin}/sessions/${SESSION_ID}`);
  await page.getByRole("button", { name: "Correct the status of Cleo Clark" }).click();
  const form = page.getByRole("dialog", { name: "Correct the status of Cleo Clark" });
  await form.getByLabel("Reason").fill("Half a sentence about");
  await page.context().route(`${origin}/api/**`, (route) => route.fulfill({ status: 401, contentType: "application/problem+json", body: "{}" }));
  await form.getByRole("button", { name: "Correct", exact: true }).click();
  const again = page.getByRole("alertdialog");
  await again.getByText("Sign in again as ada.teacher@school.example").waitFor();
  await picture(page, "sign-in-again");
  await page.context().unroute(`${origin}/api/**`);
  await again.getByRole("button", { name: /^Teacher/ }).click();
  await again.waitFor({ state: "detached" });
  assert.equal(await form.getByLabel("Reason").inputValue(), "Half a sentence about");
  await form.getByRole("button", { name: "Cancel" }).click();
  assert.deepEqual(complaints.filter((text) => !text.includes("401")), []);
});
