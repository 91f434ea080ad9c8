// A newcomer signs in, books a class and watches it, with the mouse and what the page says; nothing else is known.
import assert from "node:assert/strict";

import { origin, pageOf, picture, play, withBrowser, ZONE } from "./browser.mjs";

const SOON_MS = 5000;
// What no frame tells, such as a second device of somebody who is there, comes with the next reading.
const NEXT_READING_MS = 15_000;

await withBrowser(async (browser) => {
  const { page, complaints } = await pageOf(browser, null);
  await page.goto(origin);
  await page.getByRole("button", { name: /^Administrator/ }).click();
  await page.getByRole("heading", { name: "Live" }).waitFor();

  await page.getByRole("link", { name: "Schedule" }).click();
  await page.getByRole("button", { name: "The week after" }).click();
  const sunday = page.getByRole("button", { name: /^New class on Sunday/ });
  const { width, height } = await sunday.boundingBox();
  const free = { x: width / 2, y: height * 0.3 };
  await sunday.hover({ position: free });
  const pointed = (await page.getByText(/^\+ \d\d:[03]0$/).textContent()).slice(2);
  await sunday.click({ position: free });
  assert.equal(await page.getByRole("dialog").getByLabel("Begins at").inputValue(), pointed);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "This week" }).click();
  await page.getByRole("button", { name: "Book a class" }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("button", { name: "Book a class" }).click();
  await form.getByText("Fill this in.").first().waitFor();
  await form.getByLabel("Subject").fill("Newcomer's class");
  await form.getByLabel("Course").fill("newcomers");
  assert.equal(await form.getByLabel("Teacher's e-mail").inputValue(), "ada.teacher@school.example", "the course brings its teacher");
  const [date, time] = new Date(Date.now() + 60_000).toLocaleString("sv-SE", { timeZone: ZONE }).split(" ");
  // Before midnight the form begins with tomorrow.
  await form.getByLabel("Date").fill(date);
  await form.getByLabel("Begins at").fill(time.slice(0, 5));
  assert.equal(await form.getByText("Fill this in.").count(), 0, "what the course brought is no longer missing");
  await form.getByLabel("Minutes").fill("30");
  await form.getByRole("button", { name: "Book a class" }).click();
  await page.getByRole("heading", { name: "Booked" }).waitFor();
  await page.getByRole("button", { name: "Copy the link" }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const code = link.replace("https://meet.google.com/", "");
  assert.match(code, /^[a-z]{3}-[a-z]{4}-[a-z]{3}$/);
  await page.getByRole("button", { name: "Done" }).click();

  await page.getByRole("link", { name: "Live" }).click();
  const lesson = page.getByRole("article", { name: "Newcomer's class" });
  await lesson.waitFor({ timeout: 120_000 });
  await page.getByText("Changes show as they happen.").waitFor({ timeout: 20_000 });
  await lesson.getByText("0 of 2 in the room").waitFor();

  const teacher = "ada.teacher@school.example";
  await play(`/meetings/${code}/join`, { email: teacher, display_name: "Ada Teacher", kind: "signed_in" });
  const ben = await play(`/meetings/${code}/join`, { email: "ben.student@school.example", display_name: "Ben", kind: "signed_in" });
  await lesson.getByText("1 of 2 in the room").waitFor({ timeout: SOON_MS });
  await play(`/meetings/${code}/join`, { email: "ben.student@school.example", display_name: "Ben", kind: "signed_in", device: "phone" });
  await lesson.getByText("1 on two devices").waitFor({ timeout: NEXT_READING_MS });
  const evil = "<img src=x onerror=alert(1)>";
  await play(`/meetings/${code}/join`, { display_name: evil, kind: "anonymous" });
  await lesson.getByText(evil).waitFor({ timeout: SOON_MS });
  assert.equal(await page.locator("img[src=x]").count(), 0, "a name is text");
  assert.match(await lesson.getByRole("img").first().getAttribute("aria-label"), /^In the room \d\d:\d\d to now/);
  await picture(page, "watching");
  await play(`/meetings/${code}/leave`, { device_session_id: ben.device_session_id });
  await lesson.getByText("1 on two devices").waitFor({ state: "detached", timeout: NEXT_READING_MS });

  await page.context().setOffline(true);
  await page.getByText("This device has no network").first().waitFor({ timeout: SOON_MS });
  await page.context().setOffline(false);
  await page.getByText("This device has no network").first().waitFor({ state: "detached", timeout: SOON_MS });
  assert.deepEqual(complaints.filter((text) => !text.includes("ERR_INTERNET_DISCONNECTED")), []);
});
